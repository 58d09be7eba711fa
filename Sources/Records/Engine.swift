// SPDX-License-Identifier: Apache-2.0

/// One connection to the database that holds a store: to SQLite's file or to a PostgreSQL server.
///
/// It goes from thread to thread but only one uses it at a time: the writer keeps its own, the pool
/// hands each of the others to one reader. The rooms' statements are the same text for both.
protocol Engine: AnyObject, Sendable {
  /// Whether it can still be used: false once a server's connection was lost.
  var isUsable: Bool { get }
  /// Whether a transaction is open; a database may end one by itself after a fault.
  var isInTransaction: Bool { get }
  /// Rows changed by the last statement.
  var changes: Int { get }

  /// Begins a transaction: one that writes, or a view of one moment.
  func begin(_ use: EngineUse) throws

  /// Runs a room's statement and gives all its rows.
  func rows(_ sql: SQL, _ use: EngineUse) throws -> [Row]
  /// Runs a room's statement and hands over each row while it is read.
  func each(_ sql: SQL, _ use: EngineUse, _ body: (Row) throws -> Void) throws
  /// Runs a room's statement once for each set of values.
  func run(_ sql: SQL, each rows: some Sequence<[SQL.Value]>) throws

  /// Runs a room's statement that removes rows, so that what they held can be read no more as soon
  /// as the engine allows.
  func erase(_ sql: SQL) throws

  /// Puts rows into a table of any kind, for as long as there are more: of this room only.
  func fill(_ table: Table, _ next: () throws -> [[SQL.Value]]) throws
  /// Has numbers that the database gives out go on behind those that are there.
  func settleNumbers() throws

  /// Runs a statement of this room that gives no rows.
  func change(_ sql: SQL) throws
  /// Runs a step of the schema, in the engine's own words for the types of columns.
  func define(_ sql: SQL) throws

  /// Runs a body while no other process runs one for the same store.
  func exclusively<Value>(_ body: () throws -> Value) throws -> Value

  /// The tables of the store in the order of their names.
  func tables() throws -> [Table]
  /// What is wrong with how the database keeps its tables, at most so many sentences.
  func complaints(most: Int) throws -> [String]
  /// A moment between transactions, which may be used for what the engine does by the way.
  func rest(isQuiet: Bool) throws
}

/// What a connection is used for.
enum EngineUse: Sendable {
  case reading, writing
}
