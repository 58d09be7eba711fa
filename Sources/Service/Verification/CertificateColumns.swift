// SPDX-License-Identifier: Apache-2.0

import DER
import Profiles
import Records
import Repository
import SEC
import X509

/// What the Repository finds a certificate by, as the certificate itself says it.
struct CertificateColumns: Hashable, Sendable {
  let serial: [UInt8]
  let kind: CertificateClass?
  let entity: [UInt8]?
  let keyIdentifier: [UInt8]
  let usage: CertificateUsage?
  let role: RoleCode?
  let notBefore, notAfter: Time

  init(_ certificate: Certificate) {
    let tbs = certificate.tbs
    serial = Array(certificate.serialNumber.magnitude)
    kind = Self.kind(certificate)
    keyIdentifier = KeyIdentifier(methodTwoOf: tbs.subjectPublicKeyInfo).octets
    (notBefore, notAfter) = (tbs.notBefore, tbs.notAfter)
    switch kind {
    case .device:
      let names = (try? tbs.extensions.value(of: SubjectAltName.self))?.names ?? []
      if case .hardwareModule(let name)? = names.first {
        entity = Array(name.serialNumber)
      } else {
        entity = nil
      }
      (role, usage) = (nil, Self.usage(tbs))
    case .organisation:
      entity = tbs.subject.uniqueIdentifier
      role = tbs.subject.organisationalUnit.flatMap { RoleCode(hex: $0) }
      usage = Self.usage(tbs)
    case .dca, .oca, .ikiAuthority, .iki, .dcckiAuthority, .dccki, nil:
      (entity, role, usage) = (nil, nil, nil)
    }
  }

  /// The same as a row of certificates has it.
  var values: [(String, SQL.Value)] {
    [
      ("serial", .blob(serial)),
      ("kind", kind.map { .text($0.rawValue) } ?? .null),
      ("entity", entity.map { .blob($0) } ?? .null),
      ("key_identifier", .blob(keyIdentifier)),
      ("usage", usage.map { .text($0.rawValue) } ?? .null),
      ("role", role.map { .int(Int64($0.value)) } ?? .null),
      ("not_after", .int(notAfter.milliseconds)),
    ]
  }

  private static func kind(_ certificate: Certificate) -> CertificateClass? {
    switch CertificateKind(certificate) {
    case .device: .device
    case .organisation: .organisation
    case .iki: .iki
    case .dccki: .dccki
    case .authority(let kind):
      switch kind.hierarchy {
      case .device: .dca
      case .organisation: .oca
      case .iki: .ikiAuthority
      case .dccki: .dcckiAuthority
      }
    case .server: nil
    }
  }

  private static func usage(_ tbs: TBSCertificate) -> CertificateUsage? {
    switch (try? tbs.extensions.value(of: KeyUsage.self))?.uses {
    case [.digitalSignature]?: .digitalSignature
    case [.keyAgreement]?: .keyAgreement
    default: nil
    }
  }
}
