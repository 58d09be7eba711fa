// SPDX-License-Identifier: Apache-2.0

/// The right to change the store, for the length of a closure and on the writer's thread only.
///
/// What its closure changes is kept together with the closure's audit entry, or not at all.
package final class Transaction: Querying {
  /// Where this closure's entry will stand in the audit tree, from 0.
  package let auditIndex: Int
  /// The number of this node of a store on a server; nil for a store in a file.
  let node: Int?
  private let connection: any Engine
  private var isOver = false
  private(set) var facts: [String: String] = [:]
  /// A fault of the disk that one of the statements met, even when the closure passed over it.
  private(set) var fault: DatabaseError?

  init(_ connection: any Engine, auditIndex: Int, node: Int?) {
    self.connection = connection
    self.node = node
    self.auditIndex = auditIndex
  }

  package func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
    try remembering(sql.text) { try $0.each(sql, .writing, body) }
  }

  package func query(_ sql: SQL) throws -> [Row] {
    try remembering(sql.text) { try $0.rows(sql, .writing) }
  }

  package func tables() throws -> [Table] {
    try remembering(nil) { try $0.tables() }
  }

  /// Runs one statement that changes rows.
  ///
  /// - Returns: how many rows were changed.
  /// - Throws: `DatabaseError`.
  @discardableResult
  package func execute(_ sql: SQL) throws -> Int {
    try remembering(sql.text) { connection in
      _ = try connection.rows(sql, .writing)
      return connection.changes
    }
  }

  /// Runs one statement for each set of values: prepared once, bound many times.
  ///
  /// - Parameters:
  ///   - text: the statement with `$1`, `$2`, … in order; a constant of the program.
  ///   - rows: the values of each run.
  /// - Throws: `DatabaseError`.
  package func execute(_ text: StaticString, each rows: some Sequence<[SQL.Value]>) throws {
    let sql = SQL(stringLiteral: text)
    try remembering(sql.text) { try $0.run(sql, each: rows) }
  }

  /// Runs one statement that removes rows, so that what they held can be read no more.
  ///
  /// SQLite overwrites it in the file at once and in its log in the next quiet moment; a server
  /// frees it by its own vacuum.
  ///
  /// - Returns: how many rows were removed.
  /// - Throws: `DatabaseError`.
  @discardableResult
  package func erase(_ sql: SQL) throws -> Int {
    try remembering(sql.text) { connection in
      try connection.erase(sql)
      return connection.changes
    }
  }

  /// Has the numbers of new rows follow the last row without a gap.
  ///
  /// A server gives out numbers that an undone transaction or a failover leaves unused; SQLite does
  /// not. Asked before rows are added whose numbers are held against each other.
  package func numberWithoutGap(_ table: StaticString) throws {
    guard node != nil else { return }
    let last = SQL(trusted: "SELECT max(id) FROM \(table)")
    _ = try query(
      """
      SELECT setval(pg_get_serial_sequence(\("\(table)"), 'id'), coalesce((\(last)), 0) + 1, false)
      AS next
      """)
  }

  /// Runs a statement of this room on one of its own tables.
  func changeOwn(_ sql: SQL) throws {
    try remembering(sql.text) { try $0.change(sql) }
  }

  /// Adds a fact to this closure's audit entry.
  package func note(_ name: String, _ value: String) {
    facts[name] = value
  }

  private func remembering<Value>(
    _ text: @autoclosure () -> String?, _ body: (any Engine) throws -> Value
  ) throws -> Value {
    guard !isOver else { throw DatabaseError(.misuse, "the transaction is over", sql: text()) }
    do {
      return try body(connection)
    } catch let error as DatabaseError where error.code == .fault {
      fault = error
      throw error
    }
  }

  /// Ends the use, should the closure have kept it.
  func end() { isOver = true }
}
