// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Governance
import SEC
import Testing

@Suite("Seats and the people in them")
struct SeatTests {
  @Test(
    "each constitution has its seats, by the date of the event",
    .clause(
      "L1.3", "L1.3(a)", "L1.3(b)", "L1.3(c)", "L1.3(d)", "L1.3(e)", "L1.3@2014",
      "L1.3(b)@2014", "L1.3(c)@2014", "L1.3(d)@2014", "C3-62-1"),
    arguments: [
      ("2013-12-31", 6, 3, 0), ("2014-03-01", 7, 3, 1), ("2022-02-23", 7, 3, 1),
      ("2022-02-24", 10, 4, 2), ("2026-11-21", 10, 4, 2),
    ])
  func seats(day: String, members: Int, suppliers: Int, networks: Int) throws {
    let constitution = Constitution.at(try #require(Day(day)).begins)
    #expect(constitution.members.count == members)
    #expect(constitution.members.count { $0.title.hasSuffix("Supplier") } == suppliers)
    #expect(
      constitution.members.count {
        ["Networks", "Electricity networks", "Gas networks"].contains($0.title)
      }
        == networks)
    #expect(constitution.members.count { $0.name == .chair } == 1)
    #expect(constitution.seat(.specialist)?.isMember == (members == 10))
    #expect(constitution.seats.filter { !$0.isMember }.allSatisfy { $0.vote == .none })
  }

