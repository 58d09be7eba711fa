// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Governance
import SEC
import Service
import Testing

@Suite("The Secretariat seats the PMA by operations of a node")
struct PMASeatTests {
  @Test(
    "a seat of the constitution, vacant, for a natural person without another office",
    .clause("L1.3", "L1.4"))
  func office() throws {
    let door = try PMADoor(on: "2026-01-05")
    for person in ["ann", "bob"] { try door.person(person) }
    try door.person("acme", kind: "body")
    for person in ["ann", "bob", "acme"] {
      try door.file(PMADoor.specialist, of: person, for: "specialist")
    }
    try door.file(PMADoor.nominee, of: "ann", for: "security")
    func refusal(_ person: String, _ seat: String) -> String {
      door.refusal { try door.seat(person, in: seat) }
    }
    #expect(refusal("acme", "specialist") == "not-a-natural-person L1.4")
    #expect(refusal("ann", "network") == "no-such-seat L1.3")
    try door.seat("ann", in: "specialist")
    #expect(refusal("bob", "specialist") == "seat-taken L1.3")
    #expect(refusal("ann", "security") == "second-office L1.4")
    #expect(try door.holder(.specialist) == "ann")
  }

  @Test(
    "the Chair needs every step, each under its clause",
    .clause("L1.5(d)", "L1.5(f)", "L1.5(f)(ii)", "L1.5(f)(iii)", "L1.5(f)(iv)"),
    arguments: [
      ("sos-notified", "L1.5(f)(i)"), ("sos-non-objection", "L1.5(f)(ii)"),
      ("direction-terms", "L1.5(f)(iii)"), ("clearance", "L1.5(f)(iv)"),
      ("confirmation", "L1.5(d)"), ("independence", "L1.5(a)"),
    ])
  func chair(missing: String, clause: String) throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.person("ann")
    let steps = PMADoor.chair.split(separator: " ").filter { $0 != missing }
    try door.file(steps.joined(separator: " "), of: "ann", for: "chair")
    #expect(
      door.refusal { try door.seat("ann", in: "chair") } == "appointment-step-missing \(clause)")
    try door.file(missing == "clearance" ? "clearance-terms" : missing, of: "ann", for: "chair")
    try door.seat("ann", in: "chair")
  }

  @Test("the answer of the Secretary of State follows the notice", .clause("L1.5(f)(ii)"))
  func answer() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.person("ann")
    try door.file(PMADoor.chair, of: "ann", for: "chair")
    door.pass(days: 2)
    try door.file("sos-notified", of: "ann", for: "chair")
    #expect(
      door.refusal { try door.seat("ann", in: "chair") } == "non-objection-too-early L1.5(f)(ii)")
  }

  @Test("before L1.5(f) the Chair is seated without it", .clause("L1.5(f)"))
  func before() throws {
    let door = try PMADoor(on: "2022-02-23")
    try door.fill(
      "chair", with: "ann", "independence qualification rate confirmation undertaking")
    door.pass(days: 1)
    try door.person("bob")
    #expect(try door.holder(.chair) == "ann")
    #expect(
      door.refusal(.leave(seat: "chair", reason: "directed", evidence: "x", day: nil))
        == "direction-out-of-reach L1.5A")
  }

  @Test(
    "the Chair sits three years, and longer while the successor is late",
    .clause("L1.5(b)", "L1.5(e)"))
  func term() throws {
    let door = try PMADoor(on: "2024-02-29")
    try door.fill("chair", with: "ann", PMADoor.chair)
    #expect(try door.estate.node.membership.tenures()[0].ends?.description == "2027-02-28")
    door.set(try #require(Day("2027-02-27")))
    #expect(try door.holder(.chair) == "ann")
    door.pass(days: 1)
    #expect(try door.holder(.chair) == nil)
    try door.act(.holdOver(until: "2027-06-01", reason: "no objection is awaited"))
    #expect(try door.holder(.chair) == "ann")
    try door.fill("chair", with: "bob", PMADoor.chair)
    #expect(try door.holder(.chair) == "bob")
  }

  @Test(
    "clearance: a month to apply, twelve to obtain, longer when approved",
    .clause("L1.5(f)(iv)(A)", "L1.5(f)(iv)(B)"))
  func clearance() throws {
    let door = try PMADoor(on: "2026-01-31")
    let steps = PMADoor.chair.replacing("clearance", with: "clearance-terms")
    try door.fill("chair", with: "ann", steps)
    let membership = door.estate.node.membership
    let tenure = try membership.tenures()[0]
    #expect(try membership.clearance(of: tenure)?.apply.description == "2026-02-28")
    #expect(try membership.clearance(of: tenure)?.obtain.description == "2027-01-31")
    func end(_ day: String) -> PMAAct.Act {
      .leave(seat: "chair", reason: "uncleared", evidence: "minute", day: day)
    }
    #expect(door.refusal(end("2027-01-31")) == "clearance-not-over L1.5(f)(iv)(B)")
    try door.act(.clearance(person: "ann", until: "2027-03-31", evidence: "letter"))
    #expect(door.refusal(end("2027-02-01")) == "clearance-not-over L1.5(f)(iv)(B)")
    try door.act(end("2027-04-01"))
  }

  @Test("a direction ends the Chair's time on its day", .clause("L1.5B"))
  func direction() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.fill("chair", with: "ann", PMADoor.chair)
    try door.act(
      .leave(seat: "chair", reason: "directed", evidence: "direction 1", day: "2026-01-08"))
    door.set(try #require(Day("2026-01-07")))
    #expect(try door.holder(.chair) == "ann")
    door.pass(days: 1)
    #expect(try door.holder(.chair) == nil)
  }

  @Test(
    "an elected seat needs its election and the confirmation, and lasts two years",
    .clause("L1.6(a)", "L1.8(a)", "L1.6(b)", "L1.8(b)"))
  func elected() throws {
    let door = try PMADoor(on: "2026-01-05")
    for (person, seat, constituency, clause) in [
      ("ann", "large-supplier-1", "large-suppliers", "L1.6(a)"),
      ("bob", "gas-network", "gas-networks", "L1.8(a)"),
    ] {
      try door.person(person)
      #expect(
        door.refusal { try door.seat(person, in: seat) } == "appointment-step-missing \(clause)")
      try door.file(PMADoor.elected, of: person, for: seat)
      #expect(door.refusal { try door.seat(person, in: seat) } == "not-elected \(clause)")
      try door.nominate([person], in: seat, constituency)
      try door.seat(person, in: seat, basis: seat)
      let name = try #require(Seat.Name(rawValue: seat))
      #expect(try door.months(name) == 24)
      let ends = try #require(try door.estate.node.membership.tenures().last?.ends)
      let now = door.today
      door.set(ends)
      #expect(try door.holder(name) == nil)
      door.set(now)
    }
  }

  @Test(
    "the first terms of 2014 are staggered, the next are two years",
    .clause("R2-50-a", "R2-50-b", "R2-50-c"))
  func staggered() throws {
    let door = try PMADoor(on: "2014-06-02")
    try door.person("ann")
    try door.person("bob")
    try door.person("carl")
    try door.person("dora")
    try door.nominate(["ann", "bob"], in: "ls", "large-suppliers", seats: 2)
    try door.nominate(["carl"], in: "ss", "small-suppliers")
    try door.nominate(["dora"], in: "nw", "networks")
    for (person, seat, basis, months) in [
      ("ann", Seat.Name.largeSupplier1, "ls", 12), ("bob", .largeSupplier2, "ls", 24),
      ("carl", .smallSupplier, "ss", 24), ("dora", .network, "nw", 12),
    ] {
      try door.file(PMADoor.elected, of: person, for: seat.rawValue)
      try door.seat(person, in: seat.rawValue, basis: basis)
      #expect(try door.months(seat) == months)
    }
    door.set(door.today.adding(months: 12))
    try door.seat("dora", in: "network", basis: "nw")
    #expect(try door.months(.network) == 24)
  }

  @Test(
    "nominees are on the list, or the Panel's before there is one, and are told before",
    .clause("L1.10", "R2-43"))
  func nominees() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.person("ann")
    try door.file("notice confirmation undertaking", of: "ann", for: "security")
    #expect(
      door.refusal { try door.seat("ann", in: "security") } == "appointment-step-missing L1.10")
    try door.file("sub-committee-list", of: "ann", for: "security")
    try door.seat("ann", in: "security")
    #expect(
      door.refusal(.leave(seat: "security", reason: "replaced", evidence: "n", day: door.day))
        == "replacement-not-prior L1.10")
    let early = try PMADoor(on: "2014-04-01")
    try early.fill("security", with: "ann", "notice confirmation undertaking")
    early.set(try #require(Day("2014-07-01")))
    try early.act(
      .leave(seat: "security", reason: "replaced", evidence: "notice", day: "2014-07-02"))
    early.pass(days: 1)
    #expect(try early.holder(.security) == nil)
  }

  @Test("the Specialist is independent of the service provider", .clause("R2-38"))
  func specialist() throws {
    let door = try PMADoor(on: "2015-01-05")
    try door.person("ann")
    try door.file("contract", of: "ann", for: "specialist")
    #expect(
      door.refusal { try door.seat("ann", in: "specialist") } == "appointment-step-missing R2-38")
    try door.file("provider-independence", of: "ann", for: "specialist")
    try door.seat("ann", in: "specialist")
  }

  @Test(
    "Alternates, by constitution",
    .clause("L1.12-chair", "L1.12(a)@2014", "L1.12(b)@2014", "L1.12(c)@2014", "R2-35"))
  func alternates() throws {
    func alternate(
      _ seat: String, _ person: String, _ finding: String = "", _ unavailable: String = ""
    ) -> PMAAct.Act {
      .alternate(
        seat: seat, person: person, independence: finding, unavailable: unavailable, day: nil)
    }
    let then = try PMADoor(on: "2014-06-02")
    try then.fill("specialist", with: "spec", PMADoor.specialist)
    try then.four()
    #expect(try then.estate.node.membership.board(on: then.today).alternates == [.chair: "spec"])
    try then.organisation("affiliate", "other", group: "small-1")
    try then.organisation("elsewhere", "other")
    for (person, employer) in [
      ("same", "small-1"), ("kin", "affiliate"), ("stranger", "elsewhere"),
    ] { try then.person(person, of: employer) }
    for person in ["same", "kin"] {
      #expect(
        then.refusal(alternate("small-supplier", person))
          == "alternate-same-employer L1.12(c)@2014")
    }
    try then.act(alternate("small-supplier", "stranger"))
    #expect(
      then.refusal(alternate("chair", "stranger", "finding"))
        == "chair-alternate L1.12(b)@2014")
    try then.act(alternate("chair", "stranger", "finding", "leave"))
    let now = try PMADoor(on: "2026-01-05")
    try now.four()
    try now.person("stranger")
    #expect(now.refusal(alternate("chair", "security", "x")) == "chair-alternate L1.12-chair")
    #expect(now.refusal(alternate("chair", "stranger")) == "chair-alternate L1.12-chair")
    try now.act(alternate("chair", "stranger", "finding"))
  }
}
