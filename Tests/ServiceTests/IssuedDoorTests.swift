// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import DER
import Foundation
import Keys
import Profiles
import Records
import Registration
import Repository
import SEC
import Service
import Testing
import X509

@Suite("What is issued has the values of its profile and the policy in force")
struct IssuedDoorTests {
  private let trusting: Trusting

  init() throws { trusting = try Trusting.shared.get() }

  @Test(
    "serial numbers of 16 octets, each once, and the times of the profile",
    .clause(
      "DCP-annex-B-serial", "OCP-annex-B-serial", "DCP-annex-B-not-before",
      "OCP-annex-B-validity"))
  func values() throws {
    let estate = trusting.estate
    let device = EntityID(0x00DB_0000_0001_0001)
    let ofDevice = try #require(
      try trusting.device(DeviceDraft(for: device).encoded()).certificate)
    let ofOrganisation = try #require(
      try trusting.organisation(
        trusting.request([.organisationalUnit("02"), Trusting.own(6)])
      ).certificate)
    for certificate in [ofDevice, ofOrganisation] {
      let serial = Array(certificate.serialNumber.magnitude)
      #expect(serial.count == 16 && serial[0] < 0x80 && serial[0] > 0)
      let lodged = try #require(try estate.node.repository.certificate(serial: serial))
      #expect(throws: (any Error).self) {
        try estate.node.records.write(
          Entry(ServingEstate.operatorOfSystem, "test", clause: "ENG-serial", at: estate.now)
        ) { try Repository.lodge([lodged], in: $0) }
      }
    }
    #expect(ofDevice.tbs.notBefore == estate.now.wholeSecond)
    #expect(ofDevice.tbs.notAfter == .noWellDefinedExpiry)
    #expect(ofOrganisation.tbs.notBefore == estate.now.wholeSecond)
    // Founded on 21 November 2026 at 08:00.
    #expect(ofOrganisation.tbs.notAfter.rfc3339 == "2036-11-21T07:59:59.000Z")
  }

  @Test("a credential that signs files opens no door", .clause("ICP-file-signing"))
  func fileSigning() throws {
    let credential = try trusting.estate.credential(of: "north", for: .fileSigning)
    let certificate = try Certificate(parsing: credential.certificate)
    let usage = try certificate.tbs.extensions.value(of: KeyUsage.self)
    #expect(usage == KeyUsage([.digitalSignature]))
    #expect(
      try trusting.estate.node.registration.credentials().first {
        $0.serial == credential.serial
      }?.interface == .fileSigning)
    for path in ["/1.0/DeviceCSR", "/1.0/OrganisationCSR"] {
      let answer = try trusting.ask(
        path, DeviceDraft(for: EntityID(0x00DB_0000_0001_0002)).encoded(), credential)
      #expect(answer.status == 403 && answer.code == "credential-for-other-interface")
    }
  }

  /// A request for a credential of the party, which a test changes in one place.
  private struct Draft {
    static let key = Result { try SoftwareKey.generate(.rsa2048) }
    static let elliptic = Result { try SoftwareKey.generate(.p256) }

    var subject = [
      Name.Attribute.organisation("The north company"), .organisationalUnit("02"),
      .commonName("head end"),
    ]
    var extensions = [Extension(KeyUsage([.digitalSignature]), isCritical: true)]
    var key = Draft.key
    var algorithm = AlgorithmIdentifier.sha256WithRSA

    func encoded() throws -> [UInt8] {
      let key = try key.get()
      let info = CertificationRequest.info(
        subject: Name(try subject.map { try #require($0) }),
        subjectPublicKeyInfo: try #require(SubjectPublicKeyInfo(key.publicKey)),
        attributes: extensions.isEmpty ? [] : [.extensionRequest(extensions)])
      return CertificationRequest.assemble(
        info: info, algorithm: algorithm, signature: try key.sign(info))
    }
  }

  private func refusal(of request: [UInt8], for interface: Interface = .batched) throws -> String {
    do {
      _ = try Control.perform(
        IssueCredential(
          party: "north", interface: interface.rawValue, request: Data(request)),
        in: trusting.estate.node, as: 1001)
      return ""
    } catch let refusal as Refusal {
      return "\(refusal.code) \(refusal.field)"
    }
  }

  @Test(
    "a system's request that departs in one field is refused with that field, and its name is once",
    .clause("M8-AppG-iki-csr"))
  func credentials() throws {
    func refusal(_ change: (inout Draft) -> Void) throws -> String {
      var draft = Draft()
      change(&draft)
      return try self.refusal(of: draft.encoded())
    }
    let long = String(repeating: "N", count: 65)
    #expect(try refusal { $0.subject.removeLast() } == "subject-form subject")
    #expect(try refusal { $0.subject.append(.commonName("two")) } == "subject-form subject")
    #expect(
      try refusal { $0.subject[1] = .organisationalUnit("2") }
        == "role-code-form subject.organizationalUnitName")
    #expect(
      try refusal { $0.subject[2] = .commonName(long) } == "system-name subject.commonName")
    #expect(
      try refusal { $0.subject[0] = .organisation("The south company") }
        == "credential-organisation O")
    #expect(try refusal { $0.extensions = [] } == "key-usage-missing keyUsage")
    #expect(
      try refusal { $0.extensions = [Extension(KeyUsage([.keyAgreement]), isCritical: true)] }
        == "key-usage-not-one keyUsage")
    #expect(
      try refusal { $0.extensions += [Extension("1.2.3", isCritical: false, value: [5, 0])] }
        == "extension-not-in-profile extensionRequest")
    #expect(
      try refusal { $0.key = Draft.elliptic }.hasPrefix("signature-algorithm")
        || refusal { $0.key = Draft.elliptic }.hasPrefix("public-key-algorithm"))
    #expect(
      try refusal { $0.algorithm = AlgorithmIdentifier("1.2.840.113549.1.1.13") }
        .hasPrefix("signature-algorithm"))
    var later = try Draft().encoded()
    let version = try #require(later.firstRange(of: [0x02, 0x01, 0x00]))
    later[version.upperBound - 1] = 1
    #expect(try self.refusal(of: later) == "malformed-request request")
    #expect(try self.refusal(of: Draft().encoded()) == "")
    // Another key under the same name: refused here, granted for another interface.
    var again = Draft()
    let other = try SoftwareKey.generate(.rsa2048)
    again.key = .success(other)
    #expect(try self.refusal(of: again.encoded()) == "credential-name-taken CN")
    #expect(try self.refusal(of: again.encoded(), for: .adHoc) == "")
  }

  @Test(
    "what is issued names the version of the policy in force, which the Repository holds",
    .clause("C3-112"))
  func policies() throws {
    // One of its own: time passes in it, which others compare with what they were issued.
    let trusting = try Trusting()
    let node = trusting.estate.node
    let actor = ServingEstate.operatorOfSystem
    func begin(
      _ hierarchy: String, _ version: String, since: String? = nil, evidence: String = "PMA 12"
    ) throws {
      _ = try BeginPolicyVersion(
        hierarchy: hierarchy, version: version, since: since, evidence: evidence
      ).run(in: node, by: actor)
    }
    func issued(_ number: UInt64) throws -> String? {
      let request = try trusting.request([.organisationalUnit("02"), Trusting.own(number)])
      #expect(try trusting.organisation(request).status == 200)
      let audit = node.records.audit
      return try audit.entries(from: max(0, audit.size - 20), most: 20).last {
        $0.entry.action == "certificates-lodged"
      }?.entry.facts["policy"]
    }
    trusting.estate.pass(milliseconds: 1)
    let (kind, now) = (DocumentKind.organisationCertificatePolicy, trusting.estate.now)
    #expect(try issued(7) == "Organisation Certificate Policy 1.0")
    #expect(throws: Refusal.policyNotLodged(kind, "2.0")) { try begin("organisation", "2.0") }
    _ = try LodgeDocument(
      kind: kind.rawValue, version: "2.0", title: "Organisation Certificate Policy",
      fileEnding: "txt", reason: "", lodger: "operator", document: Data("A policy".utf8)
    ).run(in: node, by: actor)
    let wrong = Refusal.policyVersion("", now, after: nil, "")
    #expect(throws: wrong) { try begin("organisation", "2.0", since: now.rfc3339) }
    #expect(throws: wrong) { try begin("organisation", "2.0", evidence: "") }
    try begin("organisation", "2.0")
    let begun = try node.records.audit.entries(from: 0).last {
      $0.entry.action == "policy-version-begun"
    }
    #expect(begun?.entry.facts["policy"] == "Organisation Certificate Policy 2.0")
    #expect(throws: wrong) { try begin("organisation", "2.0") }
    #expect(try issued(9) == "Organisation Certificate Policy 1.0")
    trusting.estate.pass(seconds: BeginPolicyVersion.leadSeconds)
    #expect(try issued(8) == "Organisation Certificate Policy 2.0")
    // Another is decided and not yet in force; one that is not in the Repository needs no document.
    try begin("iki", "2.0", since: now.adding(seconds: 86_400).rfc3339)
    #expect(
      try PolicyVersions(records: node.records).all().filter { $0.hierarchy == .iki }
        .map(\.version) == ["IKI Certificate Policy 1.0", "IKI Certificate Policy 2.0"])
    let faults = try Verification(
      records: node.records, keys: [node.checkpointNoteKey], openChunks: .allowed
    ).run().faults.map { "\($0)" }
    #expect(faults == [])
  }
}
