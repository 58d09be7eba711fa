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

  @Test(
    "a void ballot is refused before it is sealed, and counted as void when it is there",
    .clause("L1.7(c)", "L1.9(b)"))
  func void() throws {
    let body = try SampleBody(on: "2026-01-05")
    for person in ["ann", "bob", "carl"] { try body.person(person) }
    // One of each fault, one blank, one that counts; and an election that nobody can hold up.
    try body.elect(["ann", "bob", "carl"], by: .largeSuppliers, seats: 2, id: "e") { key in
      [
        ("large-1", try Ballot.seal(["ann", "bob", "carl"], in: "e", to: key)),
        ("large-2", try Ballot.seal(["ann", "nobody"], in: "e", to: key)),
        ("large-3", [UInt8](repeating: 1, count: 256)),
      ]
    }
    let election = try body.elections.election("e")
    #expect(
      election.reasons.hasPrefix(
        "3 ballots were counted. 1 of them void, with more names than there are seats. "
          + "1 of them void, with the name of somebody who does not stand. "
          + "1 of them void, that nobody can read."))
    let ballots = try body.elections.ballots(of: "e")
    #expect(ballots.compactMap { $0.fault(for: ["ann", "bob", "carl"], seats: 2) }.count == 3)
    try body.elect(
      ["ann", "bob"], by: .smallSuppliers, id: "f",
      ballots: [("small-1", []), ("small-2", ["bob"])])
    #expect(try body.elections.election("f").reasons.contains("1 of them blank."))
    // A name with a comma in it is not two names in the published list.
    try body.elect(["ann", "bob"], by: .gasNetworks, id: "g", ballots: [("pipes", ["ann,bob"])])
    #expect(try body.elections.ballots(of: "g")[0].fault(for: ["ann", "bob"], seats: 1) != nil)
    for (names, isVoid) in [
      (["ann", "bob"], false), (["ann"], false), ([], true), (["ann", "ann"], true),
      (["ann", "bob", "carl"], true), (["nobody"], true),
    ] {
      let refusal = code {
        try Ballot.check(names, in: election, candidates: ["ann", "bob", "carl"])
      }
      #expect((refusal == "ballot-names") == isVoid, "\(names)")
    }
  }

  @Test("another election's key opens nothing", .clause("L1.7(c)"))
  func otherKey() throws {
    let body = try SampleBody(on: "2026-01-05")
    for person in ["ann", "bob"] { try body.person(person) }
    let other = try SoftwareKey.generate(.rsa2048)
    #expect(
      code { try body.elect(["ann", "bob"], by: .smallSuppliers, id: "e", countedWith: other) }
        == "election-key")
    #expect(
      code {
        _ = try body.elections.count(
          "e", with: SoftwareKey.generate(.p256), at: body.now, by: body.by)
      } == "election-key")
    #expect(try body.elections.election("e").state == .balloting)
    let key = try SampleBody.officersKey.get()
    #expect(throws: Never.self) {
      _ = try body.elections.count("e", with: key, at: body.now, by: body.by)
    }
  }

  @Test(
    "what is owed for the first election is begun by the first one of the rules of 2014 alone",
    .clause("R2-50-d", "R2-51"))
  func first() throws {
    func owed(_ body: SampleBody) throws -> [String] {
      try DutyBook(records: body.records).instances(on: body.today)
        .filter { ["R2-50-d", "R2-51"].contains($0.duty.clause.id) }
        .map { "\($0.duty.clause) \($0.event.subject) \($0.discharge != nil)" }.sorted()
    }
    let body = try SampleBody(on: "2014-02-03")
    for person in ["ann", "bob"] { try body.person(person) }
    try body.elect(["ann", "bob"], by: .largeSuppliers, seats: 2, id: "2014-LS")
    try body.elect(["ann"], by: .smallSuppliers, id: "2014-SS")
    let first = [
      "R2-50-d large-suppliers 2014-LS false", "R2-51 large-suppliers 2014-LS true",
      "R2-51 small-suppliers 2014-SS true",
    ]
    #expect(try owed(body) == first)
    try body.elect(["ann", "bob"], by: .largeSuppliers, seats: 2, id: "2015-LS")
    #expect(try owed(body) == first)
    let later = try SampleBody(on: "2026-01-05")
    try later.person("ann")
    try later.elect(["ann"], by: .largeSuppliers, id: "2026-LS")
    #expect(try owed(later) == [])
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
    let reasons = try body.elections.election("e").reasons
    #expect(reasons.hasPrefix("2 ballots were counted. 1 of them void, with more names than"))
    #expect(
      Refusal.boxTampered(.gasNetworks, ballots: 1, voted: 2)
        == Refusal(
          "ballot-box-tampered", clause: "L1.9(b)", field: "", expected: "", found: "", remedy: ""))
    #expect(throws: KeyError.self) {
      _ = try SampleBody.officersKey.get().unseal([UInt8](repeating: 1, count: 256))
    }
  }
}
