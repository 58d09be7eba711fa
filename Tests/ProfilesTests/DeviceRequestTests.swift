// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Keys
import Profiles
import SEC
import Testing
import X509

@Suite("Device request")
struct DeviceRequestTests {
  /// Reads a changed request, once as a request and once as a linter would.
  private func read(_ change: (inout RequestDraft) throws -> Void) throws -> DeviceRequest {
    var draft = try RequestDraft.device()
    try change(&draft)
    return try DeviceRequest(parsing: draft.encoded())
  }

  @Test(
    "a request of the profile is read and proves possession",
    .clause("M8-AppF-device-csr", "C3-116-2"))
  func good() throws {
    let request = try read { _ in }
    try request.checkPossession()
    #expect(request.device == EntityID(0x00DB_1234_5678_90A4))
    #expect(request.subject.hardwareType == RequestDraft.hardwareType)
    #expect(request.usage == .digitalSignature)
    #expect(request.requestHash == Digest.sha256(request.request.encoded))
    #expect(Lint.findings(request: request.request) == [])
  }

  @Test("keyAgreement is the other usage", .clause("GBCS-12.1-12"))
  func agreement() throws {
    #expect(try read { $0.put(KeyUsage([.keyAgreement])) }.usage == .keyAgreement)
  }

  @Test("the criticality of the extensions is not looked at", .clause("M8-2.3-criticality"))
  func criticality() throws {
    let request = try read { draft in
      draft.extensions = draft.extensions.map {
        Extension($0.identifier, isCritical: false, value: Array($0.value))
      }
    }
    try request.checkPossession()
    #expect(request.usage == .digitalSignature)
  }

  @Test(
    "anything but one PKCS#10 structure is refused", .clause("M8-2.2"),
    arguments: ["empty", "short", "more", "version 1", "certificate"])
  func malformed(what: String) throws {
    var der = try RequestDraft.device().encoded()
    switch what {
    case "empty": der = []
    case "short": der.removeLast()
    case "more": der.append(0)
    case "version 1":
      let version = try #require(der.firstIndex(of: 0x02))
      der[version + 2] = 1
    default: der = try Making.certificate(Making.deviceTBS(), by: Making.elliptic.get()).encoded
    }
    #expect(throws: Refusal.malformedRequest("", at: 0)) { try DeviceRequest(parsing: der) }
  }

