// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Parties
import Records
import SEC
import TestEstate
import Testing

@Suite("A party has an identifier, a name and a role")
struct PartyTests {
  private static func party(
    _ id: String = "example", _ name: String = "Example Ltd",
    _ roles: Set<UserRole> = [.importSupplier]
  ) throws(Refusal) -> Party {
    try Party(id: id, name: name, roles: roles, since: TestEstate.beginning)
  }

  @Test(
    "an identifier of 1 to 64 lower-case letters, digits and hyphens",
    .clause("M4-org-info-form"),
    arguments: [
      ("a", true), (String(repeating: "a", count: 64), true), ("a-1", true), ("9", true),
      ("", false), (String(repeating: "a", count: 65), false), ("A", false), ("a b", false),
      ("a_b", false), ("é", false), ("a\n", false), ("a/b", false),
    ])
  func identifier(id: String, isTaken: Bool) throws {
    guard isTaken else {
      #expect(throws: Refusal.partyIdentifier(id)) { try Self.party(id) }
      return
    }
    #expect(try Self.party(id).id == id)
  }

  @Test(
    "a name of 1 to 64 characters, none of them a control character",
    .clause("M4-org-info-form"),
    arguments: [
      ("E", true), (String(repeating: "é", count: 64), true), ("Smith & Sons (Gas) Ltd", true),
      ("", false), (String(repeating: "E", count: 65), false), ("A\u{7}B", false),
      ("A\u{7F}B", false), ("A\nB", false),
    ])
  func name(name: String, isTaken: Bool) throws {
    guard isTaken else {
      #expect(throws: Refusal.partyName(name)) { try Self.party("example", name) }
      return
    }
    #expect(try Self.party("example", name).name == name)
  }

  @Test("a party without a role may ask for nothing", .clause("C3-80"))
  func role() throws {
    #expect(throws: Refusal.partyWithoutRole("example")) {
      try Self.party("example", "Example Ltd", [])
    }
    #expect(try Self.party().roles == [.importSupplier])
  }

  @Test("what was entered is found again, whole, in each role there is")
  func register() throws {
    let estate = try TestEstate()
    let register = estate.register
    let party = try Self.party("example-all", "Example & All", Set(UserRole.allCases))
    try register.add(party, at: estate.now, by: TestEstate.officer)
    #expect(try register.party("example-all") == party)
    #expect(try register.party("nobody") == nil)
    #expect(
      try register.parties().map(\.id)
        == (SampleParty.allCases.map(\.id) + ["example-all"]).sorted())
  }

  @Test("an identifier is registered once", .clause("M4-org-info-form"))
  func exists() throws {
    let estate = try TestEstate()
    let size = try estate.records.audit.size
    #expect(throws: Refusal.partyExists(SampleParty.gas.id)) {
      try estate.register.add(
        Self.party(SampleParty.gas.id), at: estate.now, by: TestEstate.officer)
    }
    #expect(try estate.records.audit.size == size)
    #expect(try estate.register.party(SampleParty.gas.id)?.name == "Example gas Ltd")
  }
}
