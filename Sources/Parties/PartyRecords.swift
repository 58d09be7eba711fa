// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import SEC

/// The tables of this room; nobody else reads or writes them.
package enum PartyRecords {
  /// The parties, by identifier.
  package static let party = KeptTable("party", key: ["id"], columns: ["name", "roles", "since"])
  /// Their identifiers, by party, role and first identifier.
  package static let range = KeptTable(
    "entity_range", key: ["party", "role", "first"], columns: ["last"])
  /// Suspensions, by party and beginning.
  package static let suspension = KeptTable(
    "suspension", key: ["party", "since"], columns: ["until", "clause", "evidence"])

  /// Every kept table of this room.
  package static let tables = [party, range, suspension]

  /// The tables' definitions, oldest first.
  package static let migrations = [
    Migration(
      name: "parties-1",
      statements: [
        """
        CREATE TABLE party (
          id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL,
          since BIGINT NOT NULL)
        """,
        """
        CREATE TABLE entity_range (
          party TEXT NOT NULL, role BIGINT NOT NULL, first BLOB NOT NULL, last BLOB NOT NULL,
          PRIMARY KEY (party, role, first), CHECK (first <= last))
        """,
        """
        CREATE TABLE suspension (
          party TEXT NOT NULL, since BIGINT NOT NULL, until BIGINT, clause TEXT NOT NULL,
          evidence TEXT NOT NULL, PRIMARY KEY (party, since))
        """,
      ])
  ]

  static func find(_ id: String, in reading: some Querying) throws -> Party? {
    try reading.query("SELECT id, name, roles, since FROM party WHERE id = \(id)").first
      .map(party(from:))
  }

  static func all(in reading: some Querying) throws -> [Party] {
    try reading.query("SELECT id, name, roles, since FROM party ORDER BY id").map(party(from:))
  }

  private static func party(from row: Row) throws -> Party {
    try Party(
      id: row.text("id"), name: row.text("name"), roles: Party.roles(row.text("roles")),
      since: row.time("since"))
  }

  static func ranges(in reading: some Querying) throws -> [EntityRange] {
    try reading.query("SELECT party, role, first, last FROM entity_range ORDER BY first, role")
      .map { row in
        guard let role = UInt8(exactly: try row.int("role")),
          let first = EntityID(octets: try row.blob("first")),
          let last = EntityID(octets: try row.blob("last"))
        else { throw DatabaseError.damaged("entity_range") }
        return try EntityRange(
          party: row.text("party"), role: RoleCode(role), first: first, last: last)
      }
  }

  static func suspensions(of party: String, in reading: some Querying) throws -> [Suspension] {
    try reading.query(
      """
      SELECT party, since, until, clause, evidence FROM suspension WHERE party = \(party)
      ORDER BY since
      """
    ).map { row in
      Suspension(
        party: try row.text("party"), from: try row.time("since"),
        until: try row.optionalTime("until"),
        clause: Clause(try row.text("clause")), evidence: try row.text("evidence"))
    }
  }
}
