// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Duties
import Governance
import Records
import SEC
import Testing

@Suite("Meetings, votes and what they decide")
struct MeetingTests {
  private let items = [
    AgendaItem(number: 1, title: "Business"),
    AgendaItem(number: 2, title: "A party", subject: "large-1", isConfidential: true),
  ]
  private let four = ["p-chair", "p-large-supplier-1", "p-security", "p-technical"]

  private func code(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return (error as? Refusal)?.code ?? "\(error)"
    }
  }

  private func body(on day: String = "2026-01-05") throws -> SampleBody {
    let body = try SampleBody(on: day)
    try body.fill()
    return body
  }

  @Test(
    "a notice has its Working Days, its agenda and the standing attendees",
    .clause("L1.14(a)", "L1.14(a)@2014", "L1.15", "R2-29-n"))
  func notice() throws {
    for (day, invited) in [
      ("2026-01-05", ["dcc"]), ("2014-06-02", ["dcc", "government", "ofgem", "specialist"]),
    ] {
      let body = try body(on: day)
      func convene(_ id: String, days: Int, _ items: [AgendaItem], _ short: String = "") throws {
        try body.meetings.convene(
          id, at: WorkingDays().adding(days, to: body.today).begins.adding(seconds: 36_000),
          place: "London", agenda: items,
          shortNotice: short, at: body.now, by: body.by)
      }
      #expect(code { try convene("m", days: 5, []) } == "no-agenda")
      #expect(code { try convene("m", days: 4, items) } == "notice-too-short")
      try convene("m", days: 5, items)
      try convene("urgent", days: 1, items, "a key is at risk")
      #expect(code { try convene("m", days: 5, items) } == "meeting-exists")
      let invitees = try body.meetings.invitees(of: "m")
      #expect(invitees.map(\.capacity.rawValue).sorted() == invited)
      #expect(invitees.first { $0.capacity == .dcc }?.maySpeak == true)
      #expect(invitees.first { $0.capacity == .specialist }?.maySpeak ?? true)
      #expect(code { try body.meetings.open("m", at: body.now, by: body.by) } == "meeting-stage")
    }
  }

  @Test(
    "others are invited by the Chair, without a vote and with leave only",
    .clause("L1.14(b)", "R2-29-o"))
  func invitations() throws {
    let body = try body()
    try body.meet("m", items: items, present: four)
    func invite(_ chair: String) throws {
      try body.meetings.invite(
        "Lee Legal", as: .legalAdviser, to: "m", by: chair, at: body.now, by: body.by)
    }
    #expect(code { try invite("p-security") } == "only-chair-invites")
    try invite("p-chair")
    #expect(
      try body.meetings.invitees(of: "m").first { $0.capacity == .legalAdviser }?.maySpeak == false)
    #expect(
      code { try body.meetings.open("nowhere", at: body.now, by: body.by) } == "meeting-unknown")
  }

  @Test("four with the Chair are a quorum; three, or four without, are none", .clause("L1.13"))
  func quorum() throws {
    let body = try body()
    try body.meet("m", items: items, present: Array(four.prefix(3)))
    func open(_ id: String, item: Int = 1) throws {
      try body.votes.open(
        id, in: "m", item: item, kind: .general, motion: "That it be so", at: body.now, by: body.by)
    }
    #expect(code { try open("v") } == "not-quorate")
    try body.meetings.arrive("p-technical", to: "m", at: body.now, by: body.by)
    #expect(
      code { try body.meetings.arrive("p-technical", to: "m", at: body.now, by: body.by) }
        == "already-there")
    #expect(code { try open("v", item: 9) } == "item-unknown")
    try open("v")
    #expect(code { try open("v") } == "vote-exists")
    body.now = body.now.adding(seconds: 60)
    try body.meetings.leave("p-chair", from: "m", at: body.now, by: body.by)
    #expect(
      code { try body.meetings.leave("p-chair", from: "m", at: body.now, by: body.by) }
        == "not-there")
    try body.meetings.arrive("p-small-supplier", to: "m", at: body.now, by: body.by)
    #expect(try body.meetings.quorum(item: 1, of: "m", at: body.now).counted.count == 4)
    #expect(try !body.meetings.quorum(item: 1, of: "m", at: body.now).isMet)
    try body.cast("v", [("p-security", .yes)])
    // Lost in mid-meeting: what was opened is not decided, and nothing new is put.
    #expect(code { _ = try body.votes.close("v", at: body.now, by: body.by) } == "not-quorate")
    #expect(code { try open("w") } == "not-quorate")
    #expect(try body.meetings.quorum(item: 1, of: "m", at: body.now.adding(seconds: -30)).isMet)
    #expect(code { try body.meetings.close("m", at: body.now, by: body.by) } == "vote-open")
    try body.votes.withdraw("v", at: body.now, by: body.by)
    #expect(code { try body.cast("v", [("p-technical", .yes)]) } == "vote-closed")
    try body.meetings.close("m", at: body.now, by: body.by)
    #expect(code { try open("w") } == "meeting-stage")
  }

  @Test(
    "who works for the subject, or an Affiliate, stands aside: no quorum, no vote",
    .clause("R2-26", "L1.13"))
  func conflicts() throws {
    let body = try body()
    try body.meet("m", items: items, present: four)
    let quorum = try body.meetings.quorum(item: 2, of: "m", at: body.now)
    #expect(quorum.excused == ["p-large-supplier-1"])
    #expect(!quorum.isMet)
    try body.meetings.arrive("p-small-supplier", to: "m", at: body.now, by: body.by)
    try body.votes.open(
      "v", in: "m", item: 2, kind: .suspend, motion: "Suspend", subject: "large-1", at: body.now,
      by: body.by)
    #expect(code { try body.cast("v", [("p-large-supplier-1", .no)]) } == "no-vote")
    try body.meetings.declare(
      "p-security", conflictIn: 2, of: "m", reason: "shares", at: body.now, by: body.by)
    #expect(code { try body.cast("v", [("p-security", .no)]) } == "conflicted")
    #expect(code { _ = try body.votes.close("v", at: body.now, by: body.by) } == "not-quorate")
  }

  @Test("the result is computed from who could vote at the opening", .clause("L1.15"))
  func eligibility() throws {
    let body = try body()
    try body.meet("m", items: items, present: four)
    try body.votes.open(
      "v", in: "m", item: 1, kind: .general, motion: "That it be so", at: body.now, by: body.by)
    try body.meetings.arrive("p-small-supplier", to: "m", at: body.now, by: body.by)
    #expect(code { try body.cast("v", [("p-small-supplier", .yes)]) } == "no-vote")
    try body.cast("v", [("p-security", .yes), ("p-technical", .abstain)])
    #expect(code { try body.cast("v", [("p-security", .yes)]) } == "voted-twice")
    try body.meetings.leave("p-large-supplier-1", from: "m", at: body.now, by: body.by)
    #expect(code { try body.cast("v", [("p-large-supplier-1", .no)]) } == "not-there")
    let tally = try body.votes.close("v", at: body.now, by: body.by)
    #expect(tally.outcome == .carried)
    #expect((tally.inFavour, tally.against, tally.abstentions, tally.silent) == (1, 0, 1, 1))
    #expect(code { _ = try body.votes.close("v", at: body.now, by: body.by) } == "vote-closed")
    #expect(code { _ = try body.votes.close("x", at: body.now, by: body.by) } == "vote-unknown")
    #expect(try body.votes.all().first?.reasons.contains("4 of 4 Members") == true)
  }

  @Test(
    "the Chair votes only to break a tie", .clause("R2-29-v"),
    arguments: ["2014-06-02", "2026-01-05"])
  func casting(day: String) throws {
    let body = try body(on: day)
    // R2-29-v is of 2014; what gives the Chair the vote now is L1.15 (C5).
    let clause: Clause = day < "2022" ? "R2-29-v" : "L1.15"
    try body.meet("m", items: items, present: four + ["p-small-supplier"])
    func vote(_ id: String, _ choices: [Choice]) throws {
      try body.votes.open(
        id, in: "m", item: 1, kind: .general, motion: "That", at: body.now, by: body.by)
      try body.cast(
        id,
        Array(
          zip(["p-large-supplier-1", "p-security", "p-technical", "p-small-supplier"], choices)))
    }
    try vote("a", [.yes, .no, .no])
    #expect(code { try body.cast("a", [("p-chair", .yes)]) } == "casting-vote-only-in-tie")
    try body.cast("a", [("p-small-supplier", .yes)])
    try body.cast("a", [("p-chair", .yes)])
    #expect(code { try body.cast("a", [("p-chair", .yes)]) } == "voted-twice")
    #expect(try body.votes.close("a", at: body.now, by: body.by).outcome == .carried)
    // Nobody's vote comes after it.
    try vote("d", [.yes, .no])
    #expect(code { try body.cast("d", [("p-chair", .yes)]) } == "casting-vote-only-in-tie")
    func close(_ id: String, _ casting: CastingVote? = nil) throws -> Tally {
      try body.votes.close(id, casting: casting, at: body.now, by: body.by)
    }
    // Two are silent: the Chair is asked before it is closed, and can decide it.
    #expect(code { _ = try close("d") } == "casting-vote-due")
    #expect(try close("d", .yes).outcome == .carried)
    try vote("b", [.yes, .no, .abstain, .abstain])
    #expect(code { _ = try close("b") } == "casting-vote-due")
    let unused = try close("b", .unused)
    #expect(unused.outcome == .lost)
    #expect(unused.reasons.contains { $0.contains("the casting vote and did not use it") })
    // Nothing to break, where nobody was for it or against it, nor where they are not equal.
    try vote("e", [.abstain])
    #expect(code { _ = try close("e", .yes) } == "casting-vote-only-in-tie")
    #expect(try close("e").reasons.contains("Nobody voted for it or against it."))
    try vote("f", [.yes])
    #expect(code { _ = try close("f", .no) } == "casting-vote-only-in-tie")
    #expect(try close("f").outcome == .carried)
    // The casting vote given, nobody makes the votes unequal.
    try vote("g", [.yes, .no, .abstain])
    try body.meetings.leave("p-small-supplier", from: "m", at: body.now, by: body.by)
    try body.cast("g", [("p-chair", .no)])
    body.now = body.now.adding(seconds: 1)
    try body.meetings.arrive("p-small-supplier", to: "m", at: body.now, by: body.by)
    #expect(code { try body.cast("g", [("p-small-supplier", .yes)]) } == "casting-vote-given")
    #expect(try close("g").outcome == .lost)
    try vote("h", [.yes, .no])
    let due = #expect(throws: Refusal.self) { _ = try close("h") }
    #expect(due?.clause == clause && due?.found.contains("p-technical") == true)
    try vote("c", [.yes, .yes, .abstain, .abstain])
    #expect(code { try body.cast("c", [("p-chair", .no)]) } == "casting-vote-only-in-tie")
    #expect(try body.votes.close("c", at: body.now, by: body.by).outcome == .carried)
  }

  @Test(
    "two thirds of the votes cast, where a body is so configured", .clause("L1.15"),
    arguments: [
      ([Choice.yes, .yes, .no], Outcome.carried), ([.yes, .yes, .no, .no], .lost),
      ([.yes, .yes, .yes, .no, .no], .lost), ([.yes, .abstain], .carried), ([.abstain], .lost),
      ([], .lost),
    ])
  func twoThirds(choices: [Choice], expected: Outcome) {
    let tally = Tally.of(choices, entitled: 9, casting: nil, threshold: .twoThirdsOfCast)
    #expect(tally.outcome == expected)
  }

  @Test("in writing more than half of those entitled decide", .clause("L1.15"))
  func writing() throws {
    let body = try body()
    #expect(
      code {
        try body.votes.openInWriting(
          "x", kind: .removeMember, motion: "Out", at: body.now, by: body.by)
      } == "not-in-writing")
    try body.votes.openInWriting(
      "v", kind: .suspend, motion: "Approve", subject: "Device CPS", at: body.now, by: body.by)
    let voters = try body.votes.roll(of: "v").electors.filter { $0.right == .full }.map(\.person)
    #expect(voters.count == 9)
    try body.cast("v", voters.prefix(4).map { ($0, .yes) })
    try body.votes.openInWriting(
      "w", kind: .suspend, motion: "Approve", subject: "Device CPS", at: body.now, by: body.by)
    try body.cast("w", voters.prefix(5).map { ($0, .yes) })
    #expect(try body.votes.close("v", at: body.now, by: body.by).outcome == .lost)
    #expect(try body.votes.close("w", at: body.now, by: body.by).outcome == .carried)
    #expect(Refusal.voteMoved(try #require(try body.votes.all().first)).clause == "L1.15")
  }

  @Test("what was carried is carried out once, and nothing else is", .clause("L2.14"))
  func effects() throws {
    let body = try body()
    try body.meet("m", items: items, present: four)
    func decide(_ id: String, _ choice: Choice) throws {
      try body.votes.open(
        id, in: "m", item: 1, kind: .suspend, motion: "Approve", subject: "Device CPS",
        at: body.now, by: body.by)
      try body.cast(id, [("p-security", choice)])
      _ = try body.votes.close(id, at: body.now, by: body.by)
    }
    func carryOut(_ id: String, _ kind: DecisionKind) throws {
      try body.records.write(Entry(body.by, "test", clause: "L1.15", at: body.now)) {
        [votes = body.votes] transaction in
        let effect = try votes.effect(of: id, kind: kind, in: transaction)
        let subject = effect.subject
        #expect(subject == "Device CPS")
      }
    }
    try decide("yes", .yes)
    try decide("no", .no)
    #expect(code { try carryOut("no", .suspend) } == "not-decided")
    #expect(code { try carryOut("yes", .reinstate) } == "not-decided")
    try carryOut("yes", .suspend)
    #expect(code { try carryOut("yes", .suspend) } == "already-carried-out")
  }

  @Test(
    "minutes have a public and a confidential part, and stay as they were published",
    .clause("L1.15"))
  func minutes() throws {
    let body = try body()
    try body.meet("m", items: items, present: four)
    func minute(_ item: Int, _ text: String, _ secret: String) throws {
      try body.meetings.minute(
        item, of: "m", publicText: text, confidentialText: secret, at: body.now, by: body.by)
    }
    #expect(code { try minute(2, "public", "") } == "confidential-item")
    try minute(1, "It was so.", "")
    #expect(code { try body.meetings.publish("m", at: body.now, by: body.by) } == "meeting-stage")
    let open = try body.meetings.close("m", at: body.now, by: body.by)
    #expect(open.map(\.number) == [2])
    #expect(code { try body.meetings.publish("m", at: body.now, by: body.by) } == "minute-missing")
    try minute(2, "", "A party was discussed.")
    try body.meetings.publish("m", at: body.now, by: body.by)
    #expect(code { try minute(1, "It was not so.", "") } == "meeting-stage")
    #expect(try body.meetings.attendance(of: "m").allSatisfy { $0.left != nil })
  }
}
