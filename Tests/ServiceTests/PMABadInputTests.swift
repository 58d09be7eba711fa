// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Governance
import SEC
import Service
import Testing

/// What the issue of the PMA lists as bad input, case by case.
@Suite("Bad input to the PMA is refused with its clause, or computed as the clause says")
struct PMABadInputTests {
  private static let general = PMAAct.Act.openVote(
    vote: "v", meeting: "m", item: 1, kind: "general", motion: "That", subject: "")

  @Test(
    "a quorum lost in mid-meeting, a second vote, a late one, a motion taken back, a tie",
    .clause("L1.13", "L1.15", "R2-29-v"))
  func votes() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    func cast(_ person: String, _ choice: String, in vote: String = "v") -> PMAAct.Act {
      .cast(vote: vote, person: person, choice: choice)
    }
    try door.act(Self.general)
    #expect(door.refusal(Self.general) == "vote-exists L1.15")
    try door.act(cast("small", "for"))
    #expect(door.refusal(cast("small", "against")) == "voted-twice L1.15")
    #expect(door.refusal(cast("security", "perhaps")).hasPrefix("unknown-word"))
    // The Chair goes: nothing is decided until there is a quorum again.
    try door.act(.go(meeting: "m", person: "chair"))
    #expect(door.refusal(.closeVote(vote: "v")) == "not-quorate L1.13")
    #expect(
      door.refusal(door.motion("w", "general", [:])) == "not-quorate L1.13")
    door.estate.pass(seconds: 60)
    try door.act(.arrive(meeting: "m", person: "chair"))
    try door.act(.go(meeting: "m", person: "technical"))
    #expect(door.refusal(cast("technical", "against")) == "not-there L1.13")
    door.estate.pass(seconds: 60)
    try door.act(.arrive(meeting: "m", person: "technical"))
    #expect(try door.act(.closeVote(vote: "v")).outcome == "carried")
    #expect(door.refusal(cast("technical", "against")) == "vote-closed L1.15")
    #expect(door.refusal(.closeVote(vote: "v")) == "vote-closed L1.15")
    #expect(door.refusal(.withdraw(vote: "v")) == "vote-closed L1.15")
    // A motion taken back is neither carried nor lost.
    try door.estate.add("x", [.importSupplier])
    try door.act(door.motion("w", "suspend", about: "x", [:]))
    try door.act(cast("small", "for", in: "w"))
    try door.act(.withdraw(vote: "w"))
    #expect(door.refusal(cast("security", "for", in: "w")) == "vote-closed L1.15")
    #expect(
      door.refusal { try door.perform(CarryOut(vote: "w", kind: "suspend")) }
        == "not-decided L1.15")
    // Equal votes, and the Chair does not use the casting vote: it is lost.
    try door.act(door.motion("t", "general", [:]))
    for (person, choice) in [("small", "for"), ("security", "against"), ("technical", "abstain")] {
      try door.act(cast(person, choice, in: "t"))
    }
    #expect(door.refusal(.closeVote(vote: "t")) == "casting-vote-due L1.15")
    let lost = try door.act(.closeVote(vote: "t", casting: "unused"))
    #expect(lost.outcome == "lost")
    #expect(lost.reasons.last?.contains("the Chair has the casting vote and did not") == true)
  }

  @Test(
    "what the sources leave open is configuration, in words that the program knows",
    .clause("L1.15", "L1.6(a)", "L1.6(c)"))
  func rules() throws {
    var rules = ProceedingRules()
    rules.majorities = ["general": "majority-of-entitled"]
    rules.allowsRemovalInWriting = true
    rules.confirmationSteps = ["undertaking"]
    let door = try PMADoor(on: "2026-01-05", rules: rules)
    try door.inMeeting()
    try door.act(Self.general)
    try door.act(.cast(vote: "v", person: "small", choice: "for"))
    #expect(try door.act(.closeVote(vote: "v")).outcome == "lost")
    try door.estate.add("x", [.importSupplier])
    try door.act(door.motion("s", "suspend", about: "x", [:]))
    try door.act(.cast(vote: "s", person: "small", choice: "for"))
    #expect(try door.act(.closeVote(vote: "s")).outcome == "carried")
    let removal = PMAAct.Act.openVote(
      vote: "r", meeting: nil, item: 1, kind: "remove-member", motion: "That",
      subject: "small-supplier", terms: ["seat": "small-supplier"])
    try door.act(removal)
    let usual = try PMADoor(on: "2026-01-05")
    try usual.four()
    #expect(usual.refusal(removal).hasPrefix("not-in-writing"))
    for who in [door, usual] {
      try who.person("ann")
      try who.file("contract provider-independence undertaking", of: "ann", for: "specialist")
    }
    try door.seat("ann", in: "specialist")
    #expect(
      usual.refusal { try usual.seat("ann", in: "specialist") }
        == "appointment-step-missing L1.6(a)")
    rules.majority = "most"
    #expect(throws: NodeError.unknownWord("proceedings")) {
      _ = try PMADoor(on: "2026-01-05", rules: rules)
    }
  }

  @Test(
    "a conflicted Member, a person in two seats, an Alternate of the same employer",
    .clause("R2-26", "L1.4", "L1.12(c)@2014"))
  func people() throws {
    let door = try PMADoor(on: "2014-06-02")
    try door.four()
    try door.organisation("small-sister", "other", group: "small-1")
    try door.person("sister", of: "small-sister")
    #expect(
      door.refusal(
        .alternate(
          seat: "small-supplier", person: "sister", independence: "", unavailable: "", day: nil)
      ).hasPrefix("alternate"))
    try door.file(PMADoor.specialist, of: "small", for: "specialist")
    #expect(
      door.refusal {
        try door.act(
          .seat(seat: "specialist", person: "small", basis: "x", day: nil, months: nil))
      } == "second-office L1.4")
    try door.meet(
      "m", items: [PMAAct.Item(title: "Business")], present: ["chair"] + PMADoor.voters)
    try door.act(Self.general)
    try door.act(.conflict(meeting: "m", item: 1, person: "small", reason: "holds shares"))
    #expect(
      door.refusal(.cast(vote: "v", person: "small", choice: "for")) == "conflicted R2-26")
    #expect(door.refusal(.closeVote(vote: "v")) == "not-quorate L1.13")
  }

  @Test(
    "fewer candidates than seats are elected, and the rest of the seats stays vacant",
    .clause("R2-42", "L1.7"))
  func election() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.organisation("large-1", "large-supplier")
    for person in ["ann", "bob"] { try door.person(person) }
    try door.nominate(["ann", "bob"], in: "e", "large-suppliers", seats: 3)
    let election = try door.estate.node.elections.election("e")
    #expect(election.state == .closed)
    #expect(
      try door.estate.node.elections.candidates(of: "e").allSatisfy { $0.isElected == true })
    let late = door.refusal { _ = try door.vote("large-1", ["ann"], in: "e") }
    #expect(late.hasPrefix("ballot-closed"))
    for (person, seat) in [("ann", "large-supplier-1"), ("bob", "large-supplier-2")] {
      try door.file(PMADoor.elected, of: person, for: seat)
      try door.seat(person, in: seat, basis: "e")
    }
    #expect(try door.holder(.largeSupplier3) == nil)
    try door.person("carl")
    try door.file(PMADoor.elected, of: "carl", for: "large-supplier-3")
    #expect(
      door.refusal { try door.seat("carl", in: "large-supplier-3", basis: "e") }
        == "not-elected L1.6(a)")
  }

  @Test("what was decided is not undone by a day put before it", .clause("L1.13"))
  func retrospective() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    try door.act(Self.general)
    let before = door.today.adding(days: -1)
    func leave(_ day: Day) -> PMAAct.Act {
      .leave(
        seat: "small-supplier", reason: "resigned", evidence: "letter", day: day.description)
    }
    let meeting = door.today
    door.pass(days: 3)
    let refusal = Refusal.retrospective(.smallSupplier, before, "v")
    #expect(door.refusal(leave(before)) == PMADoor.told(refusal))
    #expect(door.refusal(leave(meeting)) == "retrospective L1.13")
    try door.act(leave(meeting.adding(days: 1)))
    #expect(try door.holder(.smallSupplier) == nil)
    // Nor is somebody put into a seat on a day on which another acted for it.
    try door.person("late")
    try door.file(PMADoor.nominee, of: "late", for: "security")
    try door.act(.leave(seat: "security", reason: "resigned", evidence: "letter", day: nil))
    func seat(_ day: Day?) -> PMAAct.Act {
      .seat(
        seat: "security", person: "late", basis: "notice", day: day?.description, months: nil)
    }
    #expect(door.refusal(seat(before)).hasPrefix("seat-taken"))
    try door.act(seat(nil))
    #expect(try door.holder(.security) == "late")
  }

  @Test(
    "a rule set that changes between notice and meeting: the day of the meeting picks",
    .clause("L1.14(a)", "L1.14(a)@2014", "L1.3", "L1.3@2014"))
  func betweenNoticeAndMeeting() throws {
    // Ten seats from 24 February 2022: notice under seven, the meeting under ten.
    let door = try PMADoor(on: "2022-02-14")
    try door.four()
    try door.fill("specialist", with: "spec", PMADoor.specialist)
    door.set(try #require(Day("2022-02-22")))
    let held = try #require(Day("2022-03-02"))
    try door.act(
      .convene(
        meeting: "m", held: held.begins.adding(seconds: 36_000).rfc3339, place: "London",
        items: [PMAAct.Item(title: "Business")], shortNotice: ""))
    #expect(
      try door.estate.node.meetings.invitees(of: "m").map(\.capacity) == [.dcc])
    door.set(held)
    try door.act(.open(meeting: "m"))
    // The Specialist is a Member now, and is the fourth of the quorum.
    for person in ["chair", "security", "small", "spec"] {
      try door.act(.arrive(meeting: "m", person: person))
    }
    try door.act(Self.general)
    let vote = try #require(try door.estate.node.votes.all().first)
    #expect(vote.edition == .current)
    try door.act(.cast(vote: "v", person: "spec", choice: "for"))
    #expect(try door.act(.closeVote(vote: "v")).outcome == "carried")
  }

  @Test(
    "leap days and bank holidays on deadlines",
    .clause("A1-working-day", "L1.17(d)"))
  func days() throws {
    let door = try PMADoor(on: "2024-02-19")
    // Ten Working Days over a leap day, over Easter of 2026, and over Christmas.
    for (day, due) in [
      ("2024-02-19", "2024-03-04"), ("2026-03-27", "2026-04-14"), ("2026-12-21", "2027-01-07"),
    ] {
      door.set(try #require(Day(day)))
      try door.perform(
        ReportDutyEvent(
          event: "document-incorporated", subject: "RAPP", day: nil, reference: "SEC v90"))
      #expect(try door.estate.node.matters.all().last?.due.description == due)
    }
  }
}
