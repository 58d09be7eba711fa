// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Keys
import Profiles
import SEC
import Testing
import X509

@Suite("The profiles against real certificates", .enabled(if: Samples.arePresent, Samples.absence))
struct SampleTests {
  /// The policy that the samples assert; no estate of ours may have it.
  static let policy: ObjectIdentifier = "1.2.826.0.1.8641679.1.2.1.4"

  /// The bytes that our profile makes of the values of a certificate.
  private func rebuilt(_ certificate: Certificate, issuer: Issuer) throws -> [UInt8] {
    let usage = try Some.value(certificate.tbs.extensions.value(of: KeyUsage.self))
    let tbs = OrganisationProfile(policy: Self.policy, issuer: issuer).toBeSigned(
      serial: try Some.value(SerialNumber(octets: certificate.serialNumber.content)),
      validity: Validity(
        notBefore: certificate.tbs.notBefore, notAfter: certificate.tbs.notAfter),
      subject: try OrganisationSubject(certificate.subject),
      usage: usage.uses == [.keyAgreement] ? .keyAgreement : .digitalSignature,
      key: try Some.value(
        SubjectPublicKeyInfo(
          p256Point: Some.value(certificate.tbs.subjectPublicKeyInfo.p256Point))))
    return Certificate.assemble(tbs: tbs.encoded(), signature: Array(certificate.signature))
  }

  private func verifies(_ certificate: Certificate, under authority: Certificate) throws -> Bool {
    let point = try Some.value(authority.tbs.subjectPublicKeyInfo.p256Point)
    return P256.verify(
      signature: certificate.signature, over: certificate.signedBytes, point: point) == .valid
  }

  @Test("25 of 33 verify under Z1; these are made byte for byte, the others never")
  func organisations() throws {
    let authority = try Samples.issuingAuthority()
    let issuer = try Some.value(Issuer(authority))
    #expect(Samples.organisationNames.count == 33)
    var verified = 0
    for name in Samples.organisationNames {
      let certificate = try Samples.certificate(name)
      let isOfZ1 = try verifies(certificate, under: authority)
      verified += isOfZ1 ? 1 : 0
      #expect(
        try (rebuilt(certificate, issuer: issuer) == certificate.encoded) == isOfZ1, "\(name)")
      let named = Issuer(
        name: certificate.issuer,
        keyIdentifier: certificate.authorityKeyIdentifier ?? issuer.keyIdentifier)
      #expect(try (rebuilt(certificate, issuer: named) == certificate.encoded) == isOfZ1, "\(name)")
    }
    #expect(verified == 25)
  }

  @Test(
    "issuing authority Z1 is made byte for byte",
    .clause("OCP-annex-B-issuing-key-usage", "OCP-annex-B-issuing-basic-constraints"))
  func issuingAuthority() throws {
    let certificate = try Samples.issuingAuthority()
    let profile = AuthorityProfile.issuingOCA(policy: Self.policy)
    let name = Name(
      [.organisationalUnit("07", .printable), .commonName("Z1", .printable)].compactMap(\.self))
    let root = Name(
      [.organisationalUnit("00", .printable), .commonName("ZA", .printable)].compactMap(\.self))
    let tbs = profile.toBeSigned(
      serial: try Some.value(SerialNumber(octets: certificate.serialNumber.content)),
      validity: profile.validity(from: certificate.tbs.notBefore),
      subject: name,
      key: try Some.value(
        SubjectPublicKeyInfo(
          p256Point: Some.value(certificate.tbs.subjectPublicKeyInfo.p256Point))),
      issuer: Issuer(
        name: root, keyIdentifier: try Some.value(certificate.authorityKeyIdentifier)))
    #expect(
      Certificate.assemble(tbs: tbs.encoded(), signature: Array(certificate.signature))
        == certificate.encoded)
  }

  @Test("the device certificate is made byte for byte, by profile and by template")
  func device() throws {
    let certificate = try Samples.certificate("test-device-00db1234567890a4.pem")
    let issuer = Issuer(
      name: certificate.issuer,
      keyIdentifier: try Some.value(certificate.authorityKeyIdentifier))
    let profile = DeviceProfile(policy: "1.2.826.0.1.1800000.1.2.1.4", issuer: issuer)
    let serial = try Some.value(SerialNumber(octets: certificate.serialNumber.content))
    let subject = DeviceSubject(
      device: EntityID(0x00DB_1234_5678_90A4), hardwareType: "1.2.826.0.1.8641679.1.2.2.1")
    let key = certificate.tbs.subjectPublicKeyInfo
    let general = profile.toBeSigned(
      serial: serial, notBefore: certificate.tbs.notBefore, subject: subject,
      usage: .keyAgreement, key: key
    ).encoded()
    let spliced = DeviceTemplate(profile).toBeSigned(
      serial: serial, notBefore: certificate.tbs.notBefore, subject: subject,
      usage: .keyAgreement, point: Array(try Some.value(key.p256Point)),
      keyIdentifier: KeyIdentifier(methodTwoOf: key))
    #expect(general == Array(certificate.signedBytes))
    #expect(spliced == Array(certificate.signedBytes))
  }

  @Test(
    "the device's request is read and proves possession",
    .clause("M8-AppF-device-csr", "C3-116-2"))
  func deviceRequest() throws {
    let request = try DeviceRequest(parsing: Samples.request())
    try request.checkPossession()
    #expect(request.device == EntityID(0x00DB_1234_5678_90A0))
    #expect(request.subject.hardwareType == "1.2.826.0.1.8641679.1.2.2.1")
    #expect(request.usage == .digitalSignature)
    #expect(request.point.count == 65)
  }
}
