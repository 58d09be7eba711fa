// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// What a statement of another room may do: read all, change rows of the rooms' tables.
///
/// It may not end the transaction, change the schema or settings, or touch the tables of the audit:
/// then the one way to write would not be the only one. SQLite asks while it prepares a statement.
final class Permission {
  /// Tables that only this room changes.
  static let ownPrefixes = ["audit_", "schema_", "sqlite_", "server_"]

  /// Settings that are only ever asked about: the columns of a table, damage of the file.
  static let questions = ["table_info", "integrity_check", "foreign_key_check"]

  /// True while a statement of this room is prepared or runs.
  var isOwn = false

  /// Whether an action on a table (or a setting) is allowed (sqlite3.h, "Authorizer Action Codes").
  func allows(_ action: Int32, on table: String) -> Bool {
    if isOwn { return true }
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE, SQLITE_FUNCTION: return true
    case SQLITE_PRAGMA: return Self.questions.contains(table)
    case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
      let name = table.lowercased()
      return !Self.ownPrefixes.contains { name.hasPrefix($0) }
    default: return false
    }
  }
}
