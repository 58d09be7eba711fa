// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Parties
import Records
import SEC
import TestEstate
import Testing

@Suite("Identifiers are a party's own", .clause("M4-org-info-form-b"))
struct EntityRangeTests {
  private static func range(
    _ first: UInt64, _ last: UInt64, of party: SampleParty = .electricity,
    _ role: RoleCode = .supplier
  ) throws(Refusal) -> EntityRange {
    try EntityRange(party: party.id, role: role, first: EntityID(first), last: EntityID(last))
  }

  @Test("a range has a beginning that is not above its end", arguments: [(1, true), (0, true)])
  func forwards(length: UInt64, isTaken: Bool) throws {
    #expect(try Self.range(7, 7 + length).identifiers.contains(EntityID(7)) == isTaken)
    #expect(throws: Refusal.rangeBackwards(EntityID(8), EntityID(7))) { try Self.range(8, 7) }
  }

  @Test(
    "two parties' ranges may touch and never meet; one party's may meet in another role",
    arguments: [
      (UInt64(10), UInt64(19), SampleParty.gas, RoleCode.supplier, true),
      (10, 20, .gas, .supplier, false), (20, 20, .gas, .supplier, false),
      (25, 25, .gas, .networkOperator, false), (29, 40, .gas, .supplier, false),
      (30, 40, .gas, .supplier, true), (0, 100, .gas, .supplier, false),
      (20, 29, .electricity, .networkOperator, true),
      (25, 40, .electricity, .networkOperator, true),
      (29, 40, .electricity, .supplier, false), (30, 40, .electricity, .supplier, true),
      (20, 29, .electricity, .supplier, false),
    ])
  func overlap(
    first: UInt64, last: UInt64, party: SampleParty, role: RoleCode, isTaken: Bool
  ) throws {
    let estate = try TestEstate()
    let register = estate.register
    let there = try Self.range(20, 29)
    try register.add(there, at: estate.now, by: TestEstate.officer)
    let asked = try Self.range(first, last, of: party, role)
    let (ranges, size) = (try register.ranges().count, try estate.records.audit.size)
    guard isTaken else {
      #expect(throws: Refusal.rangeTaken(asked, by: there)) {
        try register.add(asked, at: estate.now, by: TestEstate.officer)
      }
      #expect(try register.ranges().count == ranges)
      #expect(try estate.records.audit.size == size)
      return
    }
    try register.add(asked, at: estate.now, by: TestEstate.officer)
    #expect(try register.ranges().contains(asked))
  }

  @Test("a range belongs to a party of the register", .clause("C3-80"))
  func party() throws {
    let estate = try TestEstate()
    let range = try EntityRange(
      party: "nobody", role: .supplier, first: EntityID(1), last: EntityID(2))
    #expect(throws: Refusal.partyUnknown("nobody")) {
      try estate.register.add(range, at: estate.now, by: TestEstate.officer)
    }
  }
}
