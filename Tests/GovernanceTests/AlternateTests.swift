// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Governance
import SEC
import Testing

@Suite("Alternates, by constitution")
struct AlternateTests {
  private func appoint(
    _ person: String, for seat: Seat.Name, _ body: SampleBody, independence: String = "",
    unavailable: String = ""
  ) throws {
    try body.membership.appoint(
      person, alternateOf: seat, from: body.today, independence: independence,
      specialistUnavailable: unavailable, at: body.now, by: body.by)
  }

  @Test("in 2013 only the Chair has one: the Specialist, or a Member", .clause("R2-18", "C3-65"))
  func y2013() throws {
    let body = try SampleBody(on: "2013-12-02")
    try body.fill()
    try body.person("ann")
    #expect(try body.membership.board(on: body.today).alternates == [.chair: "p-specialist"])
    #expect { try appoint("ann", for: .security, body) } throws: {
      ($0 as? Refusal)?.code == "alternate-not-allowed"
    }
    #expect { try appoint("ann", for: .chair, body) } throws: {
      ($0 as? Refusal)?.code == "chair-alternate"
    }
    try appoint("p-security", for: .chair, body)
    #expect(try body.membership.board(on: body.today).alternates == [.chair: "p-security"])
  }

  @Test(
    "in 2014 the Specialist is deemed the Chair's; another only when unavailable",
    .clause("L1.12(a)@2014", "L1.12(b)@2014"))
  func chairOf2014() throws {
    let body = try SampleBody(on: "2014-06-02")
    try body.fill()
    try body.person("ann")
    #expect(try body.membership.board(on: body.today).alternates[.chair] == "p-specialist")
    #expect { try appoint("ann", for: .chair, body, independence: "finding") } throws: {
      ($0 as? Refusal)?.clause == "L1.12(b)@2014"
    }
    #expect { try appoint("ann", for: .chair, body, unavailable: "leave") } throws: {
      ($0 as? Refusal)?.clause == "L1.12(b)@2014"
    }
    #expect {
      try appoint("p-security", for: .chair, body, independence: "finding", unavailable: "leave")
    } throws: { ($0 as? Refusal)?.clause == "L1.12(b)@2014" }
    try appoint("ann", for: .chair, body, independence: "finding", unavailable: "leave")
    #expect(try body.membership.board(on: body.today).alternates[.chair] == "ann")
  }

  @Test(
    "in 2014 an Alternate is not of the Member's employer or its Affiliate",
    .clause("L1.12(c)@2014", "R2-35"))
  func employer() throws {
    let body = try SampleBody(on: "2014-06-02")
    try body.fill()
    try body.person("same", of: "grid")
    try body.person("affiliate", of: "pipes")
    try body.person("other", of: "wires")
    for person in ["same", "affiliate"] {
      #expect { try appoint(person, for: .network, body) } throws: {
        ($0 as? Refusal)?.code == "alternate-same-employer"
      }
    }
    try appoint("other", for: .network, body)
    #expect(try body.membership.board(on: body.today).alternates[.network] == "other")
  }

  @Test(
    "now any Member has one, the Chair an independent one who is no Member but the Specialist",
    .clause("L1.12-chair", "L1.12"))
  func current() throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.fill()
    try body.person("same", of: "grid")
    try body.person("acme", kind: .body)
    #expect(try body.membership.board(on: body.today).alternates.isEmpty)
    try appoint("same", for: .electricityNetwork, body)
    #expect { try appoint("p-electricity-network", for: .electricityNetwork, body) } throws: {
      ($0 as? Refusal)?.code == "alternate-is-member"
    }
    #expect { try appoint("acme", for: .gasNetwork, body) } throws: {
      ($0 as? Refusal)?.code == "not-a-natural-person"
    }
    #expect { try appoint("p-security", for: .chair, body, independence: "finding") } throws: {
      ($0 as? Refusal)?.clause == "L1.12-chair"
    }
    #expect { try appoint("p-specialist", for: .chair, body) } throws: {
      ($0 as? Refusal)?.clause == "L1.12-chair"
    }
    try appoint("p-specialist", for: .chair, body, independence: "finding")
    #expect { try appoint("same", for: .dcc, body) } throws: {
      ($0 as? Refusal)?.code == "no-such-seat"
    }
  }

  @Test("an Alternate acts only while the Member is absent, and counts once", .clause("L1.12"))
  func representation() throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.fill()
    try appoint("p-specialist", for: .chair, body, independence: "finding")
    let board = try body.membership.board(on: body.today)
    #expect(
      board.representation(of: ["p-chair", "p-specialist"]) == [
        .chair: "p-chair", .specialist: "p-specialist",
      ])
    #expect(board.representation(of: ["p-specialist"]) == [.chair: "p-specialist"])
    body.pass(days: 2)
    try body.person("ann")
    try appoint("ann", for: .chair, body, independence: "finding")
    #expect(try body.membership.board(on: body.today).alternates[.chair] == "ann")
    #expect(
      try body.membership.board(on: body.today.adding(days: -1)).alternates[.chair]
        == "p-specialist")
  }
}
