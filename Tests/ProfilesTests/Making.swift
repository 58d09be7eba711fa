// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import SEC
import Testing
import X509

/// Keys, authorities and certificates made for a test; keys are new in each run, values are not.
struct Making {
  static let estate = Estate(
    kind: .test, name: "profile tests", devicePolicy: "1.2.826.0.1.99.1",
    organisationPolicy: "1.2.826.0.1.99.2", ikiPolicy: "1.2.826.0.1.99.3")
  static let live = Estate(
    kind: .live, name: "not a test", devicePolicy: "1.2.826.0.1.99.4",
    organisationPolicy: "1.2.826.0.1.99.5", ikiPolicy: "1.2.826.0.1.99.6")
  static let now = Time(seconds: 1_790_000_000)

  /// One key pair of each kind for all tests; RSA takes a tenth of a second.
  static let elliptic = Result { try SoftwareKey.generate(.p256) }
  static let otherElliptic = Result { try SoftwareKey.generate(.p256) }
  static let rsa = Result { try SoftwareKey.generate(.rsa2048) }

  static func information(_ key: SoftwareKey) throws -> SubjectPublicKeyInfo {
    switch key.publicKey {
    case .p256(let key): try #require(SubjectPublicKeyInfo(p256Point: key.point[...]))
    case .rsa(let key): SubjectPublicKeyInfo(rsaModulus: key.modulus, exponent: key.exponent)
    case .ed25519(let octets): try #require(SubjectPublicKeyInfo(ed25519: octets))
    }
  }

  static func serial(_ last: UInt8 = 1) throws -> SerialNumber {
    try #require(SerialNumber(octets: [0x40] + [UInt8](repeating: 0, count: 14) + [last]))
  }

  /// A certificate of these values, signed by a key.
  static func certificate(
    _ tbs: TBSCertificate, by key: SoftwareKey
  ) throws -> Certificate {
    let bytes = tbs.encoded()
    return try Certificate(
      parsing: Certificate.assemble(
        tbs: bytes, algorithm: tbs.signatureAlgorithm, signature: key.sign(bytes)))
  }

  /// The certificate of a root with one key for everything.
  static func root(_ kind: AuthorityKind) throws -> Certificate {
    let key = try kind.hierarchy.isRSA ? rsa.get() : elliptic.get()
    let profile: AuthorityProfile =
      switch kind {
      case .rootOCA:
        .rootOCA(WrappedContingencyKey(octets: [UInt8](repeating: 0xC0, count: 104)))
      case .rootIKI: .rootIKI
      case .rootDCCKI: .rootDCCKI
      default: .rootDCA
      }
    let tbs = profile.toBeSigned(
      serial: try serial(), validity: profile.validity(from: now),
      subject: try AuthorityName("T0", for: kind, in: estate).name, key: try information(key))
    return try certificate(tbs, by: key)
  }

  /// The certificate of an issuing authority below its root, its key the same as the root's.
  static func issuing(_ kind: AuthorityKind) throws -> Certificate {
    let key = try kind.hierarchy.isRSA ? rsa.get() : elliptic.get()
    let (profile, root): (AuthorityProfile, AuthorityKind) =
      switch kind {
      case .issuingOCA: (.issuingOCA(policy: estate.organisationPolicy), .rootOCA)
      case .issuingIKI: (.issuingIKI(policy: estate.ikiPolicy), .rootIKI)
      case .issuingDCCKI: (.issuingDCCKI(policy: "1.2.826.0.1.99.4"), .rootDCCKI)
      default: (.issuingDCA(policy: estate.devicePolicy), .rootDCA)
      }
    let tbs = profile.toBeSigned(
      serial: try serial(2), validity: profile.validity(from: now),
      subject: try AuthorityName("T1", for: kind, in: estate).name, key: try information(key),
      issuer: try #require(Issuer(Self.root(root))))
    return try certificate(tbs, by: key)
  }

  static func deviceTBS() throws -> TBSCertificate {
    let issuer = try #require(Issuer(issuing(.issuingDCA)))
    return DeviceProfile(estate: estate, issuer: issuer).toBeSigned(
      serial: try serial(3), notBefore: now,
      subject: DeviceSubject(device: EntityID(0x00DB_0000_0000_0001), hardwareType: "1.2.826.0.7"),
      usage: .keyAgreement, key: try information(otherElliptic.get()))
  }

  static func organisationTBS() throws -> TBSCertificate {
    let issuer = try #require(Issuer(issuing(.issuingOCA)))
    return OrganisationProfile(estate: estate, issuer: issuer).toBeSigned(
      serial: try serial(4), validity: Validity(from: now, years: 10),
      subject: try OrganisationSubject(
        commonName: "SUPPLIER", role: .supplier, identifier: EntityID(0x90B3_D51F_3001_0000)),
      usage: .digitalSignature, key: try information(otherElliptic.get()))
  }

  static func ikiTBS() throws -> TBSCertificate {
    let issuer = try #require(Issuer(issuing(.issuingIKI)))
    return IKIProfile(estate: estate, issuer: issuer).toBeSigned(
      serial: try serial(5), validity: Validity(from: now, years: 10),
      subject: try IKISubject(
        organisation: "Supplier Ltd", role: .supplier, commonName: "head end 1"),
      key: try information(rsa.get()))
  }

  static func dcckiTBS() throws -> TBSCertificate {
    let issuer = try #require(Issuer(issuing(.issuingDCCKI)))
    return DCCKIProfile(policy: "1.2.826.0.1.99.4", issuer: issuer).toBeSigned(
      serial: try serial(7), validity: Validity(from: now, years: 2),
      subject: try IKISubject(
        organisation: "Supplier Ltd", role: .supplier, commonName: "gateway 1"),
      names: [try #require(GeneralName.host("gateway.example"))], key: try information(rsa.get()))
  }

  static func serverTBS() throws -> TBSCertificate {
    let issuer = try #require(Issuer(root(.rootIKI)))
    return ServerProfile(issuer: issuer).toBeSigned(
      serial: try serial(6), validity: Validity(from: now, years: 1),
      subject: Name([Name.Attribute.commonName("localhost")].compactMap(\.self)),
      key: try information(rsa.get()))
  }
}
