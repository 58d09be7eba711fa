// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import Registration
import SEC
import X509

/// An issuing authority with its key at hand, and all that its certificates have in common.
struct Signer: Sendable {
  let authority: Int
  let hierarchy: Hierarchy
  let issuer: Issuer
  let key: any SigningKey
  private let check: SelfCheck
  private let profile: ProfileCheck
  private let algorithm: AlgorithmIdentifier
  private let device: DeviceTemplate
  private let organisation: OrganisationProfile
  private let iki: IKIProfile
  /// Nil unless the authority is of the DCCKI, whose policy its certificate names.
  private let dccki: DCCKIProfile?
  private let lifetimes: Lifetimes

  /// A signer for an authority of the estate.
  ///
  /// - Throws: `AuthorityError.keyNotOfCertificate` when the key is another than the certificate's.
  init(
    _ authority: IssuingAuthority, key: any SigningKey, estate: Estate, lifetimes: Lifetimes
  ) throws {
    guard let issuer = Issuer(authority.certificate),
      try authority.certificate.tbs.subjectPublicKeyInfo.publicKey() == key.publicKey
    else { throw AuthorityError.keyNotOfCertificate(authority.keyLabel) }
    self.authority = authority.id
    hierarchy = authority.hierarchy
    self.issuer = issuer
    self.key = key
    check = SelfCheck(key.publicKey)
    let algorithm: AlgorithmIdentifier =
      authority.hierarchy.isRSA ? .sha256WithRSA : .ecdsaWithSHA256
    self.algorithm = algorithm
    profile = ProfileCheck(
      estate: estate, issuer: authority.certificate, lifetimes: lifetimes, algorithm: algorithm)
    device = DeviceTemplate(DeviceProfile(estate: estate, issuer: issuer))
    organisation = OrganisationProfile(estate: estate, issuer: issuer)
    iki = IKIProfile(estate: estate, issuer: issuer)
    dccki =
      authority.hierarchy == .dccki
      ? (try? authority.certificate.tbs.extensions.value(of: CertificatePolicies.self))?
        .identifiers.first.map { DCCKIProfile(policy: $0, issuer: issuer) } : nil
    self.lifetimes = lifetimes
  }

  /// The to-be-signed certificate for a request and the moment at which it ends.
  ///
  /// - Throws: `AuthorityError.noPolicyInForce` for an authority of the DCCKI without a policy.
  func toBeSigned(
    _ request: PreparedCertificate.Request, serial: SerialNumber, at moment: Time
  ) throws -> (bytes: [UInt8], notAfter: Time) {
    switch request {
    case .device(let request):
      return (
        device.toBeSigned(serial: serial, notBefore: moment, request: request),
        .noWellDefinedExpiry
      )
    case .organisation(let request):
      let validity = Validity(from: moment, years: lifetimes.organisation)
      let tbs = organisation.toBeSigned(serial: serial, validity: validity, request: request)
      return (tbs.encoded(), validity.notAfter)
    case .iki(let request, _, _):
      let validity = Validity(from: moment, years: lifetimes.iki)
      let tbs = iki.toBeSigned(serial: serial, validity: validity, request: request)
      return (tbs.encoded(), validity.notAfter)
    case .dccki(let request):
      guard let dccki else { throw AuthorityError.noPolicyInForce(.dccki) }
      let validity = Validity(from: moment, years: lifetimes.dccki)
      let tbs = dccki.toBeSigned(
        serial: serial, validity: validity, subject: request.subject, names: request.names,
        key: request.key)
      return (tbs.encoded(), validity.notAfter)
    }
  }

  /// ENG-self-check: holds what was recorded against its profile, signs it, verifies what was
  /// signed, and compares it with what was recorded.
  ///
  /// - Returns: the whole certificates in DER, in their order.
  /// - Throws: `departs-from-profile`, `AuthorityError.badSignature`, or a failure of the key.
  func sign(_ items: [Recorded.Item]) throws -> [[UInt8]] {
    try profile.check(items)
    let all = items.map(\.toBeSigned)
    let signatures = try key.sign(all: all)
    guard signatures.count == all.count, check.areValid(signatures, over: all) else {
      throw AuthorityError.badSignature(authority)
    }
    return try zip(all, signatures).map(assemble)
  }

  private func assemble(_ toBeSigned: [UInt8], _ signature: [UInt8]) throws -> [UInt8] {
    let certificate = Certificate.assemble(
      tbs: toBeSigned, algorithm: algorithm, signature: signature)
    // The recorded bytes stand behind the certificate's own tag and length.
    let header = 2 + (certificate[1] < 0x80 ? 0 : Int(certificate[1] & 0x7F))
    guard certificate[header...].starts(with: toBeSigned) else {
      throw AuthorityError.badSignature(authority)
    }
    return certificate
  }
}
