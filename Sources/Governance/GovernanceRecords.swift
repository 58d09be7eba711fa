// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
package import Records
import SEC

/// The tables of this room; nobody else reads or writes them.
package enum GovernanceRecords {
  /// A table of this room: none of them changes what a party may ask for.
  static func kept(_ name: String, _ key: [String], _ columns: [String]) -> KeptTable {
    KeptTable(name, key: key, columns: columns, changesStanding: false)
  }

  static let organisation = kept("pma_organisation", ["id"], ["name", "category", "corporate"])
  static let person = kept("pma_person", ["id"], ["name", "kind", "employer"])
  static let step = kept("pma_step", ["seat", "person", "step"], ["day", "evidence"])
  static let tenure = kept(
    "pma_tenure", ["seat", "began"],
    ["person", "ends", "basis", "ended", "reason", "held_over"])
  static let alternate = kept(
    "pma_alternate", ["seat", "since"], ["person", "until", "evidence"])
  static let election = kept(
    "pma_election", ["id"],
    [
      "constituency", "seats", "opened", "nominations_close", "ballot_close", "public_key",
      "closed", "reasons",
    ])
  static let candidate = kept(
    "pma_candidate", ["election", "person"], ["nominated_by", "votes", "elected"])
  static let voted = kept("pma_voted", ["election", "voting_group"], ["party"])
  static let published = kept("pma_published_ballot", ["election", "receipt"], ["names"])
  static let meeting = kept(
    "pma_meeting", ["id"],
    ["held", "notified", "place", "short_notice", "opened", "closed", "published"])
  static let item = kept(
    "pma_item", ["meeting", "number"],
    ["title", "subject", "is_confidential", "minute", "confidential_minute"])
  static let invitee = kept(
    "pma_invitee", ["meeting", "name"], ["capacity", "may_speak", "clause"])
  static let presence = kept("pma_presence", ["meeting", "person", "came"], ["left_at"])
  static let conflict = kept("pma_conflict", ["meeting", "item", "person"], ["reason"])
  static let vote = kept(
    "pma_vote", ["id"],
    [
      "meeting", "item", "kind", "motion", "subject", "edition", "threshold", "opened", "closed",
      "outcome", "reasons", "effect",
    ])
  static let elector = kept("pma_elector", ["vote", "seat"], ["person", "right_to_vote"])
  static let cast = kept("pma_cast", ["vote", "seat"], ["person", "choice", "moment"])
  static let casting = kept("pma_casting", ["vote"], ["person", "choice", "moment"])

  /// Every kept table of this room.
  package static let tables = [
    organisation, person, step, tenure, alternate, election, candidate, voted, published, meeting,
    item, invitee, presence, conflict, vote, elector, cast, casting,
  ]

  /// Every kept table that came with the PMA's business.
  package static let laterTables =
    voteTables + matterTables + standardTables + proposalTables + directionTables

  /// Tables that no entry may speak of: what lies in a ballot box would tell who put it there.
  package static let secretTables = ["pma_ballot_box"]

  /// The tables' definitions, oldest first.
  package static let migrations = [
    Migration(name: "governance-1", statements: people + elections),
    Migration(name: "governance-2", statements: meetings + votes),
  ]

  /// What came with the PMA's business: terms and signatures, matters, standards, proposals.
  package static let laterMigrations = [
    Migration(
      name: "governance-3",
      statements: voteStatements + matterStatements + standardStatements + proposalStatements)
  ]

  private static let people: [SQL] = [
    """
    CREATE TABLE pma_organisation (
      id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, category TEXT NOT NULL,
      corporate TEXT NOT NULL)
    """,
    """
    CREATE TABLE pma_person (
      id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL,
      employer TEXT NOT NULL)
    """,
    """
    CREATE TABLE pma_step (
      seat TEXT NOT NULL, person TEXT NOT NULL, step TEXT NOT NULL, day BIGINT NOT NULL,
      evidence TEXT NOT NULL, PRIMARY KEY (seat, person, step))
    """,
    """
    CREATE TABLE pma_tenure (
      seat TEXT NOT NULL, began BIGINT NOT NULL, person TEXT NOT NULL, ends BIGINT,
      basis TEXT NOT NULL, ended BIGINT, reason TEXT NOT NULL, held_over BIGINT,
      PRIMARY KEY (seat, began))
    """,
    """
    CREATE TABLE pma_alternate (
      seat TEXT NOT NULL, since BIGINT NOT NULL, person TEXT NOT NULL, until BIGINT,
      evidence TEXT NOT NULL, PRIMARY KEY (seat, since))
    """,
  ]

  private static let elections: [SQL] = [
    """
    CREATE TABLE pma_election (
      id TEXT NOT NULL PRIMARY KEY, constituency TEXT NOT NULL, seats BIGINT NOT NULL,
      opened BIGINT NOT NULL, nominations_close BIGINT NOT NULL, ballot_close BIGINT,
      public_key BLOB NOT NULL, closed BIGINT, reasons TEXT NOT NULL)
    """,
    """
    CREATE TABLE pma_candidate (
      election TEXT NOT NULL, person TEXT NOT NULL, nominated_by TEXT NOT NULL, votes BIGINT,
      elected BIGINT, PRIMARY KEY (election, person))
    """,
    """
    CREATE TABLE pma_voted (
      election TEXT NOT NULL, voting_group TEXT NOT NULL, party TEXT NOT NULL,
      PRIMARY KEY (election, voting_group))
    """,
    """
    CREATE TABLE pma_ballot_box (
      receipt TEXT NOT NULL PRIMARY KEY, election TEXT NOT NULL, sealed BLOB NOT NULL)
    """,
    """
    CREATE TABLE pma_published_ballot (
      election TEXT NOT NULL, receipt TEXT NOT NULL, names TEXT NOT NULL,
      PRIMARY KEY (election, receipt))
    """,
  ]

  private static let meetings: [SQL] = [
    """
    CREATE TABLE pma_meeting (
      id TEXT NOT NULL PRIMARY KEY, held BIGINT NOT NULL, notified BIGINT NOT NULL,
      place TEXT NOT NULL, short_notice TEXT NOT NULL, opened BIGINT, closed BIGINT,
      published BIGINT)
    """,
    """
    CREATE TABLE pma_item (
      meeting TEXT NOT NULL, number BIGINT NOT NULL, title TEXT NOT NULL, subject TEXT NOT NULL,
      is_confidential BIGINT NOT NULL, minute TEXT NOT NULL, confidential_minute TEXT NOT NULL,
      PRIMARY KEY (meeting, number))
    """,
    """
    CREATE TABLE pma_invitee (
      meeting TEXT NOT NULL, name TEXT NOT NULL, capacity TEXT NOT NULL,
      may_speak BIGINT NOT NULL, clause TEXT NOT NULL, PRIMARY KEY (meeting, name))
    """,
    """
    CREATE TABLE pma_presence (
      meeting TEXT NOT NULL, person TEXT NOT NULL, came BIGINT NOT NULL, left_at BIGINT,
      PRIMARY KEY (meeting, person, came))
    """,
    """
    CREATE TABLE pma_conflict (
      meeting TEXT NOT NULL, item BIGINT NOT NULL, person TEXT NOT NULL, reason TEXT NOT NULL,
      PRIMARY KEY (meeting, item, person))
    """,
  ]

  private static let votes: [SQL] = [
    """
    CREATE TABLE pma_vote (
      id TEXT NOT NULL PRIMARY KEY, meeting TEXT NOT NULL, item BIGINT NOT NULL,
      kind TEXT NOT NULL, motion TEXT NOT NULL, subject TEXT NOT NULL, edition TEXT NOT NULL,
      threshold TEXT NOT NULL, opened BIGINT NOT NULL, closed BIGINT, outcome TEXT NOT NULL,
      reasons TEXT NOT NULL, effect BIGINT)
    """,
    """
    CREATE TABLE pma_elector (
      vote TEXT NOT NULL, seat TEXT NOT NULL, person TEXT NOT NULL,
      right_to_vote TEXT NOT NULL, PRIMARY KEY (vote, seat))
    """,
    """
    CREATE TABLE pma_cast (
      vote TEXT NOT NULL, seat TEXT NOT NULL, person TEXT NOT NULL, choice TEXT NOT NULL,
      moment BIGINT NOT NULL, PRIMARY KEY (vote, seat))
    """,
    """
    CREATE TABLE pma_casting (
      vote TEXT NOT NULL PRIMARY KEY, person TEXT NOT NULL, choice TEXT NOT NULL,
      moment BIGINT NOT NULL)
    """,
  ]
}

extension SQL.Value {
  /// A day, or NULL.
  static func day(_ day: Day?) -> SQL.Value { day.map { .int(Int64($0.number)) } ?? .null }
  /// A moment, or NULL.
  static func time(_ time: Time?) -> SQL.Value { time.map { .int($0.milliseconds) } ?? .null }
  /// 1 or 0.
  static func bool(_ value: Bool) -> SQL.Value { .int(value ? 1 : 0) }
}

extension Row {
  func day(_ column: String) throws -> Day { Day(number: try int(column)) }

  func optionalDay(_ column: String) throws -> Day? {
    try optionalInt(column).map { Day(number: $0) }
  }

  /// A word of the program that the store holds.
  func word<Value: RawRepresentable>(
    _ column: String, _ type: Value.Type = Value.self
  ) throws -> Value where Value.RawValue == String {
    guard let value = Value(rawValue: try text(column)) else {
      throw DatabaseError.damaged(column)
    }
    return value
  }
}
