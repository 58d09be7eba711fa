// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Duties
import Governance
import Keys
import Records
import SEC
import Testing

@Suite("Elections")
struct ElectionTests {
  private func code(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return (error as? Refusal)?.code ?? "\(error)"
    }
  }

  @Test("as many candidates as seats, or fewer, are elected unopposed", .clause("R2-42", "L1.7"))
  func unopposed() throws {
    let body = try SampleBody(on: "2026-01-05")
    for person in ["ann", "bob"] { try body.person(person) }
    try body.elect(["ann", "bob"], by: .largeSuppliers, seats: 3, id: "e")
    let election = try body.elections.election("e")
    #expect(election.state == .closed)
    #expect(election.reasons.contains("1 seats stay vacant"))
    #expect(try body.elections.candidates(of: "e").allSatisfy { $0.isElected == true })
  }

  @Test(
    "more candidates than seats are voted on: most votes win, and every receipt is published",
    .clause("R2-42", "L1.9", "L1.9(a)"))
  func ballot() throws {
    let body = try SampleBody(on: "2026-01-05")
    for person in ["ann", "bob", "carl"] { try body.person(person) }
    try body.elect(
      ["ann", "bob", "carl"], by: .largeSuppliers, seats: 2, id: "e",
      ballots: [("large-1", ["ann", "bob"]), ("large-2", ["ann"]), ("large-3", ["carl"])])
    let candidates = try body.elections.candidates(of: "e")
    #expect(candidates.map(\.votes) == [2, 1, 1])
    #expect(candidates[0].isElected == true)
    #expect(candidates.count { $0.isElected == true } == 2)
    #expect(try body.elections.election("e").reasons.contains("the lot"))
    let ballots = try body.elections.ballots(of: "e")
    #expect(ballots.count == 3)
    // The lot is drawn again by anybody who has the published list.
    let again = ElectionResult.count(ballots, for: ["carl", "bob", "ann"], seats: 2)
    #expect(again.elected.sorted() == candidates.filter { $0.isElected == true }.map(\.person))
    #expect(try body.records.read { try $0.query("SELECT receipt FROM pma_ballot_box") }.isEmpty)
  }

  @Test("a voter finds the receipt, the audit does not tell who voted how", .clause("L1.9(a)@2014"))
  func secrecy() throws {
    let body = try SampleBody(on: "2014-06-02")
    for person in ["ann", "bob"] { try body.person(person) }
    let key = try SampleBody.officersKey.get()
    guard case .rsa(let publicKey) = key.publicKey else { return }
    try body.elections.open(
      "e", of: .networks, seats: 1, from: body.today, key: publicKey, at: body.now, by: body.by)
    for person in ["ann", "bob"] {
      try body.elections.nominate(person, in: "e", by: "x", at: body.now, by: body.by)
    }
    body.now = try body.elections.election("e").nominationsClose.adding(days: 1).begins
    try body.elections.endNominations(of: "e", at: body.now, by: body.by)
    let stored = try Ballot.key(try body.elections.election("e").publicKey)
    let sealed = try Ballot.seal(["ann"], in: "e", to: stored)
    let receipt = try body.elections.cast(sealed, of: "grid", in: "e", at: body.now, by: body.by)
    // Pipes is of the same group, but votes in another category.
    _ = try body.elections.cast(
      Ballot.seal(["bob"], in: "e", to: stored), of: "pipes", in: "e", at: body.now, by: body.by)
    #expect(
      code { _ = try body.elections.cast(sealed, of: "grid", in: "e", at: body.now, by: body.by) }
        == "group-has-voted")
    #expect(
      code {
        _ = try body.elections.cast(sealed, of: "large-1", in: "e", at: body.now, by: body.by)
      } == "not-of-constituency")
    #expect(
      code { _ = try body.elections.cast([1], of: "wires", in: "e", at: body.now, by: body.by) }
        == "ballot-form")
    #expect(
      code { _ = try body.elections.cast(sealed, of: "nobody", in: "e", at: body.now, by: body.by) }
        == "organisation-unknown")
    #expect(
      code { _ = try body.elections.count("e", with: key, at: body.now, by: body.by) }
        == "election-stage")
    body.now = try #require(try body.elections.election("e").ballotCloses).adding(days: 1).begins
    #expect(
      code { _ = try body.elections.cast(sealed, of: "wires", in: "e", at: body.now, by: body.by) }
        == "ballot-closed")
    let entries = try body.records.audit.entries(from: 0)
    #expect(!entries.contains { "\($0.entry.facts)".contains(receipt) })
    _ = try body.elections.count("e", with: key, at: body.now, by: body.by)
    #expect(
      try body.elections.ballots(of: "e").contains { $0.receipt == receipt && $0.names == ["ann"] })
  }

  @Test("two suppliers of one group have one vote", .clause("L1.7(a)"))
  func oneVote() throws {
    let body = try SampleBody(on: "2026-01-05")
    for person in ["ann", "bob"] { try body.person(person) }
    #expect(
      code {
        try body.elect(
          ["ann", "bob"], by: .largeSuppliers, id: "e",
          ballots: [("large-3", ["ann"]), ("large-4", ["ann"])])
      } == "group-has-voted")
  }

  @Test(
    "anybody nominates any human being, until the last day",
    .clause("L1.7(b)", "L1.7(c)", "L1.9(b)"))
  func nominations() throws {
    let body = try SampleBody(on: "2026-01-05")
    try body.person("ann")
    try body.person("acme", kind: .body)
    guard case .rsa(let key) = try SampleBody.officersKey.get().publicKey else { return }
    func open(_ id: String, _ seats: Int, _ constituency: Constituency = .largeSuppliers) throws {
      try body.elections.open(
        id, of: constituency, seats: seats, from: body.today, key: key, at: body.now, by: body.by)
    }
    func nominate(_ person: String, _ id: String = "e") throws {
      try body.elections.nominate(person, in: id, by: "a passer-by", at: body.now, by: body.by)
    }
    #expect(code { try open("e", 4) } == "no-such-election")
    #expect(code { try open("e", 1, .networks) } == "no-such-election")
    #expect(code { try nominate("ann") } == "election-unknown")
    try open("e", 3)
    #expect(code { try open("e", 3) } == "election-exists")
    #expect(code { try nominate("acme") } == "not-a-natural-person")
    try nominate("ann")
    #expect(code { try nominate("ann") } == "nominated-twice")
    #expect(
      code { try body.elections.endNominations(of: "e", at: body.now, by: body.by) }
        == "election-stage")
    let last = try body.elections.election("e").nominationsClose
    #expect(WorkingDays().count(after: body.today, through: last) == 10)
    body.now = last.adding(days: 1).begins
    try body.person("bob")
    #expect(code { try nominate("bob") } == "nomination-late")
  }

  @Test(
    "a spoilt ballot counts for nobody, and a box that lost a ballot is not counted",
    .clause("R2-42"))
  func tampered() throws {
    let body = try SampleBody(on: "2026-01-05")
    for person in ["ann", "bob"] { try body.person(person) }
    try body.elect(
      ["ann", "bob"], by: .smallSuppliers, id: "e",
      ballots: [("small-1", ["ann", "bob"]), ("small-2", ["bob"])])
    #expect(try body.elections.candidates(of: "e").map(\.votes) == [0, 1])
    #expect(
      Refusal.boxTampered(ballots: 1, voted: 2)
        == Refusal(
          "ballot-box-tampered", clause: "R2-42", field: "", expected: "", found: "", remedy: ""))
    #expect(throws: KeyError.self) {
      _ = try SampleBody.officersKey.get().unseal([UInt8](repeating: 1, count: 256))
    }
  }
}
