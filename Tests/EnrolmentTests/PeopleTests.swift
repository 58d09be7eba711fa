// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Enrolment
import Foundation
import Parties
import Records
import Registration
import SEC
import TestEstate
import Testing

@Suite("Persons are nominated, kept for as long as they are needed, and forgotten")
struct PeopleTests {
  private static let party = SampleParty.gas.id
  private static let senior = "\(party)-sro"
  private static let responsible = "\(party)-aro"

  @Test("an ARO is nominated by an SRO of the same organisation", .clause("RAPP-5.3"))
  func nominator() throws {
    let estate = try TestEstate()
    func nominate(by id: String) throws {
      try estate.onboarding.submit(
        .responsibleNomination,
        Onboarding.person("ann", of: Self.party).merging(["nominated-by": [id]]) { $1 })
    }
    for other in [Self.responsible, "\(SampleParty.electricity.id)-sro", "nobody"] {
      #expect(throws: Refusal.notASeniorOfficer(other, of: Self.party, "")) {
        try nominate(by: other)
      }
    }
    try nominate(by: Self.senior)
    #expect(throws: Refusal.partyUnknown("nobody")) {
      try estate.onboarding.submit(
        .responsibleNomination,
        Onboarding.person("ann", of: "nobody").merging(["nominated-by": [Self.senior]]) { $1 })
    }
  }

  @Test(
    "who is enrolled is not nominated again; who has left asks for nothing", .clause("RAPP-5.3"))
  func again() throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    let known = try enrolment.person(Self.senior)
    func nominate() throws {
      try estate.onboarding.submit(
        .officerNomination,
        Onboarding.person(Self.senior, of: Self.party).merging(
          ["nominated-by": ["Dora"], "nominated-by-position": ["director"]]) { $1 })
    }
    #expect(throws: Refusal.personEnrolled(known)) { try nominate() }
    let leaving = [
      "party": [Self.party], "person": [Self.senior], "requested-by": ["director"],
      "reason": ["retired"],
    ]
    #expect(throws: Refusal.personUnknown("ghost", Self.party)) {
      try estate.onboarding.submit(.leaving, leaving.merging(["person": ["ghost"]]) { $1 })
    }
    try estate.onboarding.submit(.leaving, leaving)
    #expect(try !enrolment.person(Self.senior).isActive(at: estate.now))
    #expect(throws: Refusal.personUnknown(Self.senior, Self.party)) {
      try estate.onboarding.submit(.leaving, leaving)
    }
    #expect(throws: Refusal.notASeniorOfficer(Self.senior, of: Self.party, "")) {
      try estate.onboarding.apply(Self.party, for: .device)
    }
    try nominate()
  }

  @Test("an enrolment ends by itself", .clause("RAPP-5.3"))
  func expiry() throws {
    let estate = try TestEstate()
    let person = try estate.registration.enrolment.person(Self.senior)
    #expect(person.isActive(at: person.expires.adding(milliseconds: -1)))
    #expect(!person.isActive(at: person.expires))
    #expect(throws: Refusal.personUnknown("ghost", nil)) {
      try estate.registration.enrolment.person("ghost")
    }
  }

  @Test(
    "what a person said is outside the tree, and gone from the file once erased",
    .clause("ENG-personal-data", "RAPP-5.1"))
  func erasure() throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    let person = try enrolment.person(Self.responsible)
    #expect(throws: Refusal.personActive(person)) {
      try enrolment.erase(
        Self.responsible, because: "asked", at: estate.now, by: TestEstate.officer)
    }
    #expect(throws: Refusal.nothingKept("ghost")) {
      try enrolment.erase("ghost", because: "asked", at: estate.now, by: TestEstate.officer)
    }
    let word = "Quetzalcoatlus"
    _ = try enrolment.log(
      DeskNote(
        channel: "letter", party: Self.party, person: nil, name: word, answers: [:],
        request: "hours", action: "told"), at: estate.now, by: TestEstate.officer)
    let entries = try estate.records.audit.entries(from: 0, most: 5_000)
    #expect(entries.allSatisfy { !"\($0)".contains(word) && !"\($0)".contains("Nora") })
    #expect(try enrolment.personalData(of: "call-1").map(\.value) == [word])
    let count = try enrolment.erase(
      "call-1", because: "asked", at: estate.now, by: TestEstate.officer)
    #expect(count == 1)
    #expect(try enrolment.personalData(of: "call-1").map(\.value) == [nil])
    let faults = try estate.records.read { try Enrolment.checkPersonalData(in: $0).faults.count }
    #expect(faults == 0)
    #expect(
      try estate.records.verifyAudit(keys: [], origin: "x").faults.filter {
        $0.table != "audit_checkpoint"
      } == [])
    // The writer empties its log in its next quiet moment.
    var (erased, kept) = (false, false)
    for _ in 0..<100 where !erased {
      let files = try ["", "-wal"].map { suffix in
        try Data(contentsOf: URL(filePath: estate.store + suffix))
      }
      erased = files.allSatisfy { $0.range(of: Data(word.utf8)) == nil }
      kept = files.contains { $0.range(of: Data("Nora Nobody".utf8)) != nil }
      usleep(20_000)
    }
    #expect(erased && kept)
  }

  @Test("what was kept long enough goes by itself", .clause("ENG-personal-data"))
  func retention() throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    let node = Actor(name: "smki", role: .node)
    #expect(try enrolment.eraseOverdue(at: estate.now, by: node) == 0)
    try estate.onboarding.submit(
      .leaving,
      [
        "party": [Self.party], "person": [Self.responsible], "requested-by": ["director"],
        "reason": ["retired"],
      ])
    let days = try #require(enrolment.terms.retentionDays[.contact])
    let end = estate.now.adding(seconds: Int64(days) * 86_400)
    #expect(try enrolment.eraseOverdue(at: end.adding(milliseconds: -1), by: node) == 0)
    #expect(try enrolment.eraseOverdue(at: end, by: node) > 0)
    let left = try enrolment.personalData(of: Self.responsible).filter { $0.value != nil }
    #expect(left.isEmpty)
  }

  @Test(
    "a caller is identified by what the nomination says, and by enough of it",
    .clause("P3-2.2-service-desk"),
    arguments: [
      (["memorable-word": "heron", "date-of-birth": "1980 02 01"], true),
      (["memorable-word": "heron"], false), (["memorable-word": "stork", "name": "Nora"], false),
      (["memorable-word": "heron", "telephone": "01632 960124"], false), ([:], false),
      (["memorable-word": "", "name": ""], false),
    ])
  func desk(answers: [String: String], isIdentified: Bool) throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    func call(_ person: String?, channel: String = "telephone") throws -> DeskCall {
      try enrolment.log(
        DeskNote(
          channel: channel, party: Self.party, person: person, name: nil, answers: answers,
          request: "lost token", action: "revoked"), at: estate.now, by: TestEstate.officer)
    }
    let known = try call(Self.responsible)
    #expect(known.identified.hasPrefix("identified") == isIdentified)
    #expect(try call(nil).identified == "not identified: not enrolled")
    #expect(throws: Refusal.personUnknown("ghost", Self.party)) { try call("ghost") }
    #expect(throws: Refusal.deskNote("pigeon")) { try call(nil, channel: "pigeon") }
    #expect(try enrolment.calls(of: Self.party).count == 2)
  }

  @Test(
    "a member of the PMA has an officer's rights revoked, by another officer",
    .clause("RAPP-8.3.3", "M4-ra-revoke-who", "M4-ra-revoke-how"),
    arguments: [("pma-member", true), ("registration-manager", true), ("neighbour", false)])
  func officers(requester: String, isHeard: Bool) throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    func answers(_ officer: String) -> [String: [String]] {
      [
        "officer": [officer], "requester": [requester], "requester-name": ["Mia Member"],
        "reason": ["persistent failure"],
      ]
    }
    guard isHeard else {
      #expect(throws: Refusal.revocationRequester(requester)) {
        try estate.onboarding.carry(.officerRevocation, answers("Mallory"))
      }
      return
    }
    let own = try estate.onboarding.submit(.officerRevocation, answers(Onboarding.second.name))
    try estate.onboarding.submit(
      .requesterCheck, Onboarding.step(.requesterCheck, of: own.id))
    #expect(throws: Refusal.samePerson(own, Onboarding.second)) {
      try enrolment.approve(own.id, at: estate.now, by: Onboarding.second)
    }
    #expect(try enrolment.revocation(ofOfficer: "Mallory") == nil)
    try estate.onboarding.carry(.officerRevocation, answers("Mallory"))
    #expect(try enrolment.revocation(ofOfficer: "Mallory") == estate.now)
  }

  @Test("an agreement is accepted in the version in force, by an SRO", .clause("C3-126"))
  func agreements() throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    func publish(_ version: String, _ evidence: String = "minutes 3", after seconds: Int64) throws {
      try enrolment.publish(
        Agreement(
          kind: .subscriber, version: version, inForce: estate.now.adding(seconds: seconds),
          evidence: evidence), at: estate.now, by: TestEstate.officer)
    }
    func open() throws -> String? {
      try estate.records.read {
        try Enrolment.openAgreement(
          .subscriber, of: Self.party, at: estate.now, in: $0)?.version
      }
    }
    #expect(throws: Refusal.agreementExists(.subscriber, "1")) { try publish("1", after: 60) }
    #expect(throws: Refusal.agreementEvidence(.subscriber)) { try publish("2", "", after: 60) }
    try publish("2", after: 60)
    #expect(try open() == nil)
    #expect(throws: Refusal.agreementNotInForce("subscriber", "1")) {
      try estate.onboarding.accept(.subscriber, version: "2", for: Self.party)
    }
    estate.now = estate.now.adding(seconds: 60)
    #expect(try open() == "2")
    try estate.onboarding.accept(.subscriber, version: "2", for: Self.party)
    #expect(try open() == nil)
  }
}
