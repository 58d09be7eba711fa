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

  /// How each party came under the Code.
  package static let membership = KeptTable(
    "membership", key: ["party"],
    columns: ["category", "acceded", "licensed", "opted_out", "nominators", "departed"])
  /// Which User Roles a range serves.
  package static let rangeUse = KeptTable(
    "range_use", key: ["party", "role", "first"], columns: ["user_roles"])
  /// User entry processes completed, by User Role.
  package static let userEntry = KeptTable(
    "user_entry", key: ["party", "user_role"], columns: ["completed", "evidence"])

  /// Every kept table of this room.
  package static let tables = [party, range, suspension, membership, rangeUse, userEntry]

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

  /// Definitions that came after the first release: applied behind those of all rooms.
  package static let laterMigrations = [
    Migration(
      name: "parties-2",
      statements: [
        """
        CREATE TABLE membership (
          party TEXT NOT NULL PRIMARY KEY, category TEXT NOT NULL, acceded BIGINT NOT NULL,
          licensed BIGINT NOT NULL, opted_out BIGINT NOT NULL, nominators TEXT NOT NULL,
          departed BIGINT)
        """,
        """
        CREATE TABLE range_use (
          party TEXT NOT NULL, role BIGINT NOT NULL, first BLOB NOT NULL,
          user_roles TEXT NOT NULL, PRIMARY KEY (party, role, first))
        """,
        """
        CREATE TABLE user_entry (
          party TEXT NOT NULL, user_role TEXT NOT NULL, completed BIGINT NOT NULL,
          evidence TEXT NOT NULL, PRIMARY KEY (party, user_role))
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
    try reading.query(
      """
      SELECT r.party AS party, r.role AS role, r.first AS first, r.last AS last,
        u.user_roles AS user_roles
      FROM entity_range r LEFT JOIN range_use u
        ON u.party = r.party AND u.role = r.role AND u.first = r.first
      ORDER BY r.first, r.role
      """
    ).map { row in
      guard let role = UInt8(exactly: try row.int("role")),
        let first = EntityID(octets: try row.blob("first")),
        let last = EntityID(octets: try row.blob("last"))
      else { throw DatabaseError.damaged("entity_range") }
      return try EntityRange(
        party: row.text("party"), role: RoleCode(role), first: first, last: last,
        servingAs: Party.roles(row.optionalText("user_roles") ?? ""))
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

  static func membership(of party: String, in reading: some Querying) throws -> Membership? {
    try reading.query(
      """
      SELECT party, category, acceded, licensed, opted_out, nominators, departed FROM membership
      WHERE party = \(party)
      """
    ).first.map { row in
      guard let category = PartyCategory(rawValue: try row.text("category")) else {
        throw DatabaseError.damaged("membership.category")
      }
      return Membership(
        party: try row.text("party"), category: category, acceded: try row.time("acceded"),
        isLicensed: try row.bool("licensed"), hasOptedOut: try row.bool("opted_out"),
        nominators: try row.text("nominators").split(separator: ",").map(String.init),
        left: try row.optionalTime("departed"))
    }
  }

  static func keep(_ membership: Membership, in transaction: Transaction) throws {
    try transaction.keep(
      Self.membership,
      [
        .text(membership.party), .text(membership.category.rawValue),
        .int(membership.acceded.milliseconds), .int(membership.isLicensed ? 1 : 0),
        .int(membership.hasOptedOut ? 1 : 0),
        .text(membership.nominators.sorted().joined(separator: ",")),
        membership.left.map { .int($0.milliseconds) } ?? .null,
      ])
  }

  static func userEntries(
    of party: String, in reading: some Querying
  ) throws -> [UserRole: Time] {
    var entries: [UserRole: Time] = [:]
    for row in try reading.query(
      "SELECT user_role, completed FROM user_entry WHERE party = \(party)")
    {
      guard let role = UserRole(rawValue: try row.text("user_role")) else {
        throw DatabaseError.damaged("user_entry.user_role")
      }
      entries[role] = try row.time("completed")
    }
    return entries
  }
}
