// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import EntryTesting
import SEC
import TestEstate
import Testing

@Suite("Tests first, certificates afterwards", .clause("L7.1"))
struct EntryTestsTests {
  private static func confirm(
    _ estate: TestEstate, _ purpose: EntryTestPurpose = .repository, evidence: String = "report 7",
    by actor: Actor = TestEstate.officer
  ) throws {
    try EntryTests(records: estate.records).confirm(
      purpose, of: "example-new", at: estate.now, evidence: evidence, by: actor)
  }

  @Test("only a registration officer confirms", arguments: Actor.Role.allCases)
  func officer(_ role: Actor.Role) throws {
    let estate = try TestEstate()
    let actor = Actor(name: "Somebody", role: role)
    let tests = EntryTests(records: estate.records)
    guard role == .registrationOfficer else {
      #expect(throws: Refusal.entryTestConfirmation(actor)) {
        try Self.confirm(estate, by: actor)
      }
      #expect(try tests.completion(of: .repository, by: "example-new") == nil)
      return
    }
    try Self.confirm(estate, by: actor)
    let completion = try #require(try tests.completion(of: .repository, by: "example-new"))
    #expect(completion.confirmedBy == "Somebody")
    #expect(completion.evidence == "report 7")
    #expect(completion.confirmed == estate.now)
  }

  @Test("a confirmation has something to show for it", arguments: ["", "x"])
  func evidence(_ evidence: String) throws {
    let estate = try TestEstate()
    guard evidence.isEmpty else {
      try Self.confirm(estate, evidence: evidence)
      return
    }
    #expect(throws: Refusal.entryTestEvidence("example-new")) {
      try Self.confirm(estate, evidence: evidence)
    }
  }

  @Test("each purpose opens its own gate", arguments: EntryTestPurpose.allCases)
  func purposes(_ purpose: EntryTestPurpose) throws {
    let estate = try TestEstate()
    try Self.confirm(estate, purpose)
    let tests = EntryTests(records: estate.records)
    for other in EntryTestPurpose.allCases {
      #expect((try tests.completion(of: other, by: "example-new") != nil) == (other == purpose))
      #expect(try tests.completion(of: other, by: "example-newer") == nil)
    }
  }
}
