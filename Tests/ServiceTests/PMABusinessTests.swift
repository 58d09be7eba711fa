// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Foundation
import Governance
import SEC
import Service
import Testing

@Suite("The business of the PMA, L1.17, by operations of a node")
struct PMABusinessTests {
  @Test(
    "a practice statement is in force when that version was approved, and its text is not kept",
    .clause(
      "L1.17(a)", "L9.8(d)", "L9.9(b)", "L9.9(b)(i)", "L9.9(b)(ii)", "L9.9(c)", "L9.14(d)",
      "L9.15(b)", "L9.15(b)(i)", "L9.15(b)(ii)", "L9.15(c)", "L9.12", "L9.18", "C3-127-cps"))
  func practiceStatement() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    #expect(
      door.refusal { try door.begin("c", "practice-statement", "Recovery Procedure") }
        == "matter-subject L1.17")
    for (subject, mark) in [("Device CPS", "d"), ("Organisation CPS", "o"), ("IKI CPS", "i")] {
      try Self.first(door, subject, mark)
      try Self.amended(door, subject, mark)
    }
  }

  private static func inForce(_ door: PMADoor, _ subject: String) throws -> String? {
    try door.estate.node.matters.statementInForce(subject, on: door.today)?.version
  }

  /// The first version is in force once its approval was carried out.
  private static func first(_ door: PMADoor, _ subject: String, _ mark: String) throws {
    let (kind, matter) = ("practice-statement", "\(mark)1")
    try door.begin(matter, kind, subject, version: "1.0")
    #expect(door.refusal { try door.begin(matter, kind, subject) } == "matter-exists L1.17")
    func motion(_ outcome: String, _ kind: String = "approve-cps") -> String {
      door.refusal(door.motion("v\(mark)", kind, ["matter": matter, "outcome": outcome]))
    }
    #expect(door.refusal(door.motion("u", "approve-cps", [:])) == "terms-missing L1.17(a)")
    #expect(
      door.refusal(door.motion("u", "approve-cps", ["matter": "none", "outcome": "approved"]))
        == "matter-unknown L1.17")
    #expect(motion("approved") == "papers-missing L1.17(a)")
    #expect(
      door.refusal(.paper(matter: matter, name: "statement", octets: Data()))
        == "paper-unusable L1.17")
    try door.file(["statement"], to: matter)
    #expect(try door.estate.node.matters.file(of: matter).papers.map(\.text) == [""])
    // L9.9(b): an initial draft is not rejected.
    #expect(motion("rejected") == "matter-vote L1.17(a)")
    #expect(motion("approved", "advise") == "matter-vote L1.17(a)")
    let terms = ["matter": matter, "outcome": "approved"]
    #expect(try door.decide("v\(mark)", "approve-cps", terms) == "carried")
    #expect(try inForce(door, subject) == nil)
    try door.perform(CarryOut(vote: "v\(mark)", kind: "approve-cps"))
    #expect(try inForce(door, subject) == "1.0")
    #expect(
      door.refusal(.paper(matter: matter, name: "statement", octets: Data([1])))
        == "matter-stage L1.17")
  }

  /// The next is approved subject to amendments, and is in force when they are made.
  private static func amended(_ door: PMADoor, _ subject: String, _ mark: String) throws {
    let matter = "\(mark)2"
    try door.begin(matter, "practice-statement", subject, version: "2.0")
    try door.file(["statement"], to: matter)
    let motion = door.motion(
      "u", "approve-cps", ["matter": matter, "outcome": "approved-subject-to"])
    #expect(door.refusal(motion) == "papers-missing L9.9(b)(ii)")
    for number in 1...2 {
      try door.business(.direct(matter: matter, number: number, text: "Amend \(number)"))
    }
    #expect(door.refusal(.amended(matter: matter, number: 1)) == "matter-stage L1.17")
    try door.settle(matter, "approve-cps", "approved-subject-to")
    #expect(door.refusal(.amended(matter: matter, number: 3)) == "amendment-unknown L9.9(c)")
    try door.business(.amended(matter: matter, number: 1))
    #expect(door.refusal(.issue(matter: matter)) == "matter-stage L1.17")
    #expect(try inForce(door, subject) == "1.0")
    try door.business(.amended(matter: matter, number: 2))
    #expect(try inForce(door, subject) == "2.0")
    try door.business(.issue(matter: matter))
    #expect(try door.told(matter) == ["DCC full"])
  }

  @Test(
    "an S1SPKI statement is approved, not rejected or rejected; a rejected one is not in force",
    .clause("L1.17(p)", "L1.17(p)(i)", "L1.17(p)(ii)", "L1.17(g)"))
  func s1spki() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    for (version, outcome) in [("1.0", "approved"), ("2.0", "rejected"), ("3.0", "not-rejected")] {
      try door.begin(version, "s1spki-practice-statement", "S1SPKI CPS of X", version: version)
      try door.file(["statement"], to: version)
      #expect(
        door.refusal(
          door.motion("v", "approve-cps", ["matter": version, "outcome": outcome]))
          == "matter-vote L1.17(p)")
      try door.settle(version, "decide-s1spki", outcome)
      let standing = try door.estate.node.matters.statementInForce(
        "S1SPKI CPS of X", on: door.today)
      #expect(standing?.version == (outcome == "rejected" ? "1.0" : version))
    }
    // The DCCKI's own is looked at and not approved.
    try door.begin("g", "dccki-practice-statement", "DCCKI CPS", version: "1.0")
    try door.file(["statement", "findings"], to: "g")
    try door.settle("g", "accept-review", "reviewed")
    try door.business(.issue(matter: "g"))
    #expect(try door.told("g") == ["DCC full"])
  }

  @Test(
    "reviews tell whom the rule names, and nobody before the redacted text is there",
    .clause(
      "L1.17(c)", "L1.17(e)", "L1.17(e)(i)", "L1.17(e)(ii)", "L1.17(q)", "L1.17(q)(i)",
      "L1.17(q)(ii)", "M4-observation-class", "M4-contingency-order", "M4-approved-by-pma"))
  func reviews() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    for (matter, kind) in [("e", "dccki-review"), ("q", "s1spkm-review")] {
      try door.begin(matter, kind, "the set")
      try door.file(["findings", "recommendations"], to: matter)
      try door.settle(matter, "accept-review", "change-needed")
    }
    #expect(door.refusal(.issue(matter: "e")) == "redaction-missing L1.17(e)(ii)")
    #expect(try door.told("e").isEmpty)
    try door.file(["redacted"], to: "e")
    for matter in ["e", "q"] { try door.business(.issue(matter: matter)) }
    #expect(try door.told("e") == ["DCC full", "Parties redacted", "Security Sub-Committee full"])
    #expect(try door.told("q") == ["DCC full", "Security Sub-Committee full"])
    // The review of the SMKI set discharges the duty of the year.
    try door.begin("c", "smki-review", "the set")
    func observe(_ isOpen: Bool) -> PMABusiness.Act {
      .observe(
        matter: "c", number: 5, document: "L", sort: "recovery-clarity", text: "The order",
        recommendation: "Put 2 before 1", isOpen: isOpen)
    }
    try door.business(observe(true))
    try door.file(["findings", "recommendations"], to: "c")
    let motion = door.motion("v", "accept-review", ["matter": "c", "outcome": "reported"])
    #expect(door.refusal(motion) == "papers-missing L1.17(c)")
    try door.file(["sec-objectives"], to: "c")
    try door.settle("c", "accept-review", "reported")
    #expect(door.refusal(observe(true)) == "matter-stage L1.17")
    try door.business(observe(false))
    try door.business(.issue(matter: "c"))
    #expect(try door.told("c") == ["Panel full"])
    #expect(door.refusal(.issue(matter: "c")) == "matter-stage L1.17")
    let owed = try door.estate.node.duties.instances(on: door.today).filter {
      $0.duty.clause == "L1.17(c)"
    }
    #expect(owed.contains { $0.discharge != nil })
  }

  @Test(
    "the change of a document begins its review by itself; the Compliance Policy's asks for costs",
    .clause(
      "L1.17(d)", "L1.17(d)(i)", "L1.17(d)(ii)", "L1.17(d)(iii)", "L1.17(d)(iv)",
      "L1.17(d)(v)", "L1.17(d)(vi)", "L1.17(f)", "L1.17(f)(i)", "L1.17(f)(ii)", "L1.17(h)",
      "L1.17(r)", "L1.17(r)(i)", "L1.17(r)(ii)", "L1.17(r)(iii)", "L1.17(r)(iv)"))
  func changes() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    let reviewed = [
      "Compliance Policy", "SMKI RAPP", "A", "Organisation CP", "IKI CP", "Recovery Procedure",
      "DCCKI RAPP", "S", "S1SPKI CP", "S1SPKI RAPP", "AT", "S1SPKM Compliance Policy",
      "Enduring Test Approach Document", "Section L",
    ]
    for document in reviewed {
      try door.perform(
        ReportDutyEvent(
          event: "document-incorporated", subject: document, day: nil, reference: "SEC v90"))
    }
    let opened = try door.estate.node.matters.all()
    #expect(
      opened.map { "\($0.kind.rawValue) \($0.subject)" }.sorted()
        == [
          "dccki-document-review DCCKI CP", "dccki-document-review DCCKI RAPP",
          "s1spkm-document-review S1SPKI CP", "s1spkm-document-review S1SPKI RAPP",
          "s1spkm-document-review S1SPKM Compliance Policy",
          "s1spkm-document-review SMETS1 CKMP", "smki-document-review Compliance Policy",
          "smki-document-review Device CP", "smki-document-review IKI CP",
          "smki-document-review Organisation CP", "smki-document-review RAPP",
          "smki-document-review Recovery Procedure",
        ])
    // As soon as practicable is ten Working Days [assumed].
    #expect(opened.allSatisfy { $0.due == WorkingDays().adding(10, to: door.today) })
    let policy = try #require(opened.first { $0.subject == "Compliance Policy" }).id
    try door.file(["findings"], to: policy)
    let terms = ["matter": policy, "outcome": "no-change"]
    #expect(
      door.refusal(door.motion("v", "accept-review", terms)) == "papers-missing L1.17(h)")
    try door.file(["cost-liability"], to: policy)
    try door.settle(policy, "accept-review", "no-change")
    try door.business(.issue(matter: policy))
    #expect(try door.told(policy).isEmpty)
  }

  @Test(
    "advice, nominations and other functions go to whom the rule names",
    .clause(
      "L1.17(i)", "L1.17(j)", "L1.17(k)", "L1.17(l)", "L1.17(m)", "L1.17(n)", "L1.17(o)",
      "L1.17(s)", "L2.8", "L2.9(a)", "L2.9(b)", "L2.10", "L2.11"))
  func advice() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    for (kind, subject, papers, vote, outcome, told) in [
      (
        "proposal-advice", "MP200", "advice", "advise", "advised",
        "Change Board, Change Sub-Committee, Panel, Working Groups"
      ),
      ("dispute-advice", "S1SPKM", "dispute advice", "advise", "advised", "Panel"),
      (
        "general-advice", "DCCKI Services", "advice", "advise", "advised", "Panel, Sub-Committees"
      ),
      (
        "nomination", "north", "purpose procedure-reference", "nominate-party", "nominated",
        "DCC, Nominated Party"
      ),
      (
        "recovery-key", "incident 1", "compromise recovery-key-guidance", "use-contingency-key",
        "contingency-key", "DCC"
      ),
      (
        "recovery-key", "incident 2", "compromise recovery-key-guidance", "use-recovery-key",
        "no-use", ""
      ),
      (
        "non-compliance", "north", "report", "determine-non-compliance", "event-of-default",
        "Affected Parties, Panel, Participant"
      ),
      ("default-advice", "north", "advice", "advise", "advised", "Panel"),
      ("document-function", "L9.1", "reference result", "general", "done", ""),
      ("other-function", "C8", "reference result", "general", "done", ""),
    ] {
      let matter = subject.replacingOccurrences(of: " ", with: "-") + "-\(kind)"
      try door.begin(matter, kind, subject)
      try door.file(papers.split(separator: " ").map(String.init), to: matter)
      if kind == "recovery-key", outcome == "contingency-key" {
        let wrong = door.motion(
          "v", "use-recovery-key", ["matter": matter, "outcome": "contingency-key"])
        #expect(door.refusal(wrong) == "matter-vote L1.17(i)")
      }
      if vote == "general" {
        #expect(
          try door.decide(matter, "general", ["matter": matter, "outcome": outcome]) == "carried")
        try door.perform(CarryOut(vote: matter, kind: "general"))
      } else {
        try door.settle(matter, vote, outcome)
      }
      try door.business(.issue(matter: matter))
      let names = try door.estate.node.matters.file(of: matter).notices.map(\.recipient)
      #expect(names.sorted().joined(separator: ", ") == told, "\(kind)")
    }
    // A vote about nothing that happens is not carried out.
    #expect(try door.decide("n", "general", [:]) == "carried")
    let nothing = door.refusal { try door.perform(CarryOut(vote: "n", kind: "general")) }
    #expect(nothing == "not-decided L1.15")
  }

  @Test(
    "the Panel's own matters are decided by its minute, and by no vote of the PMA",
    .clause("L1.5(f)(i)", "L8.10", "C3-265", "C3-232", "C3-289-2"))
  func panel() throws {
    let door = try PMADoor(on: "2026-01-05")
    for (kind, papers, outcome, told) in [
      ("chair-notice", "proposed-chair independence", "notified", ["Secretary of State full"]),
      ("demand-report", "report", "published", ["Website full"]),
      (
        "testing-opinion", "issue opinion", "given",
        ["DCC full", "Participant full", "Website full"]
      ),
      ("interface-exit", "criteria reasons", "met", ["Authority full", "Parties full"]),
      ("products-change", "change", "made", ["Parties full"]),
    ] {
      try door.begin(kind, kind, "subject of \(kind)")
      let act = PMABusiness.Act.panelDecision(matter: kind, outcome: outcome)
      #expect(door.refusal(act).hasPrefix("papers-missing"))
      try door.file(papers.split(separator: " ").map(String.init) + ["panel-minute"], to: kind)
      #expect(
        door.refusal(.panelDecision(matter: kind, outcome: "other")).hasPrefix("matter-vote"))
      try door.business(act)
      #expect(door.refusal(act) == "matter-stage L1.17")
      try door.business(.issue(matter: kind))
      #expect(try door.told(kind) == told)
    }
    let owed = try door.estate.node.duties.instances(on: door.today)
    #expect(!owed.contains { $0.duty.clause == "L1.5(f)(i)" && $0.discharge == nil })
  }

  @Test(
    "the list of 2014 ends with (l): no DCCKI, no S1SPKI, no IKI, three bodies to advise",
    .clause(
      "L1.17(a)@2014", "L1.17(d)@2014", "L1.17(g)@2014", "L1.17(i)@2014", "L1.17(j)@2014"))
  func of2014() throws {
    let door = try PMADoor(on: "2014-06-02")
    for (kind, subject, code) in [
      ("dccki-review", "the set", "no-such-business"), ("s1spkm-review", "x", "no-such-business"),
      ("s1spki-practice-statement", "x", "no-such-business"),
      ("recovery-key", "x", "no-such-business"),
      ("practice-statement", "IKI CPS", "matter-subject"),
      ("dispute-advice", "DCCKI", "matter-subject"),
      ("general-advice", "DCCKI Services", "matter-subject"), ("smki-review", "", "matter-subject"),
    ] {
      #expect(
        door.refusal { try door.begin("x", kind, subject) } == "\(code) L1.17", "\(kind)")
    }
    for (kind, subject) in [
      ("practice-statement", "Device CPS"), ("dispute-advice", "SMKI"),
      ("general-advice", "SMKI Services"), ("proposal-advice", "MP1"),
    ] {
      try door.begin(kind, kind, subject)
    }
    let advised = try door.estate.node.matters.file(of: "proposal-advice").matter.rule?.recipients
    #expect(advised?.map(\.name) == ["Panel", "Change Board", "Working Groups"])
    for document in ["IKI CP", "DCCKI CP"] {
      try door.perform(
        ReportDutyEvent(
          event: "document-incorporated", subject: document, day: nil, reference: "SEC 2"))
    }
    #expect(try door.estate.node.matters.all().count == 4)
  }
}
