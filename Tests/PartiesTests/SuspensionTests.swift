// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Parties
import Records
import SEC
import TestEstate
import Testing

@Suite("A suspended party waits for its reinstatement", .clause("L2.15"))
struct SuspensionTests {
  private static let party = SampleParty.gas.id

  private static func suspend(_ estate: TestEstate, _ party: String = party) throws {
    try estate.register.suspend(
      party, from: estate.now, under: "L2.15", evidence: "letter 1", by: TestEstate.officer)
  }

  private static func reinstate(_ estate: TestEstate, _ party: String = party) throws {
    try estate.register.reinstate(
      party, from: estate.now, evidence: "letter 2", by: TestEstate.officer)
  }

  @Test("it is in force from its first moment and until the one at which it is lifted")
  func times() throws {
    let estate = try TestEstate()
    let register = estate.register
    let start = TestEstate.beginning.adding(seconds: 60)
    estate.now = start
    try Self.suspend(estate)
    let end = start.adding(seconds: 60)
    func isSuspended(_ moment: Time) throws -> Bool {
      try register.suspension(of: Self.party, at: moment) != nil
    }
    #expect(try isSuspended(end.adding(years: 10)))
    estate.now = end
    try Self.reinstate(estate)
    #expect(try !isSuspended(start.adding(milliseconds: -1)))
    #expect(try isSuspended(start))
    #expect(try isSuspended(end.adding(milliseconds: -1)))
    #expect(try !isSuspended(end))
    #expect(try register.suspension(of: SampleParty.electricity.id, at: start) == nil)
  }

  @Test("nobody is suspended twice, or reinstated without need, or a stranger")
  func refusals() throws {
    let estate = try TestEstate()
    #expect(throws: Refusal.partyNotSuspended(Self.party)) { try Self.reinstate(estate) }
    #expect(throws: Refusal.partyUnknown("nobody")) { try Self.suspend(estate, "nobody") }
    try Self.suspend(estate)
    let suspension = try #require(
      try estate.register.suspension(of: Self.party, at: estate.now))
    #expect(suspension.clause == "L2.15" && suspension.evidence == "letter 1")
    #expect(throws: Refusal.partySuspended(suspension)) { try Self.suspend(estate) }
    estate.now = estate.now.adding(seconds: 1)
    try Self.reinstate(estate)
    #expect(throws: Refusal.partyNotSuspended(Self.party)) { try Self.reinstate(estate) }
    // And again, a moment later.
    estate.now = estate.now.adding(seconds: 1)
    try Self.suspend(estate)
  }

  @Test("the audit says who, why and by which rule")
  func audit() throws {
    let estate = try TestEstate()
    try Self.suspend(estate)
    let entry = try estate.records.audit.entry(estate.records.audit.size - 1)
    #expect(entry.action == "party-suspended")
    #expect(entry.actor == TestEstate.officer.name)
    #expect(entry.clause == "L2.15")
    #expect(entry.facts["party"] == Self.party)
    #expect(entry.facts["evidence"] == "letter 1")
  }
}
