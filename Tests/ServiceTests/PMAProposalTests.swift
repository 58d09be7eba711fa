// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Governance
import SEC
import Service
import Testing

@Suite("Proposals to change the Code, by operations of a node")
struct PMAProposalTests {
  private static func terms(
    _ id: String, _ documents: String, purpose: String = ""
  ) -> [String: String] {
    var terms = [
      "proposal": id, "title": "Changes of the review", "documents": documents, "proposer": "Ada",
    ]
    if !purpose.isEmpty { terms["purpose"] = purpose }
    return terms
  }

  @Test(
    "the PMA proposes by a vote and on its documents alone; a Member may after a lost vote",
    .clause(
      "L1.17(b)", "L1.19(a)", "L1.19(b)", "R2-68", "M4-proposer", "C3-67"))
  func proposers() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    let kind = "propose-modification"
    for (documents, code) in [
      ("Section L, X", "proposal-out-of-reach L1.19(a)"),
      ("DCCKI CP", "proposal-out-of-reach L1.19(a)"),
      ("Device CPS", "proposal-out-of-reach L1.19(a)"),
      ("Section K", "proposal-out-of-reach L1.19(a)"),
    ] {
      #expect(door.refusal(door.motion("v", kind, Self.terms("P1", documents))) == code)
    }
    let charge = Self.terms("P0", "Section K", purpose: Proposals.chargePurpose)
    #expect(try door.decide("k", kind, charge) == "carried")
    #expect(try door.decide("a", kind, Self.terms("P1", "A, SMETS1 CKMP")) == "carried")
    #expect(door.refusal(.alone(vote: "a", person: "small")) == "no-lost-vote L1.19(b)")
    try door.perform(CarryOut(vote: "a", kind: kind))
    #expect(
      door.refusal { try door.perform(CarryOut(vote: "a", kind: kind)) }
        == "already-carried-out L1.15")
    #expect(door.refusal(door.motion("v", kind, Self.terms("P1", "A"))) == "proposal-exists L1.18")
    // What the PMA will not propose a Member may.
    #expect(try door.decide("b", kind, Self.terms("P2", "RAPP"), "against") == "lost")
    #expect(
      door.refusal { try door.perform(CarryOut(vote: "b", kind: kind)) } == "not-decided L1.15")
    #expect(door.refusal(.alone(vote: "b", person: "nobody")) == "no-member L1.19(b)")
    try door.modify(.alone(vote: "b", person: "small"))
    #expect(door.refusal(.alone(vote: "b", person: "security")) == "proposal-exists L1.18")
    #expect(try door.decide("c", "general", [:], "against") == "lost")
    #expect(door.refusal(.alone(vote: "c", person: "small")) == "no-lost-vote L1.19(b)")
    let known = try door.estate.node.proposals.all()
    #expect(
      known.map { "\($0.id) \($0.proposer.rawValue) \($0.person) \($0.documents)" }.sorted()
        == [
          "P1 pma Ada [\"Device CP\", \"SMETS1 CKMP\"]", "P2 member small [\"RAPP\"]",
        ])
    let then = try PMADoor(on: "2014-06-02")
    try then.inMeeting()
    for document in ["IKI CP", "S1SPKI CP"] {
      #expect(
        then.refusal(then.motion("v", kind, Self.terms("P", document)))
          == "proposal-out-of-reach L1.19(a)")
    }
    #expect(try then.decide("v", kind, Self.terms("P", "RAPP"), "against") == "lost")
    try then.modify(.alone(vote: "v", person: "small"))
    #expect(try then.estate.node.proposals.all().map(\.form) == ["Modification Proposal"])
  }

  @Test(
    "every proposal is screened; one that touches the PMA's documents cannot be waved through",
    .clause("L1.18", "L1.17(k)"))
  func screening() throws {
    let door = try PMADoor(on: "2026-01-05")
    func register(_ id: String, _ documents: [String], title: String = "A change") throws {
      try door.modify(
        .register(proposal: id, title: title, party: "North Gas", documents: documents, day: nil))
    }
    try register("MP1", ["Section G"])
    try register("MP2", ["Section G", "RAPP"])
    #expect(door.refusal { try register("MP1", ["x"]) } == "proposal-exists L1.18")
    #expect(door.refusal { try register("MP3", ["x"], title: "") } == "proposal-unusable L1.18")
    func screen(_ id: String, _ affects: Bool, _ reason: String = "looked") -> PMAModification.Act {
      .screen(proposal: id, affects: affects, reason: reason)
    }
    func unscreened() throws -> [String] {
      try door.estate.node.proposals.unscreened(on: door.today).map(\.id)
    }
    let last = WorkingDays().adding(5, to: door.today)
    door.set(last)
    #expect(try unscreened() == [])
    door.pass(days: 1)
    #expect(try unscreened() == ["MP1", "MP2"])
    #expect(door.refusal(screen("MP2", false)) == "screening-contradicted L1.18")
    #expect(door.refusal(screen("MP9", false)) == "proposal-unknown L1.18")
    #expect(door.refusal(screen("MP2", true, "")) == "proposal-unusable L1.18")
    try door.modify(screen("MP1", false))
    try door.modify(screen("MP2", true))
    #expect(door.refusal(screen("MP2", true)) == "screened-already L1.18")
    #expect(try unscreened() == [])
    let owed = try door.estate.node.duties.instances(on: door.today).filter {
      $0.duty.clause == "L1.17(k)"
    }
    #expect(owed.map(\.event.subject) == ["MP2"])
  }

  /// MP173 as document 004 tells it.
  private static func mp173() throws -> PMADoor {
    let door = try PMADoor(on: "2021-06-21")
    try door.modify(
      .register(
        proposal: "MP173", title: "SMKI and DCCKI review", party: "SMKI PMA",
        documents: ["A", "RAPP"], day: "2021-06-21"))
    return door
  }

  private static func fillReport(_ door: PMADoor) throws {
    func remark(_ topic: String, _ names: [String], _ value: String, _ text: String) throws {
      for name in names {
        try door.modify(
          .remark(proposal: "MP173", topic: topic, name: name, value: value, text: text))
      }
    }
    try remark("section", Remark.sections, "", "As said.")
    try remark("impact", Remark.parties + Remark.systems, "none", "")
    try remark("cost", ["SECAS"], "2/1200", "Update and release")
    try remark("objective", ["f", "g"], "better", "It is clear.")
    try remark("consumer", Remark.consumerAreas, "neutral", "")
    try remark("view", ["CSC", "PMA", "SSC"], "", "none")
  }

  private static func advance(
    _ door: PMADoor, _ stage: String, _ day: String, _ body: String, approved: Bool? = nil
  ) -> PMAModification.Act {
    .advance(
      proposal: "MP173", stage: stage, body: body, evidence: "minute", isApproved: approved,
      day: day)
  }

  private static let csc = "Change Sub-Committee"
  private static let outOfOrder = "stage-order M4-timetable"

  @Test(
    "a proposal goes its way step by step, each by its body, to the release that its day picks",
    .clause(
      "M4-csc", "M4-timetable", "M4-report-content", "M4-annexes", "M4-legal-text-consult",
      "M4-objectives", "M4-consumer-areas", "M4-stakeholder-views", "M4-impact-parties",
      "M4-impact-systems", "M4-cost", "M4-self-gov", "R2-36", "R2-front", "C3-front-1",
      "C3-front-2", "M4-impl-a", "M4-impl-b"))
  func progress() throws {
    let door = try Self.mp173()
    func plan(_ stage: String, _ day: String) -> PMAModification.Act {
      .plan(proposal: "MP173", stage: stage, day: day)
    }
    try door.modify(plan("decided", "2022-01-20"))
    #expect(door.refusal(plan("report-consulted", "2022-01-21")) == Self.outOfOrder)
    try door.modify(plan("report-consulted", "2021-12-22"))
    #expect(door.refusal(plan("raised", "2022-02-01")) == Self.outOfOrder)
    func comment(_ day: String, _ body: String = Self.csc) -> PMAModification.Act {
      Self.advance(door, "commented", day, body)
    }
    #expect(
      door.refusal(Self.advance(door, "converted", "2021-06-21", Self.csc)) == Self.outOfOrder)
    #expect(door.refusal(comment("2021-06-29")) == Self.outOfOrder)
    door.set(try #require(Day("2021-11-30")))
    #expect(door.refusal(comment("2021-06-01")) == Self.outOfOrder)
    #expect(door.refusal(comment("2021-06-29", "Panel")) == "not-the-body M4-csc")
    try door.modify(comment("2021-06-29"))
    #expect(door.refusal(comment("2021-06-30")) == Self.outOfOrder)
    try Self.consult(door)
    try door.modify(Self.advance(door, "converted", "2021-11-30", Self.csc))
    try Self.report(door)
    try Self.decide(door)
  }

  /// The legal text is consulted on, and each answer is dealt with.
  private static func consult(_ door: PMADoor) throws {
    let isOpen = "consultation-open M4-legal-text-consult"
    func done(_ day: String) -> PMAModification.Act {
      advance(door, "legal-text-consulted", day, "SECAS")
    }
    func consult(_ kind: String, _ from: String, _ until: String) -> PMAModification.Act {
      .consult(proposal: "MP173", kind: kind, from: from, until: until)
    }
    func answer(
      _ who: String, _ day: String, objection: String = "", disposition: String = ""
    ) -> PMAModification.Act {
      .respond(
        proposal: "MP173", kind: "legal-text", organisation: who, text: "We agree.",
        objection: objection, disposition: disposition, day: day)
    }
    #expect(door.refusal(done("2021-11-12")) == isOpen)
    #expect(door.refusal(answer("Shut Gas", "2021-11-01")) == isOpen)
    #expect(door.refusal(consult("report", "2021-11-01", "2021-11-22")) == outOfOrder)
    #expect(
      door.refusal(consult("legal-text", "2021-10-22", "2021-10-22"))
        == "consultation-days C3-front-1")
    try door.modify(consult("legal-text", "2021-10-22", "2021-11-12"))
    #expect(door.refusal(answer("", "2021-11-01")) == "response-unusable C3-front-2")
    try door.modify(answer("Open Power", "2021-11-13"))
    try door.modify(answer("Shut Gas", "2021-11-01", objection: "prices"))
    #expect(door.refusal(done("2021-11-13")) == isOpen)
    try door.modify(answer("Open Power", "2021-11-13", disposition: "taken in"))
    try door.modify(
      answer("Shut Gas", "2021-11-01", objection: "prices", disposition: "taken in"))
    #expect(door.refusal(done("2021-11-11")) == isOpen)
    let file = try door.estate.node.proposals.file(of: "MP173")
    let window = try #require(file.consultations.first)
    #expect(file.responses.filter { $0.isLate(for: window) }.map(\.organisation) == ["Open Power"])
    try door.modify(done("2021-11-13"))
  }

  /// The report is approved when nothing is missing, and then stays as it is.
  private static func report(_ door: PMADoor) throws {
    func approve(_ body: String = csc) -> String {
      door.refusal(advance(door, "report-approved", "2021-11-30", body))
    }
    #expect(approve() == "report-incomplete M4-report-content")
    try fillReport(door)
    for (topic, name, value) in [
      ("objective", "z", "better"), ("impact", "DCC", "some"), ("cost", "SECAS", "much"),
      ("change", "Section G", "no-change"), ("section", "appendix", ""),
      ("consumer", "x", "better"),
    ] {
      let remark = PMAModification.Act.remark(
        proposal: "MP173", topic: topic, name: name, value: value, text: "t")
      #expect(door.refusal(remark).hasPrefix("remark-unusable"), "\(topic)")
    }
    #expect(approve() == "report-incomplete M4-report-content")
    for (name, value) in [("Device CP", "redline"), ("RAPP", "no-change")] {
      try door.modify(
        .remark(proposal: "MP173", topic: "change", name: name, value: value, text: "6.2.2"))
    }
    #expect(approve("SMKI PMA") == "not-the-body M4-csc")
    #expect(approve() == "")
    let late = PMAModification.Act.remark(
      proposal: "MP173", topic: "view", name: "PMA", value: "", text: "in favour")
    #expect(door.refusal(late) == outOfOrder)
    // Costs are estimated again when changes are bundled.
    try door.modify(
      .remark(proposal: "MP173", topic: "cost", name: "SECAS", value: "1/600", text: "bundled"))
    try door.modify(
      .consult(proposal: "MP173", kind: "report", from: "2021-12-01", until: "2021-12-22"))
  }

  /// The PMA decides no proposal, and the day of the decision picks the release.
  private static func decide(_ door: PMADoor) throws {
    door.set(try #require(Day("2022-02-25")))
    try door.modify(advance(door, "report-consulted", "2021-12-22", "SECAS"))
    func decide(_ body: String, approved: Bool? = true) -> String {
      door.refusal(advance(door, "decided", "2022-02-10", body, approved: approved))
    }
    #expect(decide("SMKI PMA") == "not-the-body R2-36")
    #expect(decide("Change Board") == "no-release M4-impl-b")
    #expect(
      door.refusal(.release(day: "2022-02-24", cutOff: "2022-02-25"))
        == "release-unusable M4-impl-a")
    for day in ["2022-02-24", "2022-06-30"] { try door.modify(.release(day: day, cutOff: nil)) }
    #expect(decide("Change Board", approved: nil) == "proposal-unusable L1.18")
    func path(_ path: String) -> PMAModification.Act { .path(proposal: "MP173", path: path) }
    try door.modify(path("authority-determined"))
    #expect(decide("Change Board") == "not-the-body R2-36")
    try door.modify(path("self-governance"))
    #expect(decide("Change Board") == "")
    let proposal = try door.estate.node.proposals.file(of: "MP173").proposal
    #expect(proposal.release == Day("2022-02-24"))
    #expect(door.refusal(path("authority-determined")) == outOfOrder)
    #expect(door.refusal(advance(door, "implemented", "2022-02-23", "SECAS")) == outOfOrder)
    try door.modify(advance(door, "implemented", "2022-02-24", "SECAS"))
  }

  @Test(
    "the cut-off itself is in time, and the day after it is for the next release",
    .clause("M4-impl-a", "M4-impl-b"),
    arguments: [
      ("2022-02-09", "2022-02-24"), ("2022-02-10", "2022-02-24"), ("2022-02-11", "2022-06-30"),
      ("2022-06-16", "2022-06-30"), ("2022-06-17", nil),
    ] as [(String, String?)])
  func release(day: String, expected: String?) throws {
    let releases = try [("2022-06-30", "2022-06-16"), ("2022-02-24", "2022-02-10")].map {
      Release(day: try #require(Day($0.0)), cutOff: try #require(Day($0.1)))
    }
    let chosen = Release.chosen(decided: try #require(Day(day)), from: releases)
    #expect(chosen?.day == expected.flatMap { Day($0) })
  }
}
