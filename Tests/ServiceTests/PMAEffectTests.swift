// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Duties
import Enrolment
import Foundation
import TestProcess
import Governance
import HTTP
import Keys
import Registration
import Repository
import Revocation
import SEC
import Service
import Testing
import X509

@Suite("What the PMA decides happens in one transaction with the use of its decision")
struct PMAEffectTests {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "Scripts/check-proof.py")

  private static func verify(_ door: PMADoor) throws {
    let node = door.estate.node
    let report = try Verification(
      records: node.records, keys: [node.checkpointNoteKey], openChunks: .allowed
    ).run()
    #expect(report.isSound, "\(report.faults)")
  }

  private static func refusal(_ door: PMADoor, _ vote: String, _ kind: String) -> String {
    door.refusal { try door.perform(CarryOut(vote: vote, kind: kind)) }
  }

  @Test(
    "certificates are revoked by the PMA's order, and others wait for a Supplier of Last Resort",
    .clause("C3-71", "M4-solr", "MP134A-delay"))
  func revocation() throws {
    let door = try PMADoor(on: "2026-11-23")
    let estate = door.estate
    try estate.add("north", [.importSupplier])
    let certificate = try estate.organisation(
      "north", EntityID(0x90B3_D51F_3001_0001), role: RoleCode(2), usage: .digitalSignature)
    let serial = Hex.encode(certificate.serialNumber.magnitude)
    try door.inMeeting()
    let until = door.today.adding(days: 9).begins.rfc3339
    try door.decide("d", "delay-revocation", about: "north", ["until": until])
    try door.perform(CarryOut(vote: "d", kind: "delay-revocation"))
    #expect(try estate.node.revocation.delays().map(\.direction.decision) == ["d"])
    #expect(try door.decide("o", "order-revocation", ["serials": serial]) == "carried")
    try door.act(door.motion("p", "order-revocation", ["serials": serial]))
    for voter in PMADoor.voters { try door.act(.cast(vote: "p", person: voter, choice: "for")) }
    try door.perform(CarryOut(vote: "o", kind: "order-revocation"))
    let octets = try #require(Hex.decode(serial))
    #expect(try estate.node.revocation.entry(serial: octets) != nil)
    #expect(Self.refusal(door, "o", "order-revocation") == "already-carried-out L1.15")
    // What cannot be done leaves the decision unused.
    #expect(try door.act(.closeVote(vote: "p")).outcome == "carried")
    #expect(Self.refusal(door, "p", "order-revocation").hasPrefix("revoked-already"))
    #expect(try estate.node.votes.all().first { $0.id == "p" }?.effect == nil)
    try Self.verify(door)
  }

  @Test(
    "the PMA lodges the document that it voted on and no other, and lets forms be used",
    .clause("L5.3(b)", "L5.7", "M4-org-info-form-c"))
  func documents() throws {
    let door = try PMADoor(on: "2026-11-23")
    try door.inMeeting()
    let text = Data("Device Certificate Policy".utf8)
    let digest = Hex.encode(Digest.sha256(Array(text)))
    try door.decide(
      "l", "lodge-document",
      [
        "kind": "device-certificate-policy", "version": "9.0", "sha256": digest, "ending": "txt",
        "title": "Device Certificate Policy",
      ])
    func lodge(_ document: Data?) throws {
      try door.perform(CarryOut(vote: "l", kind: "lodge-document", document: document))
    }
    for wrong in [nil, Data("Another".utf8)] {
      let refusal = Refusal.otherDocument(expected: digest, found: "")
      #expect(door.refusal { try lodge(wrong) } == PMADoor.told(refusal))
    }
    try lodge(text)
    let lodged = try door.estate.node.library.documents()
    #expect(lodged.map { "\($0.version) \($0.role) \($0.reason)" } == ["9.0 secretariat vote l"])
    #expect(door.refusal { try lodge(text) } == "already-carried-out L1.15")
    let enrolment = door.estate.node.registration.enrolment
    try door.decide("f", "approve-form", ["forms": "screening", "version": "1"])
    try door.perform(CarryOut(vote: "f", kind: "approve-form"))
    #expect(
      try enrolment.versionInForce(of: .screening)?.evidence == "vote f")
    try Self.verify(door)
  }

  @Test(
    "a Member is removed by a vote, and a suspension tells whom it must",
    .clause(
      "L1.6(c)", "L1.8(c)", "L2.14", "L2.15(a)", "L2.15(c)", "L2.11", "L2.12", "L2.13(a)",
      "L2.13(b)", "R2-71", "R2-72", "R2-74"))
  func people() throws {
    let door = try PMADoor(on: "2026-11-23")
    try door.estate.add("north", [.importSupplier])
    try door.inMeeting()
    try door.begin("s", "suspension", "north")
    let terms = ["matter": "s", "outcome": "suspended"]
    let motion = door.motion("v", "suspend", about: "north", terms)
    #expect(door.refusal(motion) == "papers-missing L2.14")
    try door.file(["threat", "prior-notice"], to: "s")
    try door.decide("v", "suspend", about: "north", terms)
    try door.perform(CarryOut(vote: "v", kind: "suspend"))
    try door.business(.issue(matter: "s"))
    #expect(try door.told("s") == ["Authority full", "DCC full", "Panel full"])
    // A plan of the DCC's is shown to all Parties, another's where it is needed.
    for (matter, subject, told) in [
      ("p1", "DCC", ["Panel full", "Participant full", "Parties redacted"]),
      ("p2", "north", ["Panel full", "Participant full"]),
    ] {
      try door.begin(matter, "remedial-plan", subject)
      try door.file(["plan"], to: matter)
      try door.settle(matter, "approve-remedial-plan", "approved")
      if subject == "DCC" {
        #expect(door.refusal(.issue(matter: matter)) == "redaction-missing L2.12")
        try door.file(["redacted"], to: matter)
      }
      try door.business(.issue(matter: matter))
      #expect(try door.told(matter) == told)
    }
    try door.decide("r", "remove-member", about: "small-supplier", ["seat": "small-supplier"])
    #expect(try door.holder(.smallSupplier) == "small")
    try door.perform(CarryOut(vote: "r", kind: "remove-member"))
    #expect(try door.holder(.smallSupplier) == nil)
    try Self.verify(door)
  }

  @Test(
    "a direction to use a key stands until it was followed, and no use gives none",
    .clause("L1.17(i)", "M4-recovery-direction", "M4-further-use"))
  func directions() throws {
    let door = try PMADoor(on: "2026-11-23")
    try door.inMeeting()
    func standing() throws -> [String] {
      try door.estate.node.matters.directions().filter(\.isStanding).map {
        "\($0.vote) \($0.key.rawValue) \($0.incident)"
      }
    }
    for (matter, kind, outcome) in [
      ("a", "use-recovery-key", "recovery-key"), ("b", "use-contingency-key", "contingency-key"),
      ("c", "use-recovery-key", "no-use"),
    ] {
      try door.begin(matter, "recovery-key", "incident \(matter)")
      let terms = ["matter": matter, "outcome": outcome]
      #expect(
        door.refusal(door.motion("v", kind, terms)).hasPrefix("papers-missing L1.17(i)"))
      try door.file(["compromise", "recovery-key-guidance"], to: matter)
      try door.settle(matter, kind, outcome)
    }
    #expect(try standing() == ["v-a recovery-key incident a", "v-b contingency-key incident b"])
    #expect(Self.refusal(door, "v-a", "use-recovery-key") == "already-carried-out L1.15")
    let no = PMADoor.told(Refusal.directionNotStanding("v-a", ""))
    func follow(_ vote: String, _ evidence: String) -> String {
      door.refusal(.follow(vote: vote, evidence: evidence))
    }
    #expect(follow("v-a", "") == no)
    #expect(follow("v-c", "report") == no)
    #expect(follow("v-a", "report") == "")
    #expect(follow("v-a", "report") == no)
    #expect(try standing() == ["v-b contingency-key incident b"])
    try door.business(.issue(matter: "b"))
    #expect(try door.told("b") == ["DCC full"])
    let page = try door.estate.send("GET", "/pma", at: .monitoring)
    #expect(String(decoding: page.body, as: UTF8.self).contains("incident b"))
    try Self.verify(door)
  }

  @Test(
    "those who voted for it and have a credential sign a decision, and a stranger checks the proof",
    .clause("L1.15"))
  func signatures() throws {
    let door = try PMADoor(on: "2026-11-23")
    let estate = door.estate
    try estate.add("north", [.importSupplier])
    let credential = try estate.credential(of: "north", for: .portalOrganisation)
    let other = try estate.credential(of: "north", for: .portalDevice)
    try door.inMeeting()
    #expect(
      door.refusal(.credential(person: "security", serial: "AB")).hasPrefix("credential-not-found"))
    #expect(
      door.refusal(.credential(person: "nobody", serial: credential.serial))
        == "person-unknown L1.4")
    try door.business(.credential(person: "security", serial: credential.serial))
    try door.act(door.motion("v", "suspend", about: "north", [:]))
    let early = door.refusal { _ = try estate.node.votes.statement(of: "v") }
    #expect(early == "vote-not-closed L1.15")
    for voter in PMADoor.voters { try door.act(.cast(vote: "v", person: voter, choice: "for")) }
    try door.act(.closeVote(vote: "v"))
    #expect(Self.refusal(door, "v", "suspend") == "signatures-missing L1.15")
    let statement = Array(try estate.node.votes.statement(of: "v").utf8)
    func sign(_ person: String, _ key: ServingEstate.Credential) throws {
      try door.business(
        .sign(
          vote: "v", person: person,
          signature: Data(SoftwareKey(readingPEM: key.keyPath).sign(statement))))
    }
    #expect(door.refusal { try sign("security", other) } == "signature-not-valid L1.15")
    #expect(door.refusal { try sign("small", credential) } == "signature-not-valid L1.15")
    try door.person("stranger")
    try door.business(.credential(person: "stranger", serial: credential.serial))
    #expect(door.refusal { try sign("stranger", credential) } == "no-vote L1.15")
    try sign("security", credential)
    try door.perform(CarryOut(vote: "v", kind: "suspend"))
    try Self.proof(door)
    try Self.verify(door)
  }

  private static func proof(_ door: PMADoor) throws {
    let node = door.estate.node
    let key = try node.checkpointNoteKey
    try door.perform(SignCheckpoint())
    let proof = try DecisionProof.make("v", votes: node.votes, records: node.records, key: key)
    try proof.check(key)
    #expect(proof.signatures.map(\.person) == ["security"])
    let path = door.estate.folder.path + "/proof.json"
    func check(_ text: String) throws -> (Int32, String) {
      try Data(text.utf8).write(to: URL(filePath: path))
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["python3", Self.script.path, path, key.description]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let said = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitForEnd()
      return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
    let text = String(decoding: try proof.encoded(), as: UTF8.self)
    let (code, said) = try check(text)
    #expect(code == 0 && said.hasPrefix("proven"), "\(said)")
    let forged = text.replacingOccurrences(of: "outcome: carried", with: "outcome: lost")
    #expect(forged != text)
    #expect(try check(forged).0 == 1)
  }
}
