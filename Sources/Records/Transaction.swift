// SPDX-License-Identifier: Apache-2.0

/// The right to change the store, for the length of a closure and on the writer's thread only.
///
/// What its closure changes is kept together with the closure's audit entry, or not at all.
package final class Transaction: Querying {
  /// Where this closure's entry will stand in the audit tree, from 0.
  package let auditIndex: Int
  private let connection: Connection
  private var isOver = false
  private(set) var facts: [String: String] = [:]
  /// Whether something was erased, so that the write-ahead log is to be emptied.
  private(set) var hasErased = false
  /// A fault of the disk that one of the statements met, even when the closure passed over it.
  private(set) var fault: DatabaseError?

  init(_ connection: Connection, auditIndex: Int) {
    self.connection = connection
    self.auditIndex = auditIndex
  }

  package func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    try remembering { try statement(sql.text).run(sql.values, body) }
  }

  /// Runs one statement that changes rows.
  ///
  /// - Returns: how many rows were changed.
  /// - Throws: `DatabaseError`.
  @discardableResult
  package func execute(_ sql: SQL) throws -> Int {
    try remembering { try statement(sql.text).run(sql.values) { _ in } }
    return connection.changes
  }

  /// Runs one statement for each set of values: prepared once, bound many times.
  ///
  /// - Parameters:
  ///   - text: the statement with `$1`, `$2`, … in order; a constant of the program.
  ///   - rows: the values of each run.
  /// - Throws: `DatabaseError`.
  package func execute(_ text: StaticString, each rows: some Sequence<[SQL.Value]>) throws {
    let statement = try statement("\(text)")
    try remembering {
      for values in rows { try statement.run(values) { _ in } }
    }
  }

  /// Runs one statement that removes rows, and overwrites what they held in the file; the
  /// write-ahead log is emptied as soon as nobody reads.
  ///
  /// - Returns: how many rows were removed.
  /// - Throws: `DatabaseError`.
  @discardableResult
  package func erase(_ sql: SQL) throws -> Int {
    try remembering { try connection.run("PRAGMA secure_delete = ON") }
    defer { try? connection.run("PRAGMA secure_delete = OFF") }
    hasErased = true
    return try execute(sql)
  }

  /// Adds a fact to this closure's audit entry.
  package func note(_ name: String, _ value: String) {
    facts[name] = value
  }

  private func remembering(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as DatabaseError where error.code == .fault {
      fault = error
      throw error
    }
  }

  private func statement(_ text: String) throws(DatabaseError) -> Statement {
    guard !isOver else { throw DatabaseError(.misuse, "the transaction is over", sql: text) }
    return try connection.prepare(text)
  }

  /// Ends the use, should the closure have kept it.
  func end() { isOver = true }
}
