// SPDX-License-Identifier: Apache-2.0

import DER
package import X509

/// Which profile a certificate is meant to follow, as far as it shows that itself.
package enum CertificateKind: Hashable, Sendable {
  /// A Device Certificate.
  case device
  /// An Organisation Certificate.
  case organisation
  /// The certificate of a certification authority.
  case authority(AuthorityKind)
  /// An IKI Certificate of a system or person.
  case iki
  /// The TLS certificate of a test estate's server.
  case server
  /// A TLS certificate of the DCCKI: one end of a DCC Gateway Connection.
  case dccki

  /// Recognises the kind from the certificate alone, never from who issued it.
  ///
  /// An authority says so in basicConstraints or keyUsage; a device has no subject or is named as a
  /// hardware module; a server has its purpose; an end of a DCC Gateway Connection has both
  /// purposes of TLS and an organisation in O; an IKI Certificate names an organisation in O.
  package init(_ certificate: Certificate) {
    let tbs = certificate.tbs
    let constraints = try? tbs.extensions.value(of: BasicConstraints.self)
    let usage = try? tbs.extensions.value(of: KeyUsage.self)
    if constraints?.isAuthority == true || usage?.uses.contains(.keyCertSign) == true {
      self = .authority(Self.authority(tbs))
      return
    }
    let names = try? tbs.extensions.value(of: SubjectAltName.self)?.names
    let isHardware = names?.contains { if case .hardwareModule = $0 { true } else { false } }
    let purposes = try? tbs.extensions.value(of: ExtendedKeyUsage.self)?.purposes
    if tbs.subject.isEmpty || (isHardware == true && tbs.subject.uniqueIdentifier == nil) {
      self = .device
    } else if tbs.subject.organisation != nil, purposes.map(Set.init) == DCCKIProfile.purposes {
      self = .dccki
    } else if purposes?.contains(.serverAuthentication) == true {
      self = .server
    } else if tbs.subject.organisation != nil {
      self = .iki
    } else {
      self = .organisation
    }
  }

  private static func authority(_ tbs: TBSCertificate) -> AuthorityKind {
    let isRoot = tbs.issuer == tbs.subject
    if case .rsa = tbs.subjectPublicKeyInfo.key {
      guard tbs.subject.organisationalUnit == AuthorityName.dcckiUnit else {
        return isRoot ? .rootIKI : .issuingIKI
      }
      return isRoot ? .rootDCCKI : .issuingDCCKI
    }
    guard tbs.subject.values(of: .organisationalUnitName).isEmpty else {
      return isRoot ? .rootOCA : .issuingOCA
    }
    return isRoot ? .rootDCA : .issuingDCA
  }

  /// Whether keys and signatures are RSA, as in the IKI, the DCCKI and in TLS, and not elliptic.
  var isRSA: Bool {
    switch self {
    case .device, .organisation: false
    case .authority(let kind): kind.hierarchy.isRSA
    case .iki, .server, .dccki: true
    }
  }

  /// The authority that it is, or nil for an end entity.
  package var authorityKind: AuthorityKind? {
    if case .authority(let kind) = self { kind } else { nil }
  }
}
