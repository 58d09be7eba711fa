// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Profiles
import SEC
import Testing
import X509

@Suite("Organisation request")
struct OrganisationRequestTests {
  private func read(_ change: (inout RequestDraft) throws -> Void) throws -> OrganisationRequest {
    var draft = try RequestDraft.organisation()
    try change(&draft)
    return try OrganisationRequest(parsing: draft.encoded())
  }

  private static let identifier = Name.Attribute.uniqueIdentifier([1, 2, 3, 4, 5, 6, 7, 8])

  @Test(
    "a request of the profile is read and proves possession", .clause("M8-AppF-organisation-csr"))
  func good() throws {
    let request = try read { _ in }
    try request.checkPossession()
    #expect(request.subject.commonName == "GITTESTSUPPLIER")
    #expect(request.subject.role == .supplier)
    #expect(request.subject.identifier == EntityID(0x90B3_D51F_3001_0000))
    #expect(request.usage == .digitalSignature)
    #expect(request.requestHash.count == 32)
    #expect(request.subject.name == request.request.subject)
    #expect(Lint.findings(request: request.request) == [])
  }

  @Test("the common name may be left out", .clause("OCP-annex-B-subject-order"))
  func withoutCommonName() throws {
    let request = try read {
      $0.subject = try RequestDraft.name(.organisationalUnit("7F"), Self.identifier)
    }
    #expect(request.subject.commonName == nil)
    #expect(request.subject.role == .other)
  }

  @Test(
    "other orders, attributes and RDNs of the subject are refused",
    .clause("OCP-annex-B-subject-order"))
  func subjectForm() throws {
    let names = [
      Name.empty, try RequestDraft.name(Self.identifier, .organisationalUnit("02")),
      try RequestDraft.name(.organisationalUnit("02")), try RequestDraft.name(Self.identifier),
      try RequestDraft.name(.organisationalUnit("02"), Self.identifier, .commonName("A")),
      try RequestDraft.name(
        .organisation("A"), .commonName("A"), .organisationalUnit("02"), Self.identifier),
      try RequestDraft.name(
        .organisationalUnit("02"), .organisationalUnit("02"), Self.identifier),
      Name([
        Name.Attribute(.commonName, .bits(BitString([1]))),
        try #require(.organisationalUnit("02")), Self.identifier,
      ]),
    ]
    for name in names {
      #expect(throws: Refusal.subjectForm(.organisation, expected: "", found: ""), "\(name)") {
        try read { $0.subject = name }
      }
    }
  }

  @Test(
    "a common name has 1 to 16 characters", .clause("OCP-annex-B-subject-cn"),
    arguments: [(0, false), (1, true), (16, true), (17, false)])
  func commonName(count: Int, isGood: Bool) throws {
    let text = String(repeating: "É", count: count)
    if isGood {
      #expect(
        try OrganisationSubject(commonName: text, role: .supplier, identifier: EntityID(1))
          .name.commonName == text)
    } else {
      #expect(throws: Refusal.commonNameLength(count)) {
        try OrganisationSubject(commonName: text, role: .supplier, identifier: EntityID(1))
      }
    }
  }

  @Test(
    "a common name is a supplier's, for signing", .clause("OCP-annex-B-subject-cn"),
    arguments: [
      ("02", KeyUsage.Use.digitalSignature, true), ("02", .keyAgreement, false),
      ("03", .digitalSignature, false),
    ])
  func commonNameOf(role: String, usage: KeyUsage.Use, isGood: Bool) throws {
    func read(_ commonName: Name.Attribute?) throws -> OrganisationRequest {
      try self.read { draft in
        let others = [try #require(Name.Attribute.organisationalUnit(role)), Self.identifier]
        draft.subject = Name([commonName].compactMap(\.self) + others)
        draft.put(KeyUsage([usage]))
      }
    }
    _ = try read(nil)
    if isGood {
      #expect(try read(.commonName("A")).subject.commonName == "A")
    } else {
      #expect(throws: Refusal.commonNameNotInProfile(RoleCode(2), .keyAgreement)) {
        try read(.commonName("A"))
      }
    }
  }

  @Test("a common name with a NUL is refused", .clause("OCP-annex-B-subject-cn"))
  func nul() throws {
    #expect(throws: Refusal.commonNameLength(3)) {
      try OrganisationSubject(commonName: "A\0B", role: .supplier, identifier: EntityID(1))
    }
  }

  @Test(
    "the role is two hexadecimal digits of either case", .clause("OCP-annex-B-subject-ou"),
    arguments: [
      ("02", 2), ("7f", 127), ("7F", 127), ("87", 135), ("2", nil), ("002", nil), ("0G", nil),
      (" 2", nil),
    ] as [(String, UInt8?)])
  func role(text: String, value: UInt8?) throws {
    let subject = try RequestDraft.name(.organisationalUnit(text), Self.identifier)
    if let value {
      #expect(try read { $0.subject = subject }.subject.role == RoleCode(value))
    } else {
      #expect(throws: Refusal.roleCodeForm(.organisation, found: "")) {
        try read { $0.subject = subject }
      }
    }
  }

  @Test(
    "the unique identifier has 64 bits", .clause("OCP-annex-B-subject-unique-id"),
    arguments: [(7, false), (8, true), (9, false)])
  func uniqueIdentifier(count: Int, isGood: Bool) throws {
    let subject = try RequestDraft.name(
      .organisationalUnit("02"), .uniqueIdentifier([UInt8](repeating: 1, count: count)))
    if isGood {
      #expect(
        try read { $0.subject = subject }.subject.identifier == EntityID(0x0101_0101_0101_0101))
    } else {
      #expect(throws: Refusal.uniqueIdentifierForm(found: "")) {
        try read { $0.subject = subject }
      }
    }
    let bits = Name.Attribute(.x500UniqueIdentifier, .bits(BitString(bits: [0, 62])))
    #expect(throws: Refusal.uniqueIdentifierForm(found: "")) {
      try read { $0.subject = try RequestDraft.name(.organisationalUnit("02"), bits) }
    }
  }

  @Test("a subjectAltName, an RSA key and two usages are refused")
  func sharedParts() throws {
    #expect(throws: Refusal.extensionNotInProfile(.organisation, found: "")) {
      try read { $0.put(SubjectAltName([.iPAddress([1, 2, 3, 4])])) }
    }
    #expect(throws: Refusal.publicKeyAlgorithm(.organisation, found: "")) {
      try read { $0.key = try Making.information(Making.rsa.get()) }
    }
    #expect(throws: Refusal.keyUsageNotOne(.organisation, found: "")) {
      try read { $0.put(KeyUsage([.digitalSignature, .keyAgreement])) }
    }
    #expect(throws: Refusal.keyUsageMissing(.organisation)) { try read { $0.extensions = [] } }
  }

  @Test("a signature by another key proves nothing", .clause("OCP-possession"))
  func possession() throws {
    let request = try read { $0.signer = try Making.otherElliptic.get() }
    #expect(throws: Refusal.possessionNotProven()) { try request.checkPossession() }
  }
}
