// SPDX-License-Identifier: Apache-2.0

/// What can be asked: a `Reading`, or a `Transaction` that sees its own changes.
package protocol Querying {
  /// Hands over each row of an answer while it is read, for answers too long to hold.
  ///
  /// - Throws: `DatabaseError`, or what `body` throws, which ends the reading.
  func each(_ sql: SQL, _ body: (Row) throws -> Void) throws
}

extension Querying {
  /// All rows of an answer.
  ///
  /// - Throws: `DatabaseError`.
  package func query(_ sql: SQL) throws -> [Row] {
    var rows: [Row] = []
    try each(sql) { rows.append($0) }
    return rows
  }

  /// The first row of an answer, or nil when it has none.
  ///
  /// - Throws: `DatabaseError`.
  package func first(_ sql: SQL) throws -> Row? {
    try query(sql).first
  }
}

/// One consistent view of the store, for the length of a closure and on its thread only.
///
/// The view is that of its first query.
package final class Reading: Querying {
  private let connection: Connection
  private var isOver = false

  init(_ connection: Connection) {
    self.connection = connection
  }

  package func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    guard !isOver else { throw DatabaseError(.misuse, "the reading is over", sql: sql.text) }
    let statement = try connection.prepare(sql.form)
    guard statement.isReadOnly else {
      throw DatabaseError(.misuse, "a reading cannot write", sql: sql.text)
    }
    try statement.run(sql.values, body)
  }

  /// Ends the use, should the closure have kept it.
  func end() { isOver = true }
}
