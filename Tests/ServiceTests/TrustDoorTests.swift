// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import DER
import Foundation
import HTTP
import Keys
import Profiles
import Records
import Registration
import Repository
import SEC
import Service
import TestEstate
import TestProcess
import Testing
import X509

/// A supplier that asks for devices and for itself, and a party that may ask for nothing.
struct Trusting {
  static let shared = Result { try Trusting() }
  static let identifier: UInt64 = 0x90B3_D51F_3001_0000

  let estate: ServingEstate
  let portal: ServingEstate.Credential
  let officer: ServingEstate.Credential
  let stranger: ServingEstate.Credential

  init() throws {
    estate = try ServingEstate { configuration in
      configuration.officers = [
        Configuration.Officer(user: 1001, name: "Olive", roles: ["registration-officer"]),
        Configuration.Officer(user: 1002, name: "Otto", roles: ["registration-officer"]),
      ]
    }
    try estate.onboarding.enter(
      "north", name: "The north company", roles: [.importSupplier],
      identifiers: ["import-supplier 02+7F 90B3D51F30010000 90B3D51F300100FF"])
    for policy in CertificatePolicyKind.allCases {
      try estate.onboarding.authorise("north", for: policy)
    }
    try estate.add("stranger", [.importSupplier], subscribes: false)
    portal = try estate.credential(of: "north", for: .portalDevice)
    officer = try estate.credential(of: "north", for: .portalOrganisation)
    stranger = try estate.credential(of: "stranger", for: .portalDevice)
  }

  func ask(
    _ path: String, _ body: [UInt8], _ credential: ServingEstate.Credential
  ) throws -> (status: Int, code: String, certificate: Certificate?) {
    let response = try estate.send(
      "POST", path, at: .service, body: body, certificate: credential.certificate)
    guard response.status != 200 else {
      return (200, "", try Certificate(pem: response.body))
    }
    let error = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
    return (response.status, error.code, nil)
  }

  func device(
    _ body: [UInt8], by credential: ServingEstate.Credential? = nil
  ) throws -> (status: Int, code: String, certificate: Certificate?) {
    try ask("/1.0/DeviceCSR", body, credential ?? portal)
  }

  func organisation(
    _ body: [UInt8]
  ) throws -> (status: Int, code: String, certificate: Certificate?) {
    try ask("/1.0/OrganisationCSR", body, officer)
  }

