// SPDX-License-Identifier: Apache-2.0

import DER
import Profiles
package import Records
import SEC
import X509

/// The tables of this room; nobody else reads or writes them.
package enum RevocationRecords {
  /// Requests, by number.
  package static let request = KeptTable(
    "revocation_request", key: ["id"],
    columns: [
      "serial", "party", "ground", "asker", "capacity", "asker_party", "form", "evidence",
      "entered_by", "entered", "state", "verification", "decided_by", "decided",
    ], changesStanding: false)
  /// What was revoked, in the order of revoking; rows are only ever added.
  package static let entry = KeptTable(
    "revocation_entry", key: ["id"],
    columns: ["issuer", "serial", "revoked", "reason", "ground", "request", "encoded"],
    changesStanding: false)
  /// What the PMA delays, and until when.
  package static let delay = KeptTable(
    "revocation_delay", key: ["id"],
    columns: [
      "party", "directed_by", "decision", "evidence", "clause", "since", "until", "reported",
      "ended",
    ], changesStanding: false)
  /// The last number that a list of an issuer was given, signed or not.
  package static let number = KeptTable(
    "revocation_list_number", key: ["issuer"], columns: ["number"], changesStanding: false)
  /// Every list that was ever published.
  package static let list = KeptTable(
    "revocation_list", key: ["id"],
    columns: [
      "issuer", "kind", "number", "this_update", "next_update", "entries", "last_entry", "before",
      "after", "digest", "lodged",
    ], changesStanding: false)

  /// Every kept table of this room.
  package static let tables = [request, entry, delay, number, list]

  /// The tables' definitions, oldest first.
  package static let migrations = [
    Migration(
      name: "revocation-1",
      statements: [
        """
        CREATE TABLE revocation_request (
          id INTEGER PRIMARY KEY, serial TEXT NOT NULL, party TEXT, ground TEXT NOT NULL,
          asker TEXT NOT NULL, capacity TEXT NOT NULL, asker_party TEXT, form TEXT,
          evidence TEXT NOT NULL, entered_by TEXT NOT NULL, entered BIGINT NOT NULL,
          state TEXT NOT NULL, verification TEXT, decided_by TEXT, decided BIGINT)
        """,
        "CREATE INDEX revocation_request_serial ON revocation_request (serial)",
        "CREATE INDEX revocation_request_state ON revocation_request (state)",
        """
        CREATE TABLE revocation_entry (
          id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, serial BLOB NOT NULL,
          revoked BIGINT NOT NULL, reason BIGINT NOT NULL, ground TEXT NOT NULL, request BIGINT,
          encoded BLOB NOT NULL)
        """,
        "CREATE UNIQUE INDEX revocation_entry_serial ON revocation_entry (serial)",
        "CREATE INDEX revocation_entry_issuer ON revocation_entry (issuer, id)",
        """
        CREATE TABLE revocation_delay (
          id INTEGER PRIMARY KEY, party TEXT NOT NULL, directed_by TEXT NOT NULL,
          decision TEXT NOT NULL, evidence TEXT NOT NULL, clause TEXT NOT NULL,
          since BIGINT NOT NULL, until BIGINT NOT NULL, reported BIGINT, ended BIGINT)
        """,
        """
        CREATE TABLE revocation_list_number (
          issuer TEXT NOT NULL PRIMARY KEY, number BIGINT NOT NULL)
        """,
        """
        CREATE TABLE revocation_list (
          id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, kind TEXT NOT NULL, number BIGINT NOT NULL,
          this_update BIGINT NOT NULL, next_update BIGINT NOT NULL, entries BIGINT NOT NULL,
          last_entry BIGINT NOT NULL, before BLOB NOT NULL, after BLOB,
          digest BLOB NOT NULL, lodged BIGINT NOT NULL)
        """,
        "CREATE UNIQUE INDEX revocation_list_number_of ON revocation_list (issuer, number)",
      ])
  ]

  /// Where the next row of a table gets its number from.
  enum Numbered {
    case request, entry, delay, list

    fileprivate var last: SQL {
      switch self {
      case .request: "SELECT max(id) AS last FROM revocation_request"
      case .entry: "SELECT max(id) AS last FROM revocation_entry"
      case .delay: "SELECT max(id) AS last FROM revocation_delay"
      case .list: "SELECT max(id) AS last FROM revocation_list"
      }
    }
  }

  static func nextID(of table: Numbered, in reading: some Querying) throws -> Int {
    1 + (try reading.first(table.last)?.optionalInt("last") ?? 0)
  }
}