  @Test("a subject is refused", .clause("M8-AppF-device-csr"))
  func subject() throws {
    #expect(throws: Refusal.subjectNotEmpty(found: "")) {
      try read { $0.subject = try RequestDraft.name(.commonName("meter")) }
    }
  }

  @Test("a request without key usage is refused", .clause("M8-AppF-device-csr"))
  func usageMissing() throws {
    #expect(throws: Refusal.keyUsageMissing(.device)) { try read { $0.drop(.keyUsage) } }
    #expect(throws: Refusal.keyUsageMissing(.device)) { try read { $0.extensions = [] } }
  }

  @Test(
    "any usage but exactly one of the two is refused", .clause("GBCS-12.1-12"),
    arguments: [
      [.digitalSignature, .keyAgreement], [.nonRepudiation], [.keyCertSign],
      [.digitalSignature, .nonRepudiation], [.keyAgreement, .decipherOnly],
    ] as [Set<KeyUsage.Use>])
  func usage(uses: Set<KeyUsage.Use>) throws {
    #expect(throws: Refusal.keyUsageNotOne(.device, found: "")) {
      try read { $0.put(KeyUsage(uses)) }
    }
  }

  @Test("a key usage that cannot be read is refused", .clause("GBCS-12.1-12"))
  func usageUnreadable() throws {
    #expect(throws: Refusal.keyUsageNotOne(.device, found: "")) {
      try read {
        $0.drop(.keyUsage)
        $0.extensions.append(Extension(.keyUsage, isCritical: true, value: [0x03, 0x01, 0x00]))
      }
    }
  }

  @Test(
    "one hardwareModuleName with eight octets names the device",
    .clause("DCP-annex-B-subject-alt-name"))
  func alternativeName() throws {
    let name = RequestDraft.hardware([UInt8](repeating: 1, count: 8))
    #expect(throws: Refusal.subjectAltNameMissing()) { try read { $0.drop(.subjectAltName) } }
    #expect(throws: Refusal.subjectAltNameForm(found: "")) {
      try read { $0.put(SubjectAltName([name, name])) }
    }
    #expect(throws: Refusal.subjectAltNameForm(found: "")) {
      try read { $0.put(SubjectAltName([.iPAddress([1, 2, 3, 4])])) }
    }
    #expect(throws: Refusal.subjectAltNameForm(found: "")) {
      try read {
        $0.drop(.subjectAltName)
        $0.extensions.append(Extension(.subjectAltName, isCritical: true, value: [0x30, 0x00]))
      }
    }
    #expect(
      try read { $0.put(SubjectAltName([name])) }.device == EntityID(0x0101_0101_0101_0101))
  }

  @Test(
    "the serial number of the hardware has eight octets",
    .clause("DCP-annex-B-subject-alt-name"),
    arguments: [(0, false), (7, false), (8, true), (9, false), (16, false)])
  func hardwareSerial(count: Int, isGood: Bool) throws {
    let name = RequestDraft.hardware([UInt8](repeating: 9, count: count))
    let read = { try self.read { $0.put(SubjectAltName([name])) } }
    if isGood {
      #expect(try read().device == EntityID(0x0909_0909_0909_0909))
    } else {
      #expect(throws: Refusal.hardwareSerialLength(count)) { try read() }
    }
  }

  @Test(
    "nobody's and everybody's identifier name no device",
    .clause("DCP-annex-B-subject-alt-name"),
    arguments: [(0, false), (1, true), (0xFE, true), (0xFF, false)] as [(UInt8, Bool)])
  func reservedIdentifier(octet: UInt8, isGood: Bool) throws {
    let name = RequestDraft.hardware([UInt8](repeating: octet, count: 8))
    let read = { try self.read { $0.put(SubjectAltName([name])) } }
    let device = EntityID(UInt64(octet) &* 0x0101_0101_0101_0101)
    if isGood {
      #expect(try read().device == device)
    } else {
      #expect(throws: Refusal.deviceIdentifierReserved(device)) { try read() }
    }
  }

  @Test(
    "a key on another curve, compressed, hybrid, too long or of another algorithm is refused",
    .clause("GBCS-12.1-2"))
  func keyForm() throws {
    let point = try Some.value(RequestDraft.device().key.p256Point)
    let p384 = AlgorithmIdentifier(
      .ecPublicKey, parameters: Writer.write { $0.objectIdentifier("1.3.132.0.34") })
    #expect(throws: Refusal.publicKeyCurve(found: "")) {
      try read { $0.key = try RequestDraft.key(p384, [4] + [UInt8](repeating: 1, count: 96)) }
    }
    #expect(throws: Refusal.publicKeyCurve(found: "")) {
      try read { $0.key = try RequestDraft.key(AlgorithmIdentifier(.ecPublicKey), Array(point)) }
    }
    let compressed = [2 + (try #require(point.last) & 1)] + point.dropFirst().prefix(32)
    #expect(throws: Refusal.publicKeyCompressed()) {
      try read { $0.key = try RequestDraft.key(.p256Key, compressed) }
    }
    #expect(throws: Refusal.publicKeyForm(.device, found: "")) {
      try read { $0.key = try RequestDraft.key(.p256Key, [6] + point.dropFirst()) }
    }
    #expect(throws: Refusal.publicKeyForm(.device, found: "")) {
      try read { $0.key = try RequestDraft.key(.p256Key, point + [0]) }
    }
    #expect(throws: Refusal.publicKeyAlgorithm(.device, found: "")) {
      try read { $0.key = try Making.information(Making.rsa.get()) }
    }
    #expect(throws: Refusal.publicKeyAlgorithm(.device, found: "")) {
      try read { $0.key = try #require(SubjectPublicKeyInfo(ed25519: Array(point.suffix(32)))) }
    }
    #expect(throws: Refusal.publicKeyAlgorithm(.device, found: "")) {
      try read { $0.key = try RequestDraft.key(AlgorithmIdentifier("1.2.3"), Array(point)) }
    }
    #expect(
      try read { $0.key = try RequestDraft.key(.p256Key, Array(point)) }.point == Array(point))
  }

  @Test("a point off the curve is told apart from a bad signature", .clause("GBCS-12.1-2"))
  func offCurve() throws {
    var point = Array(try Some.value(RequestDraft.device().key.p256Point))
    point[64] ^= 1
    let request = try read { $0.key = try #require(SubjectPublicKeyInfo(p256Point: point[...])) }
    #expect(throws: Refusal.publicKeyNotOnCurve()) { try request.checkPossession() }
    #expect(Lint.findings(request: request.request).map(\.rule) == ["public-key-not-on-curve"])
  }

  @Test("a signature by another key proves nothing", .clause("C3-116-2", "OCP-possession"))
  func possession() throws {
    let request = try read { $0.signer = try Making.otherElliptic.get() }
    #expect(throws: Refusal.possessionNotProven()) { try request.checkPossession() }
    #expect(Lint.findings(request: request.request).map(\.rule) == ["possession-not-proven"])
  }

  @Test(
    "the signature is ecdsa-with-SHA256 without parameters",
    .clause("GBCS-12.1-3", "RFC5758-3.2"))
  func signatureAlgorithm() throws {
    #expect(throws: Refusal.signatureAlgorithm(.device, found: "")) {
      try read { $0.algorithm = AlgorithmIdentifier("1.2.840.10045.4.3.3") }
    }
    #expect(throws: Refusal.signatureAlgorithm(.device, found: "")) {
      try read { $0.algorithm = .sha256WithRSA }
    }
    #expect(throws: Refusal.signatureParameters(.device)) {
      try read { $0.algorithm = AlgorithmIdentifier(.ecdsaWithSHA256, parameters: [5, 0]) }
    }
  }

  @Test("other attributes and extensions are refused, not dropped", .clause("M8-AppF-device-csr"))
  func others() throws {
    #expect(throws: Refusal.attributeNotInProfile(.device, found: "")) {
      try read {
        $0.otherAttributes = [
          CertificationRequest.Attribute("1.2.840.113549.1.9.7", values: [[0x0C, 1, 0x41]])
        ]
      }
    }
    #expect(throws: Refusal.extensionNotInProfile(.device, found: "")) {
      try read { $0.put(BasicConstraints.endEntity) }
    }
    #expect(throws: Refusal.extensionNotInProfile(.device, found: "")) {
      try read { $0.put(CertificatePolicies("1.2.3")) }
    }
  }

  @Test("the linter finds every fault of a request, not the first alone")
  func everyFault() throws {
    var draft = try RequestDraft.device()
    draft.subject = try RequestDraft.name(.commonName("meter"))
    draft.put(KeyUsage([.nonRepudiation]))
    draft.put(BasicConstraints.endEntity)
    draft.signer = try Making.otherElliptic.get()
    let request = try CertificationRequest(parsing: draft.encoded())
    #expect(
      Lint.findings(request: request).map(\.rule) == [
        "subject-not-empty", "extension-not-in-profile", "key-usage-not-one",
        "possession-not-proven",
      ])
  }
}