  /// A request of an organisation, by the words of its subject.
  func request(
    _ attributes: [Name.Attribute?], _ usage: KeyUsage.Use = .digitalSignature
  ) throws -> [UInt8] {
    let key = try SoftwareKey.generate(.p256)
    let info = CertificationRequest.info(
      subject: Name(try attributes.map { try #require($0) }),
      subjectPublicKeyInfo: try #require(SubjectPublicKeyInfo(key.publicKey)),
      attributes: [.extensionRequest([Extension(KeyUsage([usage]), isCritical: true)])])
    return CertificationRequest.assemble(info: info, signature: try key.sign(info))
  }

  static func own(_ number: UInt64) -> Name.Attribute {
    .uniqueIdentifier(EntityID(identifier + number).octets)
  }
}

@Suite("A certificate binds an identity to a key, and nobody can deny it afterwards")
struct TrustDoorTests {
  private let trusting: Trusting

  init() throws { trusting = try Trusting.shared.get() }

  private static func device() -> EntityID { EntityID(UInt64.random(in: 1 << 40...(1 << 60))) }

  @Test(
    "who asks is known and may ask for this, or is refused", .clause("C3-47-1"))
  func entitled() throws {
    let device = Self.device()
    #expect(
      try trusting.device(DeviceDraft(for: device).encoded(), by: trusting.stranger).code
        == "not-an-authorised-subscriber")
    #expect(
      try trusting.device(DeviceDraft(for: device).encoded(), by: trusting.officer).code
        == "credential-for-other-interface")
    #expect(
      try trusting.organisation(
        trusting.request([
          .organisationalUnit("02"), .uniqueIdentifier(EntityID(0x90B3_D51F_3009_0000).octets),
        ])
      ).code == "identifier-not-of-party")
    #expect(try trusting.device(DeviceDraft(for: device).encoded()).status == 200)
  }

  @Test("a request with any octet altered on its way is refused", .clause("C3-47-2"))
  func altered() throws {
    let request = try DeviceDraft(for: Self.device()).encoded()
    for place in request.indices {
      var other = request
      other[place] ^= 1
      let answer = try trusting.device(other)
      #expect(answer.status == 400, "octet \(place): \(answer.status)")
    }
    #expect(try trusting.device(request).status == 200)
  }

  @Test(
    "the signed request, the certificate and its revocation stand in an audit that is whole",
    .clause("C3-8", "C3-47-3"))
  func undeniable() throws {
    let estate = trusting.estate
    let request = try trusting.request([.organisationalUnit("02"), Trusting.own(1)])
    let certificate = try #require(try trusting.organisation(request).certificate)
    let serial = Array(certificate.serialNumber.magnitude)
    let kept = try SignedRequests.request(serial: serial, in: estate.node.records)
    #expect(kept == request)
    try OrganisationRequest(parsing: kept).checkPossession()
    #expect(throws: Refusal.signedRequestUnknown("")) {
      try SignedRequests.request(serial: [1], in: estate.node.records)
    }
    let asked = try Control.perform(
      RequestRevocation(
        serial: Hex.encode(serial), ground: "subscriber-request", asker: "Ann Other",
        capacity: "senior-responsible-officer", party: "north", form: nil, evidence: "letter 1"),
      in: estate.node,
      as: 1001)
    _ = try Control.perform(
      ApproveRevocation(request: asked.request, verification: "called back"), in: estate.node,
      as: 1002)
    let audit = estate.node.records.audit
    let entries = try audit.entries(from: max(0, audit.size - 30), most: 30).map(\.entry)
    for (action, actor) in [
      ("organisation-request-received", "north-aro"), ("certificates-lodged", "smki"),
      ("revocation-requested", "Olive"), ("revocation-approved", "Otto"),
    ] {
      #expect(
        entries.contains { $0.action == action && $0.actor == actor },
        "\(action): \(entries.map { "\($0.action) \($0.actor)" })")
    }
    func faults() throws -> [String] {
      try Verification(
        records: estate.node.records, keys: [estate.node.checkpointNoteKey],
        openChunks: .allowed
      ).run().faults.map { "\($0)" }
    }
    #expect(try faults() == [])
  }

  @Test(
    "roles are read in either case and written in capitals; one that is not held is refused",
    .clause("OCP-annex-B-role-codes", "OCP-annex-B-subject-ou"))
  func roles() throws {
    func ask(_ text: String, _ number: UInt64) throws -> (code: String, role: String?) {
      let answer = try trusting.organisation(
        trusting.request([.organisationalUnit(text), Trusting.own(number)]))
      return (answer.code, answer.certificate?.subject.organisationalUnit)
    }
    #expect(try ask("7f", 2) == ("", "7F"))
    #expect(try ask("7F", 3) == ("", "7F"))
    #expect(try ask("02", 4) == ("", "02"))
    #expect(try ask("03", 4).code == "identifier-not-of-party")
    for text in ["2", "002", "0G", "SU"] {
      #expect(try ask(text, 4).code == "role-code-form", "\(text)")
    }
  }

  @Test(
    "a common name is that of a supplier's signing certificate, of 16 characters at most",
    .clause("OCP-annex-B-subject-cn"))
  func commonNames() throws {
    func ask(
      _ count: Int, _ role: String = "02", _ usage: KeyUsage.Use = .digitalSignature
    ) throws -> (code: String, name: String?) {
      let answer = try trusting.organisation(
        trusting.request(
          [
            .commonName(String(repeating: "N", count: count)), .organisationalUnit(role),
            Trusting.own(5),
          ], usage))
      return (answer.code, answer.certificate?.subject.commonName)
    }
    #expect(try ask(16) == ("", "NNNNNNNNNNNNNNNN"))
    #expect(try ask(17).code == "common-name-length")
    #expect(try ask(16, "02", .keyAgreement).code == "common-name-not-in-profile")
    #expect(try ask(16, "7F").code == "common-name-not-in-profile")
  }
}
