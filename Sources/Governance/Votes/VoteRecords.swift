// SPDX-License-Identifier: Apache-2.0

import DER
import Records
import SEC

/// Reading and writing of votes.
extension GovernanceRecords {
  static func votes(in reading: some Querying) throws -> [Vote] {
    try reading.query(
      """
      SELECT id, meeting, item, kind, motion, subject, edition, threshold, opened, closed, outcome,
      reasons, effect FROM pma_vote ORDER BY opened, id
      """
    ).map { row in
      Vote(
        id: try row.text("id"), meeting: try row.text("meeting"), item: try row.int("item"),
        kind: try row.word("kind"), motion: try row.text("motion"),
        subject: try row.text("subject"), edition: try row.word("edition"),
        threshold: try row.word("threshold"), opened: try row.time("opened"),
        closed: try row.optionalTime("closed"), outcome: try row.word("outcome"),
        reasons: try row.text("reasons"), effect: try row.optionalInt("effect"))
    }
  }

  static func vote(_ id: String, in reading: some Querying) throws -> Vote {
    guard let vote = try votes(in: reading).first(where: { $0.id == id }) else {
      throw Refusal.voteUnknown(id)
    }
    return vote
  }

  static func keep(_ vote: Vote, in transaction: Transaction) throws {
    try transaction.keep(
      Self.vote,
      [
        .text(vote.id), .text(vote.meeting), .int(Int64(vote.item)), .text(vote.kind.rawValue),
        .text(vote.motion), .text(vote.subject), .text(vote.edition.rawValue),
        .text(vote.threshold.rawValue), .time(vote.opened), .time(vote.closed),
        .text(vote.outcome.rawValue), .text(vote.reasons),
        vote.effect.map { .int(Int64($0)) } ?? .null,
      ])
  }

  static func electors(of vote: String, in reading: some Querying) throws -> [Elector] {
    try reading.query(
      """
      SELECT seat, person, right_to_vote FROM pma_elector WHERE vote = \(vote) ORDER BY seat
      """
    ).map { row in
      Elector(
        seat: try row.word("seat"), person: try row.text("person"),
        right: try row.word("right_to_vote"))
    }
  }

  static func casts(of vote: String, in reading: some Querying) throws -> [Cast] {
    try reading.query(
      "SELECT seat, person, choice, moment FROM pma_cast WHERE vote = \(vote) ORDER BY seat"
    ).map { row in
      Cast(
        seat: try row.word("seat"), person: try row.text("person"),
        choice: try row.word("choice"), moment: try row.time("moment"))
    }
  }

  static func casting(of vote: String, in reading: some Querying) throws -> Choice? {
    try reading.first("SELECT choice FROM pma_casting WHERE vote = \(vote)")?.word("choice")
  }
}
