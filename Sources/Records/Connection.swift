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
  /// Octets of the file that are mapped (look-ups were measured 1.6 times as fast as by `pread`).
  static let mappedOctets = 32 << 30
  /// How long to wait for another process that holds the file, in milliseconds.
  static let waitMilliseconds: Int32 = 5_000

  /// What the write-ahead log is cut back to once it is empty, in octets.
  static let logOctetsMax = 256 << 20

  private let pointer: OpaquePointer
  private let pages: UnsafeMutablePointer<Int32>
  private let permission = Permission()
  private var statements: [String: Statement] = [:]
  private var ownStatements: [String: Statement] = [:]
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
    unsafe pages = .allocate(capacity: 1)
    unsafe pages.initialize(to: 0)
    unsafe sqlite3_busy_timeout(connection, Self.waitMilliseconds)
    if case .writing = mode {
      // The page size must be said before the file's first page is written.
      try run("PRAGMA page_size = 8192")
      try run("PRAGMA journal_mode = WAL")
      // FULL: a commit that was answered outlives a power cut.
      try run("PRAGMA synchronous = FULL")
      // The writer decides when, and sees whether it failed.
      try run("PRAGMA wal_autocheckpoint = 0")
      try run("PRAGMA journal_size_limit = \(Self.logOctetsMax)")
      unsafe sqlite3_wal_hook(
        connection,
        { pages, _, _, count in
          // The pointer is that of `pages` below, which lives as long as the connection.
          unsafe pages?.assumingMemoryBound(to: Int32.self).pointee = count
          return SQLITE_OK
        }, pages)
    }
    unsafe sqlite3_set_authorizer(
      connection,
      { permission, action, table, _, _, _ in
        // The pointer is that of `permission` above, which lives as long as the connection.
        guard let permission = unsafe permission else { return SQLITE_DENY }
        let asked = unsafe Unmanaged<Permission>.fromOpaque(permission).takeUnretainedValue()
        let name = unsafe table.map { unsafe String(cString: $0) } ?? ""
        return asked.allows(action, on: name) ? SQLITE_OK : SQLITE_DENY
      }, Unmanaged.passUnretained(permission).toOpaque())
    try run("PRAGMA foreign_keys = ON")
    try run("PRAGMA trusted_schema = OFF")
    try run("PRAGMA cell_size_check = ON")
    try run("PRAGMA cache_size = -\(Self.cacheKiB)")
    // Each connection maps the file for itself; the writer looks at few pages and keeps those.
    if case .reading = mode { try run("PRAGMA mmap_size = \(Self.mappedOctets)") }
  }

  deinit {
    statements = [:]
    ownStatements = [:]
    unsafe sqlite3_close_v2(pointer)
    unsafe pages.deallocate()
  }

  /// Whether a transaction is open; SQLite itself ends one after some faults.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(pointer) == 0 }

  /// Pages in the write-ahead log after the last commit.
  var logPages: Int { unsafe Int(pages.pointee) }

  /// Moves pages from the log to the file as far as no reader needs them in the log.
  ///
  /// - Throws: `fault`; not when readers are in the way.
  func checkpoint() throws(DatabaseError) {
    let result = unsafe sqlite3_wal_checkpoint_v2(
      pointer, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    guard result == SQLITE_OK || result & 0xFF == SQLITE_BUSY else {
      throw unsafe .last(of: pointer, "checkpoint")
    }
  }

  /// Moves every page from the log to the file and cuts the log back to nothing.
  ///
  /// - Returns: whether it was done; not while readers need the log.
  func emptyLog() -> Bool {
    unsafe sqlite3_busy_timeout(pointer, 0)
    defer { unsafe sqlite3_busy_timeout(pointer, Self.waitMilliseconds) }
    return unsafe sqlite3_wal_checkpoint_v2(
      pointer, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil) == SQLITE_OK
  }

  /// Rows changed by the last statement.
  var changes: Int { unsafe Int(sqlite3_changes64(pointer)) }

  /// Runs text of the program's own, with any number of statements and no values.
  func run(_ text: String) throws(DatabaseError) {
    permission.isOwn = true
    defer { permission.isOwn = false }
    guard unsafe sqlite3_exec(pointer, text, nil, nil, nil) == SQLITE_OK else {
      throw unsafe .last(of: pointer, text)
    }
  }

  /// The prepared statement for a room's text, from the cache unless it is running just now.
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

  /// Runs a statement of this room that gives no rows and has no values.
  func execute(_ text: String) throws {
    try runOwn(text, [])
  }

  /// Runs a statement of this room that gives no rows.
  func change(_ sql: SQL) throws {
    try runOwn(sql.text, sql.values)
  }

  /// Kept apart from the rooms' statements: the same text from a room would not be allowed.
  private func runOwn(_ text: String, _ values: [SQL.Value]) throws {
    permission.isOwn = true
    defer { permission.isOwn = false }
    let statement = try unsafe ownStatements[text] ?? Statement(text, on: pointer)
    ownStatements[text] = statement
    try statement.run(values) { _ in }
  }
}