extension RevocationRecords {
  private static let requestColumns: SQL =
    """
    id, serial, party, ground, asker, capacity, asker_party, form, evidence, entered_by, entered,
    state, verification, decided_by, decided
    """

  static func keep(_ request: RevocationRequest, in transaction: Transaction) throws {
    func text(_ value: String?) -> SQL.Value { value.map(SQL.Value.text) ?? .null }
    try transaction.keep(
      self.request,
      [
        .int(Int64(request.id)), .text(request.serial), text(request.party),
        .text(request.ground.rawValue), .text(request.asker.name),
        .text(request.asker.capacity.rawValue), text(request.asker.party),
        text(request.asker.form), .text(request.evidence), .text(request.enteredBy),
        .int(request.entered.milliseconds), .text(request.state.rawValue),
        text(request.verification), text(request.decidedBy),
        request.decided.map { .int($0.milliseconds) } ?? .null,
      ])
  }

  static func request(_ id: Int, in reading: some Querying) throws -> RevocationRequest? {
    try reading.first("SELECT \(requestColumns) FROM revocation_request WHERE id = \(id)")
      .map(request(from:))
  }

  static func requests(
    in state: RevocationRequest.State, in reading: some Querying
  ) throws -> [RevocationRequest] {
    try reading.query(
      """
      SELECT \(requestColumns) FROM revocation_request WHERE state = \(state.rawValue) ORDER BY id
      """
    ).map(request(from:))
  }

  static func requests(
    of serial: String, in reading: some Querying
  ) throws -> [RevocationRequest] {
    try reading.query(
      "SELECT \(requestColumns) FROM revocation_request WHERE serial = \(serial) ORDER BY id"
    ).map(request(from:))
  }

  /// The newest requests, the last one first.
  static func newestRequests(
    _ count: Int, in reading: some Querying
  ) throws -> [RevocationRequest] {
    try reading.query(
      "SELECT \(requestColumns) FROM revocation_request ORDER BY id DESC LIMIT \(count)"
    ).map(request(from:))
  }

  private static func request(from row: Row) throws -> RevocationRequest {
    guard let ground = RevocationGround(rawValue: try row.text("ground")),
      let capacity = Asker.Capacity(rawValue: try row.text("capacity")),
      let state = RevocationRequest.State(rawValue: try row.text("state"))
    else { throw DatabaseError.damaged("revocation_request") }
    return RevocationRequest(
      id: try row.int("id"), serial: try row.text("serial"),
      party: try row.optionalText("party"), ground: ground,
      asker: Asker(
        name: try row.text("asker"), capacity: capacity,
        party: try row.optionalText("asker_party"), form: try row.optionalText("form")),
      evidence: try row.text("evidence"), enteredBy: try row.text("entered_by"),
      entered: try row.time("entered"), state: state,
      verification: try row.optionalText("verification"),
      decidedBy: try row.optionalText("decided_by"), decided: try row.optionalTime("decided"))
  }
}

extension RevocationRecords {
  private static let delayColumns: SQL =
    "id, party, directed_by, decision, evidence, clause, since, until, reported, ended"

  static func keep(_ delay: RevocationDelay, in transaction: Transaction) throws {
    try transaction.keep(
      self.delay,
      [
        .int(Int64(delay.id)), .text(delay.party), .text(delay.direction.by),
        .text(delay.direction.decision), .text(delay.direction.evidence),
        .text(delay.direction.clause.id), .int(delay.from.milliseconds),
        .int(delay.until.milliseconds),
        delay.reported.map { .int($0.milliseconds) } ?? .null,
        delay.ended.map { .int($0.milliseconds) } ?? .null,
      ])
  }

  static func delays(in reading: some Querying) throws -> [RevocationDelay] {
    try reading.query("SELECT \(delayColumns) FROM revocation_delay ORDER BY id").map { row in
      RevocationDelay(
        id: try row.int("id"), party: try row.text("party"),
        direction: try Direction(
          by: row.text("directed_by"), decision: row.text("decision"),
          evidence: row.text("evidence"), clause: Clause(row.text("clause"))),
        from: try row.time("since"), until: try row.time("until"),
        reported: try row.optionalTime("reported"), ended: try row.optionalTime("ended"))
    }
  }
}
