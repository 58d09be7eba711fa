// SPDX-License-Identifier: Apache-2.0

import DER
import Keys

/// The tables that the room itself keeps, and which migrations a store has seen.
enum Schema {
  /// The room's own step, before all others.
  static let ground = Migration(
    name: "records-1",
    statements: [
      """
      CREATE TABLE schema_migration (
        position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, applied_at BIGINT NOT NULL,
        digest BLOB NOT NULL)
      """
    ] + AuditTables.statements)

  /// Applies what the store has not seen yet, each step in a transaction of its own.
  static func migrate(
    _ connection: any Engine, to migrations: [Migration], at time: Time
  ) throws {
    let program = [ground] + migrations
    try connection.exclusively { try apply(program, to: connection, at: time) }
  }

  private static func apply(
    _ program: [Migration], to connection: any Engine, at time: Time
  ) throws {
    let applied = try rows(on: Reading(connection))
    try check(applied, against: program)
    for (position, migration) in program.enumerated().dropFirst(applied.count) {
      try connection.begin(.writing)
      do {
        for statement in migration.statements { try connection.define(statement) }
        try connection.change(
          """
          INSERT INTO schema_migration (position, name, applied_at, digest)
          VALUES (\(position), \(migration.name), \(time),
            \(migration.digest(position: position, appliedAt: time)))
          """)
        try connection.change("COMMIT")
      } catch {
        try? connection.change("ROLLBACK")
        throw error
      }
    }
  }

  /// A store must have seen a beginning of the program's list, in its order and in its words.
  ///
  /// - Throws: `storeTooNew`, `migrationChanged`.
  static func check(_ applied: [Row], against program: [Migration]) throws(DatabaseError) {
    for (index, row) in applied.enumerated() { try check(row, index, against: program) }
  }

  /// One applied step against the program's.
  ///
  /// - Throws: `storeTooNew`, `migrationChanged`.
  static func check(
    _ row: Row, _ index: Int, against program: [Migration]
  ) throws(DatabaseError) {
    let name = try row.text("name")
    guard index < program.count, program[index].name == name else {
      throw DatabaseError(
        .storeTooNew,
        "the store has \(name) as step \(index), the program "
          + (index < program.count ? program[index].name : "none"))
    }
    let position = try row.int("position")
    let digest = program[index].digest(position: position, appliedAt: try row.time("applied_at"))
    guard position == index, try row.blob("digest") == digest else {
      throw DatabaseError(.migrationChanged, "\(name) was applied in other words")
    }
  }

  /// The steps that the store has seen, in their order.
  static func rows(on source: some Querying) throws -> [Row] {
    guard try source.tables().contains(where: { $0.name == "schema_migration" }) else { return [] }
    return try source.query(
      "SELECT position, name, applied_at, digest FROM schema_migration ORDER BY position")
  }
}

extension Migration {
  /// A digest over the step and when it was applied, so that a change of either is seen.
  func digest(position: Int, appliedAt time: Time) -> [UInt8] {
    let values = statements.flatMap(\.values).map { value in
      switch value {
      case .null: "null"
      case .int(let value): "int \(value)"
      case .text(let value): "text \(value)"
      case .blob(let value): "blob \(Hex.encode(value))"
      }
    }
    let parts =
      ["\(position)", name, "\(time.milliseconds)"] + statements.map(\.text) + values
    return Digest.sha256(Array(parts.joined(separator: "\0").utf8))
  }
}
