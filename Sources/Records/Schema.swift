// SPDX-License-Identifier: Apache-2.0

import DER

/// The tables that the room itself keeps, and which migrations a store has seen.
enum Schema {
  /// Engine's own tables: the position of an entry is SQLite's row number, so that each append goes
  /// to the end of the one tree that the table is.
  static let ground = Migration(
    name: "records-1",
    statements: [
      """
      CREATE TABLE schema_migration (
        position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, applied_at BIGINT NOT NULL)
      """,
      "CREATE TABLE audit_entry (position INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    ])

  /// Applies what the store has not seen yet, each step in a transaction of its own.
  static func migrate(
    _ connection: Connection, to migrations: [Migration], at time: Time
  ) throws {
    let program = [ground] + migrations
    let applied = try names(on: connection)
    try check(applied, against: program)
    for (position, migration) in program.enumerated().dropFirst(applied.count) {
      try connection.run("BEGIN IMMEDIATE")
      do {
        for statement in migration.statements { try connection.run(statement.text) }
        _ = try connection.rows(
          """
          INSERT INTO schema_migration (position, name, applied_at)
          VALUES (\(position), \(migration.name), \(time))
          """)
        try connection.run("COMMIT")
      } catch {
        try? connection.run("ROLLBACK")
        throw error
      }
    }
  }

  /// A store must have seen a beginning of the program's list, in its order.
  static func check(_ applied: [String], against program: [Migration]) throws(DatabaseError) {
    guard applied.count <= program.count else {
      throw DatabaseError(
        .storeTooNew, "migrations unknown here: \(applied.dropFirst(program.count))")
    }
    for (name, migration) in zip(applied, program) where name != migration.name {
      throw DatabaseError(.storeTooNew, "the store has \(name) where we have \(migration.name)")
    }
  }

  /// The migrations that the store has seen.
  static func names(on connection: Connection) throws -> [String] {
    let tables = try connection.rows(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'")
    guard !tables.isEmpty else { return [] }
    return try connection.rows("SELECT name FROM schema_migration ORDER BY position")
      .map { try $0.text("name") }
  }
}
