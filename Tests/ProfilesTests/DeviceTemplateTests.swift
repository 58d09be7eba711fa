// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Profiles
import SEC
import Testing
import X509

@Suite("Device template")
struct DeviceTemplateTests {
  /// Random but valid values; the point need not lie on the curve to be encoded.
  private struct Values {
    let serial: SerialNumber
    let notBefore: Time
    let subject: DeviceSubject
    let usage: CertificateUsage
    let point: [UInt8]

    init(_ random: inout SeededRandom) throws {
      serial = try random.serial()
      // Both sides of 2050, where the form of the time changes.
      notBefore = Time(milliseconds: Int64.random(in: 0...8_000_000_000_000, using: &random))
      subject = DeviceSubject(
        device: EntityID(random.next()), hardwareType: try random.objectIdentifier())
      usage = random.next() & 1 == 0 ? .digitalSignature : .keyAgreement
      point = [4] + random.bytes(64)
    }
  }

  private func issuer(_ random: inout SeededRandom) throws -> Issuer {
    let count = Int.random(in: 1...4, using: &random)
    let text = String(decoding: random.bytes(count).map { 0x41 + $0 % 26 }, as: UTF8.self)
    let name = try Some.value(Name.Attribute.commonName(text, .printable))
    return Issuer(
      name: Name([name]), keyIdentifier: try Some.value(KeyIdentifier(random.bytes(8))))
  }

  @Test(
    "makes the same octets as the general encoder, for 100 authorities with 100 devices each",
    .clause("DCP-annex-B-version", "DCP-annex-B-no-others"), arguments: [1, 20_260_101])
  func equality(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<100 {
      let profile = DeviceProfile(
        policy: try random.objectIdentifier(), issuer: try issuer(&random))
      let template = DeviceTemplate(profile)
      for _ in 0..<100 {
        let values = try Values(&random)
        let key = try Some.value(SubjectPublicKeyInfo(p256Point: values.point[...]))
        let general = profile.toBeSigned(
          serial: values.serial, notBefore: values.notBefore, subject: values.subject,
          usage: values.usage, key: key
        ).encoded()
        let spliced = template.toBeSigned(
          serial: values.serial, notBefore: values.notBefore, subject: values.subject,
          usage: values.usage, point: values.point,
          keyIdentifier: KeyIdentifier(methodTwoOf: values.point))
        guard spliced == general else {
          Issue.record("seed \(seed): \(Hex.encode(spliced)) is not \(Hex.encode(general))")
          return
        }
      }
    }
  }

  @Test("the longest hardware type and policy have lengths of one octet each")
  func longest() throws {
    let long = try Some.value(
      ObjectIdentifier(content: ([UInt8](repeating: 0x81, count: 62) + [1])[...])
        ?? ObjectIdentifier("1.2." + String(repeating: "9223372036854775807.", count: 6) + "5"))
    var random = SeededRandom(seed: 3)
    let profile = DeviceProfile(policy: long, issuer: try issuer(&random))
    let values = try Values(&random)
    let subject = DeviceSubject(device: values.subject.device, hardwareType: long)
    let spliced = DeviceTemplate(profile).toBeSigned(
      serial: values.serial, notBefore: values.notBefore, subject: subject, usage: values.usage,
      point: values.point, keyIdentifier: KeyIdentifier(methodTwoOf: values.point))
    let key = try Some.value(SubjectPublicKeyInfo(p256Point: values.point[...]))
    #expect(
      spliced
        == profile.toBeSigned(
          serial: values.serial, notBefore: values.notBefore, subject: subject,
          usage: values.usage, key: key
        ).encoded())
  }
}

@Suite("Serial number")
struct SerialNumberTests {
  @Test(
    "has 16 octets, the first 01 to 7F", .clause("GBCS-12.1-9"),
    arguments: [
      (16, 0x40, true), (16, 0x01, true), (16, 0x7F, true), (16, 0x00, false), (16, 0x80, false),
      (15, 0x40, false), (17, 0x40, false),
    ])
  func form(count: Int, first: UInt8, isGood: Bool) {
    let octets = [first] + [UInt8](repeating: 0xFF, count: count - 1)
    #expect((SerialNumber(octets: octets) != nil) == isGood)
  }

  @Test("is shown as 32 upper-case digits")
  func text() throws {
    let serial = try Some.value(SerialNumber(octets: Array(0x71...0x7F) + [0xAB]))
    #expect(serial.description == "7172737475767778797A7B7C7D7E7FAB")
  }
}
