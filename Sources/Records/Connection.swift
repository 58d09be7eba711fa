// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// One connection to the file with its cache of prepared statements.
///
/// It goes from thread to thread but only one uses it at a time: the writer keeps its own, the pool
/// hands each of the others to one reader. So SQLite's own locks are off (`NOMUTEX`).
@safe
final class Connection: @unchecked Sendable {
  /// How a connection may use the file.
  enum Mode {
    case writing, reading
  }

  /// Statements kept prepared: more than the program has, so that none is prepared twice.
  static let statementsMax = 256
  /// Memory of one connection's page cache, in KiB; the rest is the system's, through `mmap`.
  static let cacheKiB = 16_384
  /// Octets of the file that are mapped (feasibility: reads 1.6 times as fast as by `pread`).
  static let mappedOctets = 32 << 30
  /// How long to wait for another process that holds the file, in milliseconds.
  static let waitMilliseconds: Int32 = 5_000

  private let pointer: OpaquePointer
  private var statements: [String: Statement] = [:]
  private var uses = 0

  /// Opens the file; writing makes it when there is none.
  init(_ path: String, _ mode: Mode) throws(DatabaseError) {
    let flags =
      switch mode {
      case .writing: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .reading: SQLITE_OPEN_READONLY
      }
    var opened: OpaquePointer?
    let result = unsafe sqlite3_open_v2(
      path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard result == SQLITE_OK, let connection = unsafe opened else {
      let error = unsafe DatabaseError.last(of: opened, nil)
      unsafe sqlite3_close_v2(opened)
      throw DatabaseError(.storeNotOpened, "\(path): \(error.message)")
    }
    unsafe pointer = connection
    unsafe sqlite3_busy_timeout(connection, Self.waitMilliseconds)
    if case .writing = mode {
      // The page size must be said before the file's first page is written.
      try run("PRAGMA page_size = 8192")
      try run("PRAGMA journal_mode = WAL")
      // FULL: a commit that was answered outlives a power cut.
      try run("PRAGMA synchronous = FULL")
      try run("PRAGMA wal_autocheckpoint = 20000")
    }
    try run("PRAGMA foreign_keys = ON")
    try run("PRAGMA trusted_schema = OFF")
    try run("PRAGMA cell_size_check = ON")
    try run("PRAGMA cache_size = -\(Self.cacheKiB)")
    try run("PRAGMA mmap_size = \(Self.mappedOctets)")
  }

  deinit {
    statements = [:]
    unsafe sqlite3_close_v2(pointer)
  }

  /// Whether a transaction is open; SQLite itself ends one after some faults.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(pointer) == 0 }

  /// Rows changed by the last statement.
  var changes: Int { unsafe Int(sqlite3_changes64(pointer)) }

  /// Runs text of the program's own, with any number of statements and no values.
  func run(_ text: String) throws(DatabaseError) {
    guard unsafe sqlite3_exec(pointer, text, nil, nil, nil) == SQLITE_OK else {
      throw unsafe .last(of: pointer, text)
    }
  }

  /// The prepared statement for this text, from the cache unless it is running just now.
  func prepare(_ text: String) throws(DatabaseError) -> Statement {
    uses += 1
    if let statement = statements[text] {
      guard statement.isRunning else {
        statement.lastUse = uses
        return statement
      }
      return try unsafe Statement(text, on: pointer)
    }
    if statements.count >= Self.statementsMax,
      let oldest = statements.values.min(by: { $0.lastUse < $1.lastUse })
    {
      statements[oldest.sql] = nil
    }
    let statement = try unsafe Statement(text, on: pointer)
    statement.lastUse = uses
    statements[text] = statement
    return statement
  }

  /// Runs a statement of the room's own, kept prepared, without values.
  func execute(_ text: String) throws {
    try prepare(text).run([]) { _ in }
  }

  /// All rows of a statement.
  func rows(_ sql: SQL) throws -> [Row] {
    var rows: [Row] = []
    try prepare(sql.text).run(sql.values) { rows.append($0) }
    return rows
  }
}
