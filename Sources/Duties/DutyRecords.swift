// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import SEC

/// The tables of this room; nobody else reads or writes them.
package enum DutyRecords {
  /// Events and acts that duties speak of, by the place of their entry in the audit.
  package static let event = KeptTable(
    "duty_event", key: ["position"], columns: ["name", "subject", "day", "reference", "actor"],
    changesStanding: false)
  /// How far the audit has been looked through.
  package static let cursor = KeptTable(
    "duty_cursor", key: ["id"], columns: ["position"], changesStanding: false)
  /// What was reported as done, by clause, event and turn.
  package static let discharge = KeptTable(
    "duty_discharge", key: ["clause", "position", "turn"], columns: ["day", "evidence", "actor"],
    changesStanding: false)
  /// What was sent, by clause, event, turn and kind.
  package static let notice = KeptTable(
    "duty_notice", key: ["clause", "position", "turn", "kind"], columns: ["day", "recipient"],
    changesStanding: false)

  /// Every kept table of this room.
  package static let tables = [event, cursor, discharge, notice]

  /// The tables' definitions, oldest first.
  package static let migrations = [
    Migration(
      name: "duties-1",
      statements: [
        """
        CREATE TABLE duty_event (
          position BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, subject TEXT NOT NULL,
          day BIGINT NOT NULL, reference TEXT NOT NULL, actor TEXT NOT NULL)
        """,
        "CREATE TABLE duty_cursor (id BIGINT NOT NULL PRIMARY KEY, position BIGINT NOT NULL)",
        """
        CREATE TABLE duty_discharge (
          clause TEXT NOT NULL, position BIGINT NOT NULL, turn BIGINT NOT NULL,
          day BIGINT NOT NULL, evidence TEXT NOT NULL, actor TEXT NOT NULL,
          PRIMARY KEY (clause, position, turn))
        """,
        """
        CREATE TABLE duty_notice (
          clause TEXT NOT NULL, position BIGINT NOT NULL, turn BIGINT NOT NULL,
          kind TEXT NOT NULL, day BIGINT NOT NULL, recipient TEXT NOT NULL,
          PRIMARY KEY (clause, position, turn, kind))
        """,
      ])
  ]

  /// Something that happened, with who did it.
  struct Happening {
    let event: DutyEvent
    let actor: String

    var values: [SQL.Value] {
      [
        .int(Int64(event.position)), .text(event.name), .text(event.subject),
        .int(Int64(event.day.number)), .text(event.reference), .text(actor),
      ]
    }
  }

  static func happenings(in reading: some Querying) throws -> [Happening] {
    try reading.query(
      "SELECT position, name, subject, day, reference, actor FROM duty_event ORDER BY position"
    ).map { row in
      Happening(
        event: DutyEvent(
          position: try row.int("position"), name: try row.text("name"),
          subject: try row.text("subject"), day: Day(number: try row.int("day")),
          reference: try row.text("reference")),
        actor: try row.text("actor"))
    }
  }

  static func position(in reading: some Querying) throws -> Int {
    try reading.first("SELECT position FROM duty_cursor")?.int("position") ?? 0
  }

  static func discharges(in reading: some Querying) throws -> [String: Discharge] {
    var found: [String: Discharge] = [:]
    try reading.each("SELECT clause, position, turn, day, evidence, actor FROM duty_discharge") {
      row in
      let id = "\(try row.text("clause"))/\(try row.int("position"))/\(try row.int("turn"))"
      found[id] = Discharge(
        day: Day(number: try row.int("day")), evidence: try row.text("evidence"),
        by: try row.text("actor"))
    }
    return found
  }

  static func notices(in reading: some Querying) throws -> Set<String> {
    var found: Set<String> = []
    try reading.each("SELECT clause, position, turn, kind FROM duty_notice") { row in
      found.insert(
        "\(try row.text("clause"))/\(try row.int("position"))/\(try row.int("turn"))/"
          + (try row.text("kind")))
    }
    return found
  }
}
