// SPDX-License-Identifier: Apache-2.0

/// A failure of the store, or a use of it that is not allowed; never the Code saying no.
///
/// It carries the text of the statement but never the values bound to it: those may be personal.
package struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure that somebody may want to tell apart.
  package enum Code: String, Hashable, Sendable {
    /// Another process, or another part of this one, has the store open for writing.
    case storeInUse
    /// A store is to be made where one stands already.
    case placeTaken
    /// A fault of the disk or file has ended writing until the store is opened again.
    case storeUnavailable
    /// The store was opened for reading only.
    case storeReadOnly
    /// The store was closed.
    case storeClosed
    /// There is no store at the path, or it cannot be opened.
    case storeNotOpened
    /// A newer program has changed the store: this one does not know all its migrations.
    case storeTooNew
    /// A migration that was applied reads differently now.
    case migrationChanged
    /// Stored entries and the stored state of the audit tree contradict each other.
    case auditDamaged
    /// The audit entry cannot be written as it is.
    case entryRefused
    /// More writings wait than the queue holds.
    case busy
    /// A writing inside a writing: the one writer would wait for itself.
    case nestedWrite
    /// A key that must be unique is there already.
    case unique
    /// A reference to a row that is not there, or the removal of a row referred to.
    case foreignKey
    /// A `NOT NULL` or `CHECK` of the schema.
    case check
    /// A column that the row does not have.
    case columnMissing
    /// A value of another type than asked for.
    case columnType
    /// A statement that may not be used here: wrong syntax, several at once, outside its closure.
    case misuse
    /// The disk or file failed, is full or is damaged.
    case fault
    /// The connection to the database server was lost; what it was doing is undone or in doubt.
    case connectionLost
    /// A folder for handed-over files cannot be read or written.
    case fileSystem
    /// Anything else that the database reports.
    case other
  }

  package let code: Code
  /// What happened, in the words of the library where it has some.
  package let message: String
  /// The text of the statement with `$1` for values, or nil when none was involved.
  package let sql: String?

  /// An error, whole.
  package init(_ code: Code, _ message: String, sql: String? = nil) {
    self.code = code
    self.message = message
    self.sql = sql
  }

  package var description: String {
    "\(code.rawValue): \(message)" + (sql.map { " [\($0)]" } ?? "")
  }
}

extension DatabaseError {
  /// The kind behind an extended result code of SQLite (sqlite3.h, SQLITE_CONSTRAINT_* and others).
  static func code(ofResult result: Int32) -> Code {
    switch result {
    case 2067, 1555, 2579: return .unique
    case 787: return .foreignKey
    case 275, 1299: return .check
    default: break
    }
    // The low octet is the primary code: IOERR 10, CORRUPT 11, FULL 13, NOTADB 26.
    return switch result & 0xFF {
    case 5, 6: .busy
    case 8: .storeReadOnly
    case 10, 11, 13, 26: .fault
    case 14: .storeNotOpened
    case 1, 19, 20, 21, 23, 25: .misuse
    default: .other
    }
  }
}

extension DatabaseError {
  /// The kind behind a SQLSTATE of PostgreSQL (manual, appendix A).
  static func code(ofState state: String) -> Code {
    switch state {
    case "23505": return .unique
    case "23503": return .foreignKey
    case "23514", "23502": return .check
    case "25006", "08P01": return .misuse
    case "40001", "40P01", "55P03", "53300": return .busy
    default: break
    }
    return switch state.prefix(2) {
    case "08", "57": .connectionLost
    case "53", "58", "XX", "F0": .fault
    case "42", "22", "26", "34": .misuse
    default: .other
    }
  }
}