  @Test(
    "only a natural person without another office takes a seat, and it must be there",
    .clause("L1.3", "L1.4"))
  func office() throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.person("acme", kind: .body)
    try body.person("ann")
    try body.person("bob")
    for (person, seat) in [
      ("acme", Seat.Name.specialist), ("ann", .specialist), ("bob", .specialist),
      ("ann", .security),
    ] {
      try body.fileAll(of: person, for: seat)
    }
    #expect(throws: Refusal.notNatural(Person(id: "", name: "", employer: ""))) {
      try body.seat("acme", in: .specialist)
    }
    #expect(throws: Refusal.personUnknown("")) { try body.seat("nobody", in: .specialist) }
    #expect { try body.seat("ann", in: .network) } throws: {
      ($0 as? Refusal)?.code == "no-such-seat"
    }
    try body.seat("ann", in: .specialist)
    #expect { try body.seat("bob", in: .specialist) } throws: {
      ($0 as? Refusal)?.code == "seat-taken"
    }
    #expect { try body.seat("ann", in: .security) } throws: {
      ($0 as? Refusal)?.code == "second-office"
    }
    #expect(try body.membership.board(on: body.today).holders == [.specialist: "ann"])
    #expect(try body.membership.board(on: body.today).vacancies.count == 9)
    #expect(throws: Refusal.organisationUnknown("")) { try body.person("carl", of: "nowhere") }
  }

  @Test(
    "the Chair is seated when everything is on file, and not before",
    .clause("L1.5(d)", "L1.5(f)", "L1.5(f)(ii)", "L1.5(f)(iii)", "L1.5(f)(iv)"),
    arguments: [
      AppointmentStep.independence, .qualification, .rate, .notified, .nonObjection,
      .directionTerms, .confirmation, .undertaking,
    ])
  func chairSteps(missing: AppointmentStep) throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.person("ann")
    let steps: [AppointmentStep] = [
      .independence, .qualification, .rate, .notified, .nonObjection, .directionTerms,
      .clearanceTerms, .confirmation, .undertaking,
    ]
    for step in steps where step != missing { try body.file(step, of: "ann", for: .chair) }
    #expect { try body.seat("ann", in: .chair) } throws: {
      ($0 as? Refusal)?.code == "appointment-step-missing"
    }
    try body.file(missing, of: "ann", for: .chair)
    try body.seat("ann", in: .chair)
  }

  @Test("before L1.5(f) the Secretary of State is not asked", .clause("L1.5@2014", "L1.5(f)"))
  func chairOf2014() throws {
    let body = try SampleBody(on: "2015-01-05")
    try body.person("ann")
    try body.file(
      .independence, .qualification, .rate, .confirmation, .undertaking, of: "ann", for: .chair)
    try body.seat("ann", in: .chair)
    #expect {
      try body.membership.leave(
        .chair, because: .directed, on: body.today.adding(days: 1), evidence: "direction",
        at: body.now, by: body.by)
    } throws: {
      ($0 as? Refusal)?.code == "direction-out-of-reach"
    }
    #expect(try body.membership.clearance(of: try #require(body.membership.tenures().first)) == nil)
  }

  @Test("the answer of the Secretary of State comes after the notice", .clause("L1.5(f)(ii)"))
  func answer() throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.person("ann")
    try body.fileAll(of: "ann", for: .chair)
    body.pass(days: 3)
    try body.file(.notified, of: "ann", for: .chair)
    #expect { try body.seat("ann", in: .chair) } throws: {
      ($0 as? Refusal)?.code == "non-objection-too-early"
    }
    try body.file(.nonObjection, of: "ann", for: .chair)
    try body.seat("ann", in: .chair)
  }

  @Test(
    "the Chair's term is three years, and may go on until the successor comes",
    .clause("L1.5(b)", "L1.5(e)"))
  func chairTerm() throws {
    let body = try SampleBody(on: "2024-02-29")
    for person in ["ann", "bob"] {
      try body.person(person)
      try body.fileAll(of: person, for: .chair)
    }
    try body.seat("ann", in: .chair)
    let tenure = try #require(try body.membership.tenures().first)
    let ends = try #require(tenure.ends)
    #expect(ends.description == "2027-02-28")
    #expect(tenure.state(on: ends.adding(days: -1)) == .serving)
    #expect(tenure.state(on: ends) == .retired)
    body.now = ends.adding(days: -10).begins
    #expect {
      try body.membership.holdOver(until: body.today, reason: "late", at: body.now, by: body.by)
    } throws: { ($0 as? Refusal)?.code == "no-holding-over" }
    try body.membership.holdOver(
      until: ends.adding(days: 60), reason: "late", at: body.now, by: body.by)
    let late = ends.adding(days: 30)
    #expect(try body.membership.board(on: late).holders[.chair] == "ann")
    body.now = late.begins
    try body.seat("bob", in: .chair)
    #expect(try body.membership.board(on: late).holders[.chair] == "bob")
    #expect(try body.membership.tenures().first?.state(on: late) == .ended)
  }

  @Test(
    "clearance is applied for in a month and obtained in twelve, unless extended",
    .clause("L1.5(f)(iv)(A)", "L1.5(f)(iv)(B)"))
  func clearance() throws {
    let body = try SampleBody(on: "2026-01-31")
    try body.person("ann")
    for step in AppointmentStep.allCases where ![.clearance, .clearanceExtension].contains(step) {
      try body.file(step, of: "ann", for: .chair)
    }
    try body.seat("ann", in: .chair)
    let tenure = try #require(try body.membership.tenures().first)
    var clearance = try #require(try body.membership.clearance(of: tenure))
    #expect(clearance.apply.description == "2026-02-28")
    #expect(clearance.obtain.description == "2027-01-31")
    func end(_ day: Day) throws {
      try body.membership.leave(
        .chair, because: .uncleared, on: day, evidence: "minute", at: body.now, by: body.by)
    }
    #expect { try end(clearance.obtain) } throws: { ($0 as? Refusal)?.code == "clearance-not-over" }
    try body.membership.extendClearance(
      of: "ann", until: clearance.obtain.adding(days: 90), evidence: "letter", at: body.now,
      by: body.by)
    #expect { try end(clearance.obtain.adding(days: 1)) } throws: {
      ($0 as? Refusal)?.code == "clearance-not-over"
    }
    clearance = try #require(try body.membership.clearance(of: tenure))
    try end(clearance.obtain.adding(days: 1))
    #expect(throws: Refusal.stepUnusable(.clearance, evidence: "", day: body.today)) {
      try body.membership.extendClearance(
        of: "ann", until: body.today, evidence: "", at: body.now, by: body.by)
    }
  }

  @Test("a direction of the Secretary of State ends the Chair's term on its day", .clause("L1.5B"))
  func direction() throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.person("ann")
    try body.fileAll(of: "ann", for: .chair)
    try body.seat("ann", in: .chair)
    let day = body.today.adding(days: 3)
    try body.membership.leave(
      .chair, because: .directed, on: day, evidence: "direction 1", at: body.now, by: body.by)
    #expect(try body.membership.board(on: day.adding(days: -1)).holders[.chair] == "ann")
    #expect(try body.membership.board(on: day).holders[.chair] == nil)
    #expect {
      try body.membership.leave(
        .chair, because: .resigned, on: day, evidence: "x", at: body.now, by: body.by)
    } throws: { ($0 as? Refusal)?.code == "seat-vacant" }
    #expect { try body.file(.clearanceExtension, of: "ann", for: .chair) } throws: {
      ($0 as? Refusal)?.code == "step-unusable"
    }
  }

  @Test(
    "first terms are staggered, later ones two years",
    .clause("R2-50-a", "R2-50-b", "R2-50-c", "L1.6(b)", "L1.8(b)"))
  func terms() throws {
    let body = try SampleBody(on: "2014-06-02")
    try body.fill()
    let tenures = try body.membership.tenures()
    func months(_ name: Seat.Name) -> Int? {
      guard let tenure = tenures.last(where: { $0.seat == name }), let ends = tenure.ends else {
        return nil
      }
      return (1...60).first { tenure.began.adding(months: $0) == ends }
    }
    #expect(months(.largeSupplier1) == 12)
    #expect(months(.largeSupplier2) == 24)
    #expect(months(.network) == 12)
    #expect(months(.smallSupplier) == 24)
    #expect(months(.chair) == 36)
    #expect(months(.technical) == nil)
    let ends = try #require(tenures.first { $0.seat == .network }?.ends)
    body.now = ends.begins
    #expect(try body.membership.board(on: body.today).holders[.network] == nil)
    try body.elect(["p-network"], by: .networks, id: "second")
    try body.seat("p-network", in: .network, basis: "second")
    let second = try #require(try body.membership.tenures().last { $0.seat == .network })
    #expect(second.ends == second.began.adding(months: 24))
  }

  @Test("a direction on the transition overrides the term of a named seat", .clause("L1.6", "L1.8"))
  func transitional() throws {
    let body = try SampleBody(on: "2014-06-02")
    try body.person("ann")
    try body.elect(["ann"], by: .smallSuppliers, id: "e")
    try body.fileAll(of: "ann", for: .smallSupplier)
    try body.membership.seat(
      "ann", in: .smallSupplier, from: body.today, basis: "e", transitionalMonths: 6, at: body.now,
      by: body.by)
    #expect(try body.membership.tenures().first?.ends == body.today.adding(months: 6))
  }

  @Test("an elected seat needs the election and the confirmation", .clause("L1.6(a)", "L1.8(a)"))
  func elected() throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.person("ann", of: "large-1")
    try body.fileAll(of: "ann", for: .largeSupplier1)
    #expect { try body.seat("ann", in: .largeSupplier1) } throws: {
      ($0 as? Refusal)?.code == "not-elected"
    }
    try body.elect(["ann"], by: .smallSuppliers, id: "other")
    #expect { try body.seat("ann", in: .largeSupplier1, basis: "other") } throws: {
      ($0 as? Refusal)?.code == "not-elected"
    }
    try body.elect(["ann"], by: .largeSuppliers, id: "right")
    try body.seat("ann", in: .largeSupplier1, basis: "right")
    try body.person("bob")
    try body.elect(["bob"], by: .gasNetworks, id: "gas")
    #expect { try body.seat("bob", in: .gasNetwork, basis: "gas") } throws: {
      ($0 as? Refusal)?.code == "appointment-step-missing" && ($0 as? Refusal)?.clause == "L1.8(a)"
    }
  }

  @Test(
    "nominees are on the Sub-Committee's list, and replaced by prior notice",
    .clause("L1.10", "R2-43"))
  func nominees() throws {
    let body = try SampleBody(on: "2026-01-05")
    for person in ["ann", "bob"] { try body.person(person) }
    try body.file(.notice, .confirmation, .undertaking, of: "ann", for: .security)
    #expect { try body.seat("ann", in: .security) } throws: { ($0 as? Refusal)?.clause == "L1.10" }
    try body.file(.listed, of: "ann", for: .security)
    try body.seat("ann", in: .security)
    func replace(_ seat: Seat.Name, _ day: Day) throws {
      try body.membership.leave(
        seat, because: .replaced, on: day, evidence: "notice", at: body.now, by: body.by)
    }
    #expect { try replace(.security, body.today) } throws: {
      ($0 as? Refusal)?.code == "replacement-not-prior"
    }
    try replace(.security, body.today.adding(days: 1))
    try body.fileAll(of: "bob", for: .specialist)
    try body.seat("bob", in: .specialist)
    #expect { try replace(.specialist, body.today.adding(days: 1)) } throws: {
      ($0 as? Refusal)?.code == "not-replaceable"
    }
    // Before the Sub-Committee exists the Panel's notice is enough.
    let early = try SampleBody(on: "2014-04-01")
    try early.person("ann")
    try early.file(.notice, .confirmation, .undertaking, of: "ann", for: .security)
    try early.seat("ann", in: .security)
  }

  @Test("the Specialist is independent of the service provider", .clause("R2-38", "R2-44"))
  func specialist() throws {
    let body = try SampleBody(on: "2015-01-05")
    try body.person("ann")
    try body.file(.contract, of: "ann", for: .specialist)
    #expect { try body.seat("ann", in: .specialist) } throws: {
      ($0 as? Refusal)?.clause == "R2-38"
    }
    try body.file(.providerIndependence, of: "ann", for: .specialist)
    try body.seat("ann", in: .specialist)
  }

  @Test("somebody named before the day is a designate until then", .clause("R2-8"))
  func designate() throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.person("ann")
    try body.fileAll(of: "ann", for: .specialist)
    let day = body.today.adding(days: 10)
    try body.seat("ann", in: .specialist, from: day)
    #expect(try body.membership.tenures().first?.state(on: body.today) == .designate)
    #expect(try body.membership.board(on: body.today).holders.isEmpty)
    #expect(try body.membership.board(on: day).holders[.specialist] == "ann")
  }

  @Test("a Member states which versions were read", .clause("L1.11"))
  func reading() throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.person("ann")
    try body.fileAll(of: "ann", for: .specialist)
    func attest(_ versions: String) throws {
      try body.membership.attestReading(
        .specialist, versions: versions, on: body.today, at: body.now, by: body.by)
    }
    #expect { try attest("M 8.0") } throws: { ($0 as? Refusal)?.code == "seat-vacant" }
    try body.seat("ann", in: .specialist)
    #expect { try attest("") } throws: { ($0 as? Refusal)?.code == "step-unusable" }
    try attest("M 8.0, N 4.0")
  }
}
