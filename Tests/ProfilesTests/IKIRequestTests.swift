// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Keys
import Profiles
import SEC
import Testing
import X509

@Suite("IKI request")
struct IKIRequestTests {
  private func read(_ change: (inout RequestDraft) throws -> Void) throws -> IKIRequest {
    var draft = try RequestDraft.iki()
    try change(&draft)
    return try IKIRequest(parsing: draft.encoded())
  }

  @Test("a request of the profile is read and proves possession", .clause("M8-AppG-iki-csr"))
  func good() throws {
    let request = try read { _ in }
    try request.checkPossession()
    #expect(request.subject.organisation == "Supplier Ltd")
    #expect(request.subject.role == .supplier)
    #expect(request.subject.commonName == "head end 1")
    #expect(request.publicKey.modulus.count == 256)
    #expect(Lint.findings(request: request.request) == [])
  }

  @Test("the attributes of the subject may stand in any order", .clause("ICP-subject"))
  func order() throws {
    let request = try read {
      $0.subject = try RequestDraft.name(
        .commonName("head end 1"), .organisationalUnit("02"), .organisation("Supplier Ltd"))
    }
    #expect(request.subject == (try read { _ in }.subject))
  }

  @Test("a missing or repeated attribute is refused", .clause("ICP-subject"))
  func subjectForm() throws {
    let names = [
      Name.empty, try RequestDraft.name(.organisation("A"), .organisationalUnit("02")),
      try RequestDraft.name(.organisation("A"), .commonName("A"), .commonName("B")),
      try RequestDraft.name(
        .organisation("A"), .organisationalUnit("02"), .commonName("A"), .commonName("B")),
      try RequestDraft.name(
        .organisation("A"), .organisationalUnit("02"), .organisationalUnit("02"),
        .commonName("A")),
      try RequestDraft.name(
        .organisation("A"), .commonName("A"),
        Name.Attribute(.countryName, .string(Some.value(CharacterString("GB", .printable))))),
    ]
    for name in names {
      #expect(throws: Refusal.subjectForm(.iki, expected: "", found: ""), "\(name)") {
        try read { $0.subject = name }
      }
    }
    #expect(throws: Refusal.roleCodeForm(.iki, found: "")) {
      try read {
        $0.subject = try RequestDraft.name(
          .organisation("A"), .organisationalUnit("supplier"), .commonName("A"))
      }
    }
  }

  @Test(
    "names have 1 to 64 characters", .clause("ICP-subject"),
    arguments: [(0, false), (1, true), (64, true), (65, false)])
  func names(count: Int, isGood: Bool) throws {
    let text = String(repeating: "x", count: count)
    if isGood {
      let subject = try IKISubject(organisation: text, role: .other, commonName: text)
      #expect(subject.name.organisation == text && subject.name.commonName == text)
    } else {
      #expect(throws: Refusal.systemName(field: "", found: "")) {
        try IKISubject(organisation: text, role: .other, commonName: "x")
      }
      #expect(throws: Refusal.systemName(field: "", found: "")) {
        try IKISubject(organisation: "x", role: .other, commonName: text)
      }
    }
  }

  @Test("a name with a NUL is refused", .clause("ICP-subject"))
  func nul() throws {
    #expect(throws: Refusal.systemName(field: "", found: "")) {
      try IKISubject(organisation: "A", role: .other, commonName: "head\0end")
    }
  }

  @Test("the key is RSA of 2048 bits with an odd exponent", .clause("ICP-key"))
  func key() throws {
    let good = try read { _ in }.publicKey
    #expect(throws: Refusal.publicKeyAlgorithm(.iki, found: "")) {
      try read { $0.key = try Making.information(Making.elliptic.get()) }
    }
    let long = [0xC0] + [UInt8](repeating: 1, count: 383)
    for (modulus, exponent) in [
      (Array(good.modulus.dropLast()), good.exponent), (long, good.exponent),
      (good.modulus, [1, 0, 0]),
    ] {
      #expect(throws: Refusal.publicKeyForm(.iki, found: "")) {
        try read { $0.key = SubjectPublicKeyInfo(rsaModulus: modulus, exponent: exponent) }
      }
    }
    let noNull = try RequestDraft.key(
      AlgorithmIdentifier(.rsaEncryption), [0x30, 0x06, 0x02, 0x01, 0x03, 0x02, 0x01, 0x03])
    #expect(throws: Refusal.publicKeyForm(.iki, found: "")) { try read { $0.key = noNull } }
  }

  @Test("the usage is digitalSignature alone", .clause("ICP-key-usage"))
  func usage() throws {
    #expect(throws: Refusal.keyUsageNotOne(.iki, found: "")) {
      try read { $0.put(KeyUsage([.keyAgreement])) }
    }
    #expect(throws: Refusal.keyUsageNotOne(.iki, found: "")) {
      try read { $0.put(KeyUsage([.digitalSignature, .keyEncipherment])) }
    }
    #expect(throws: Refusal.keyUsageMissing(.iki)) { try read { $0.extensions = [] } }
  }

  @Test("the signature is RSA with SHA-256 and parameters NULL", .clause("ICP-signature"))
  func signatureAlgorithm() throws {
    #expect(throws: Refusal.signatureAlgorithm(.iki, found: "")) {
      try read { $0.algorithm = AlgorithmIdentifier("1.2.840.113549.1.1.5", parameters: [5, 0]) }
    }
    #expect(throws: Refusal.signatureParameters(.iki)) {
      try read { $0.algorithm = AlgorithmIdentifier(.sha256WithRSA) }
    }
  }

  @Test("a changed request proves nothing", .clause("C3-116-2"))
  func possession() throws {
    var der = try RequestDraft.iki().encoded()
    let text = Array("head end 1".utf8)
    let start = try #require(der.indices.first { der[$0...].starts(with: text) })
    der[start] = UInt8(ascii: "d")
    let request = try IKIRequest(parsing: der)
    #expect(request.subject.commonName == "dead end 1")
    #expect(throws: Refusal.possessionNotProven()) { try request.checkPossession() }
  }
}
