// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Governance
import SEC
import Service
import Testing

@Suite("The PMA elects, meets and decides by operations of a node")
struct PMAMeetingTests {
  @Test(
    "anybody nominates; too few stand unopposed, more are voted on by their constituency",
    .clause("L1.7", "L1.7(a)", "L1.7(b)", "R2-42"))
  func election() throws {
    let door = try PMADoor(on: "2026-01-05")
    for number in 1...4 {
      try door.organisation("large-\(number)", "large-supplier", group: "g\(min(number, 3))")
    }
    try door.organisation("small-1", "small-supplier")
    for person in ["ann", "bob", "carl"] { try door.person(person) }
    try door.nominate(["ann"], in: "unopposed", "small-suppliers")
    #expect(try door.estate.node.elections.candidates(of: "unopposed")[0].isElected == true)
    try door.nominate(["ann", "bob", "carl"], in: "e", "large-suppliers", seats: 2)
    #expect(try door.estate.node.elections.election("e").state == .balloting)
    let receipt = try door.vote("large-1", ["ann", "bob"], in: "e")
    _ = try door.vote("large-2", ["bob"], in: "e")
    _ = try door.vote("large-3", ["bob", "ann"], in: "e")
    func refusal(_ party: String) -> String {
      door.refusal { _ = try door.vote(party, ["ann"], in: "e") }
    }
    #expect(refusal("large-4") == "group-has-voted L1.7(c)")
    #expect(refusal("small-1") == "not-of-constituency L1.7(a)")
    #expect(try door.count("e").elected == ["bob", "ann"])
    #expect(try door.estate.node.elections.ballots(of: "e").contains { $0.receipt == receipt })
  }

