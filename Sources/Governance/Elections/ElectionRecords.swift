// SPDX-License-Identifier: Apache-2.0

import DER
import Records
import SEC

/// Reading and writing of elections.
extension GovernanceRecords {
  static func elections(in reading: some Querying) throws -> [Election] {
    try reading.query(
      """
      SELECT id, constituency, seats, opened, nominations_close, ballot_close, public_key, closed,
      reasons FROM pma_election ORDER BY opened, id
      """
    ).map { row in
      Election(
        id: try row.text("id"), constituency: try row.word("constituency"),
        seats: try row.int("seats"), opened: try row.time("opened"),
        nominationsClose: try row.day("nominations_close"),
        ballotCloses: try row.optionalDay("ballot_close"), publicKey: try row.blob("public_key"),
        closed: try row.optionalTime("closed"), reasons: try row.text("reasons"))
    }
  }

  static func election(_ id: String, in reading: some Querying) throws -> Election? {
    try elections(in: reading).first { $0.id == id }
  }

  static func keep(_ election: Election, in transaction: Transaction) throws {
    try transaction.keep(
      Self.election,
      [
        .text(election.id), .text(election.constituency.rawValue), .int(Int64(election.seats)),
        .time(election.opened), .day(election.nominationsClose), .day(election.ballotCloses),
        .blob(election.publicKey), .time(election.closed), .text(election.reasons),
      ])
  }

  static func candidates(of id: String, in reading: some Querying) throws -> [Candidate] {
    try reading.query(
      """
      SELECT person, nominated_by, votes, elected FROM pma_candidate WHERE election = \(id)
      ORDER BY person
      """
    ).map { row in
      Candidate(
        person: try row.text("person"), nominatedBy: try row.text("nominated_by"),
        votes: try row.optionalInt("votes"),
        isElected: try row.optionalInt("elected").map { $0 == 1 })
    }
  }

  static func keep(
    _ candidate: Candidate, of election: String, in transaction: Transaction
  ) throws {
    try transaction.keep(
      Self.candidate,
      [
        .text(election), .text(candidate.person), .text(candidate.nominatedBy),
        candidate.votes.map { .int(Int64($0)) } ?? .null,
        candidate.isElected.map { .bool($0) } ?? .null,
      ])
  }

  /// Writes the result; nobody types it in.
  static func keep(
    _ result: ElectionResult, of election: Election, _ candidates: [Candidate], at moment: Time,
    in transaction: Transaction
  ) throws {
    for candidate in candidates {
      try keep(
        Candidate(
          person: candidate.person, nominatedBy: candidate.nominatedBy,
          votes: result.votes[candidate.person],
          isElected: result.elected.contains(candidate.person)), of: election.id,
        in: transaction)
    }
    try keep(
      Election(
        id: election.id, constituency: election.constituency, seats: election.seats,
        opened: election.opened, nominationsClose: election.nominationsClose,
        ballotCloses: election.ballotCloses, publicKey: election.publicKey, closed: moment,
        reasons: result.reasons.joined(separator: " ")), in: transaction)
  }

  /// L1.6(a), L1.8(a): whether an election of the seat's constituency elected a person.
  static func isElected(
    _ person: String, to seat: Seat.Name, by id: String, in reading: some Querying
  ) throws -> Bool {
    guard let election = try election(id, in: reading) else { return false }
    let isOfSeat = Edition.allCases.contains {
      Constitution.of($0).seat(seat)?.filling == .election(election.constituency)
    }
    return try isOfSeat
      && candidates(of: id, in: reading).contains { $0.person == person && $0.isElected == true }
  }

  static func hasVoted(
    _ group: String, in election: String, _ reading: some Querying
  ) throws -> Bool {
    try reading.first(
      """
      SELECT party FROM pma_voted WHERE election = \(election) AND voting_group = \(group)
      """) != nil
  }

  static func votedCount(in election: String, _ reading: some Querying) throws -> Int {
    try reading.first("SELECT count(*) AS voted FROM pma_voted WHERE election = \(election)")?
      .int("voted") ?? 0
  }

  static func box(of election: String, in reading: some Querying) throws -> [[UInt8]] {
    try reading.query(
      "SELECT sealed FROM pma_ballot_box WHERE election = \(election) ORDER BY receipt"
    ).map { try $0.blob("sealed") }
  }

  static func ballots(
    of election: String, in reading: some Querying
  ) throws -> [PublishedBallot] {
    try reading.query(
      """
      SELECT receipt, names FROM pma_published_ballot WHERE election = \(election)
      ORDER BY receipt
      """
    ).map { row in
      PublishedBallot(
        receipt: try row.text("receipt"),
        names: try row.text("names").split(separator: ",").map(String.init))
    }
  }
}
