// SPDX-License-Identifier: Apache-2.0

/// What can be asked: a `Reading`, or a `Transaction` that sees its own changes.
package protocol Querying {
  /// Hands over each row of an answer while it is read, for answers too long to hold.
  ///
  /// - Throws: `DatabaseError`, or what `body` throws, which ends the reading.
  func each(_ sql: SQL, _ body: (Row) throws -> Void) throws

  /// All rows of an answer.
  ///
  /// - Throws: `DatabaseError`.
  func query(_ sql: SQL) throws -> [Row]

  /// All tables of the store in the order of their names.
  ///
  /// - Throws: `DatabaseError`.
  func tables() throws -> [Table]
}

extension Querying {
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
  private let connection: any Engine
  private var isOver = false

  init(_ connection: any Engine) {
    self.connection = connection
  }

  package func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    try checked(sql.text).each(sql, .reading, body)
  }

  package func query(_ sql: SQL) throws -> [Row] {
    try checked(sql.text).rows(sql, .reading)
  }

  package func tables() throws -> [Table] {
    try checked(nil).tables()
  }

  /// How the engine would read the answer to a statement, step by step in its own words.
  ///
  /// - Throws: `DatabaseError`.
  package func plan(of sql: SQL) throws -> [String] {
    let connection = try checked(sql.text)
    let words: SQL = connection is SQLiteConnection ? "EXPLAIN QUERY PLAN " : "EXPLAIN "
    return try connection.rows("\(words)\(sql)", .reading).map { row in
      if case .text(let text)? = row.values.last { text } else { "" }
    }
  }

  /// What is wrong with how the database keeps its tables, at most so many sentences.
  func complaints(most: Int) throws -> [String] {
    try checked(nil).complaints(most: most)
  }

  private func checked(_ text: @autoclosure () -> String?) throws(DatabaseError) -> any Engine {
    guard !isOver else { throw DatabaseError(.misuse, "the reading is over", sql: text()) }
    return connection
  }

  /// Ends the use, should the closure have kept it.
  func end() { isOver = true }
}