  @Test(
    "networks elect apart now, and together in 2014 with one vote for each group",
    .clause("L1.9", "L1.9(a)", "L1.9(a)@2014", "L1.7(a)@2014"))
  func networks() throws {
    func door(_ day: String) throws -> PMADoor {
      let door = try PMADoor(on: day)
      try door.organisation("grid", "electricity-network")
      try door.organisation("wires", "electricity-network", group: "grid")
      try door.organisation("pipes", "gas-network", group: "pipes")
      for person in ["ann", "bob"] { try door.person(person) }
      return door
    }
    let now = try door("2026-01-05")
    try now.nominate(["ann", "bob"], in: "e", "electricity-networks")
    #expect(
      now.refusal { _ = try now.vote("pipes", ["ann"], in: "e") }
        == "not-of-constituency L1.9(a)")
    _ = try now.vote("grid", ["ann"], in: "e")
    #expect(now.refusal { try now.open("n", "networks") } == "no-such-election L1.9(a)@2014")
    let then = try door("2014-06-02")
    #expect(
      then.refusal { try then.open("l", "large-suppliers", seats: 3) } == "no-such-election L1.7(a)"
    )
    try then.nominate(["ann", "bob"], in: "e", "networks")
    _ = try then.vote("grid", ["ann"], in: "e")
    _ = try then.vote("pipes", ["bob"], in: "e")
    #expect(
      then.refusal { _ = try then.vote("wires", ["bob"], in: "e") }
        == "group-has-voted L1.9(a)@2014")
    #expect(try then.count("e").reasons.contains { $0.contains("the lot") })
  }

  /// The constituencies of the ten seats: who elects, of which category, to which seats.
  private static let constituencies = [
    (
      "large-suppliers", "large-supplier",
      ["large-supplier-1", "large-supplier-2", "large-supplier-3"]
    ), ("small-suppliers", "small-supplier", ["small-supplier"]),
    ("electricity-networks", "electricity-network", ["electricity-network"]),
    ("gas-networks", "gas-network", ["gas-network"]),
  ]

  @Test(
    "each elected seat is filled by its own constituency: nominees, ballot, count, seat",
    .clause("L1.7", "L1.7(a)", "L1.9", "L1.9(a)", "R2-42", "L1.6(a)", "L1.8(a)"))
  func constituencies() throws {
    let door = try PMADoor(on: "2026-01-05")
    for (_, category, _) in Self.constituencies { try door.organisation(category, category) }
    for (place, (constituency, category, seats)) in Self.constituencies.enumerated() {
      // One more than there are seats, so that a ballot is held.
      let people = (0...seats.count).map { "\(category)-\($0)" }
      for person in people { try door.person(person) }
      try door.nominate(people, in: constituency, constituency, seats: seats.count)
      #expect(try door.estate.node.elections.election(constituency).state == .balloting)
      for (_, other, _) in Self.constituencies where other != category {
        let refusal = door.refusal { _ = try door.vote(other, [people[0]], in: constituency) }
        let clause = category.hasSuffix("supplier") ? "L1.7(a)" : "L1.9(a)"
        #expect(refusal == "not-of-constituency \(clause)", "\(other) in \(constituency)")
      }
      let chosen = Array(people.dropFirst())
      _ = try door.vote(category, chosen, in: constituency)
      #expect(Set(try door.count(constituency).elected) == Set(chosen))
      if place + 1 < Self.constituencies.count {
        let other = Self.constituencies[place + 1].2[0]
        try door.file(PMADoor.elected, of: chosen[0], for: other)
        let refusal = door.refusal { try door.seat(chosen[0], in: other, basis: constituency) }
        let clause = other.hasSuffix("network") ? "L1.8(a)" : "L1.6(a)"
        #expect(refusal == "not-elected \(clause)", "\(other)")
      }
      try door.file(PMADoor.elected, of: people[0], for: seats[0])
      let lost = door.refusal { try door.seat(people[0], in: seats[0], basis: constituency) }
      let clause = category.hasSuffix("network") ? "L1.8(a)" : "L1.6(a)"
      #expect(lost == "not-elected \(clause)")
      for (person, seat) in zip(chosen, seats) {
        try door.file(PMADoor.elected, of: person, for: seat)
        try door.seat(person, in: seat, basis: constituency)
      }
    }
    #expect(try door.estate.node.membership.board(on: door.today).holders.count == 6)
  }

  @Test(
    "every meeting invites those who stand by, with their right to speak and without a vote",
    .clause("L1.14(a)", "L1.14(a)@2014", "R2-29-n", "L1.14(b)", "R2-29-o", "R2-30", "C3-63"))
  func invited() throws {
    for (day, expected) in [
      ("2026-01-05", ["dcc true"]),
      ("2014-06-02", ["dcc true", "government false", "ofgem false", "specialist true"]),
    ] {
      let door = try PMADoor(on: day)
      try door.four()
      try door.fill("dcc", with: "attendee", "letter")
      try door.meet(
        "m", items: [PMAAct.Item(title: "Business")],
        present: ["chair", "security", "technical", "small", "attendee"])
      let invitees = try door.estate.node.meetings.invitees(of: "m")
      #expect(invitees.map { "\($0.capacity.rawValue) \($0.maySpeak)" }.sorted() == expected)
      func invite(_ chair: String) -> PMAAct.Act {
        .invite(meeting: "m", name: "Lee Legal", capacity: "legal-adviser", chair: chair)
      }
      #expect(door.refusal(invite("security")) == "only-chair-invites L1.14(b)")
      try door.act(invite("chair"))
      #expect(
        try door.estate.node.meetings.invitees(of: "m").first { $0.capacity == .legalAdviser }?
          .maySpeak == false)
      try door.act(
        .openVote(vote: "v", meeting: "m", item: 1, kind: "general", motion: "That", subject: ""))
      #expect(
        door.refusal(.cast(vote: "v", person: "attendee", choice: "for"))
          == (day < "2022" ? "no-vote R2-29-n" : "no-vote L1.15"))
    }
  }

  @Test("no business without four and the Chair, at every moment", .clause("L1.13"))
  func quorum() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.four()
    try door.meet(
      "m", items: [PMAAct.Item(title: "Business")], present: ["chair", "security", "technical"])
    let motion = PMAAct.Act.openVote(
      vote: "v", meeting: "m", item: 1, kind: "general", motion: "That", subject: "")
    #expect(door.refusal(motion) == "not-quorate L1.13")
    try door.act(.arrive(meeting: "m", person: "small"))
    try door.act(motion)
    try door.act(.cast(vote: "v", person: "small", choice: "for"))
    try door.act(.go(meeting: "m", person: "chair"))
    #expect(door.refusal(.closeVote(vote: "v")) == "not-quorate L1.13")
    try door.act(.arrive(meeting: "m", person: "chair").self)
  }

  @Test("who works for the subject does not count and does not vote", .clause("R2-26"))
  func conflict() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.four()
    try door.fill("specialist", with: "spec", PMADoor.specialist)
    try door.organisation("mother", "other", group: "small-1")
    try door.meet(
      "m", items: [PMAAct.Item(title: "A party", subject: "mother")],
      present: ["chair", "security", "technical", "small"])
    let motion = PMAAct.Act.openVote(
      vote: "v", meeting: "m", item: 1, kind: "general", motion: "That", subject: "mother")
    #expect(door.refusal(motion) == "not-quorate L1.13")
    try door.act(.arrive(meeting: "m", person: "spec"))
    try door.act(motion)
    #expect(door.refusal(.cast(vote: "v", person: "small", choice: "for")) == "no-vote L1.15")
    try door.act(.conflict(meeting: "m", item: 1, person: "spec", reason: "shares"))
    #expect(door.refusal(.cast(vote: "v", person: "spec", choice: "for")) == "conflicted R2-26")
  }

  @Test(
    "the Chair votes to break a tie and for nothing else", .clause("R2-29-v"),
    arguments: ["2014-06-02", "2026-01-05"])
  func casting(day: String) throws {
    let door = try PMADoor(on: day)
    try door.four()
    try door.meet(
      "m", items: [PMAAct.Item(title: "Business")],
      present: ["chair", "security", "technical", "small"])
    func vote(_ id: String, _ choices: [String], chair: String) throws -> String {
      try door.act(
        .openVote(vote: id, meeting: "m", item: 1, kind: "general", motion: "That", subject: ""))
      for (person, choice) in zip(["security", "technical", "small"], choices) {
        try door.act(.cast(vote: id, person: person, choice: choice))
      }
      return door.refusal(.cast(vote: id, person: "chair", choice: chair))
    }
    let no = "casting-vote-only-in-tie " + (day < "2022" ? "R2-29-v" : "L1.15")
    #expect(try vote("a", ["for", "for", "against"], chair: "against") == no)
    #expect(try vote("b", ["for", "against"], chair: "for") == no)
    #expect(try vote("c", ["for", "against", "abstain"], chair: "for") == "")
    #expect(try vote("d", ["for", "against", "abstain"], chair: "against") == "")
    #expect(try door.act(.closeVote(vote: "a")).outcome == "carried")
    let due = door.refusal(.closeVote(vote: "b"))
    #expect(due == "casting-vote-due " + (day < "2022" ? "R2-29-v" : "L1.15"))
    #expect(try door.act(.closeVote(vote: "b", casting: "against")).outcome == "lost")
    #expect(try door.act(.closeVote(vote: "c")).outcome == "carried")
    #expect(try door.act(.closeVote(vote: "d")).outcome == "lost")
  }
}
