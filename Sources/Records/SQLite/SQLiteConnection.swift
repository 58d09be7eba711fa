// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// One connection to the file with its cache of prepared statements.
///
/// As only one thread at a time uses it, SQLite's own locks are off (`NOMUTEX`).
@safe
final class SQLiteConnection: Engine, @unchecked Sendable {
  /// Pages in the write-ahead log after which a quiet moment is used to empty it.
  static let restPages = 4_000
  /// Pages after which it is emptied even in the midst of work.
  static let busyPages = 20_000
  /// Statements kept prepared: more than the program has, so that none is prepared twice.
  static let statementsMax = 256
  /// Memory of the writer's page cache, in KiB; what it has no room for is the system's.
  static let writingCacheKiB = 16_384
  /// Memory of each reader's page cache, in KiB.
  ///
  /// No part of the file is mapped: the pages of a map count once for each reader, so that memory
  /// grew with the readers that a busy moment had opened (docs/performance.md).
  static let readingCacheKiB = 4_096
  /// How long to wait for another process that holds the file, in milliseconds.
  static let waitMilliseconds: Int32 = 5_000

  /// What the write-ahead log is cut back to once it is empty, in octets.
  static let logOctetsMax = 256 << 20

  private let pointer: OpaquePointer
  private let pages: UnsafeMutablePointer<Int32>
  private let permission = Permission()
  private var statements: [SQL.Form: Statement] = [:]
  private var ownStatements: [SQL.Form: Statement] = [:]
  private var uses = 0
  /// Whether the write-ahead log may still hold what was erased.
  private var holdsErased = false

  /// Opens the file; writing makes it when there is none.
  init(_ path: String, _ use: EngineUse) throws(DatabaseError) {
    let flags =
      switch use {
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
    // What a savepoint keeps to be able to go back stays in memory: it is a few pages.
    try run("PRAGMA temp_store = MEMORY")
    if case .writing = use {
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
    switch use {
    case .reading: try run("PRAGMA cache_size = -\(Self.readingCacheKiB)")
    case .writing: try run("PRAGMA cache_size = -\(Self.writingCacheKiB)")
    }
  }

  deinit {
    statements = [:]
    ownStatements = [:]
    unsafe sqlite3_close_v2(pointer)
    unsafe pages.deallocate()
  }

  /// A file is never lost: a fault of it is told by each statement.
  var isUsable: Bool { true }

  /// Whether a transaction is open; SQLite itself ends one after some faults.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(pointer) == 0 }

  /// Pages in the write-ahead log after the last commit.
  private var logPages: Int { unsafe Int(pages.pointee) }

  func begin(_ use: EngineUse) throws {
    switch use {
    case .reading: try change("BEGIN")
    case .writing: try change("BEGIN IMMEDIATE")
    }
  }

  /// Moves pages from the log to the file as far as no reader needs them in the log.
  ///
  /// - Throws: `fault`; not when readers are in the way.
  func rest(isQuiet: Bool) throws {
    if holdsErased { holdsErased = !emptyLog() }
    guard logPages >= (isQuiet ? Self.restPages : Self.busyPages) else { return }
    let result = unsafe sqlite3_wal_checkpoint_v2(
      pointer, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    guard result == SQLITE_OK || result & 0xFF == SQLITE_BUSY else {
      throw unsafe DatabaseError.last(of: pointer, "checkpoint")
    }
  }

  /// Overwrites what the rows held, in the file at once and in the log by emptying it.
  func erase(_ sql: SQL) throws {
    try run("PRAGMA secure_delete = ON")
    defer { try? run("PRAGMA secure_delete = OFF") }
    holdsErased = true
    _ = try rows(sql, .writing)
  }

  /// Moves every page from the log to the file and cuts the log back to nothing.
  ///
  /// - Returns: whether it was done; not while readers need the log.
  private func emptyLog() -> Bool {
    unsafe sqlite3_busy_timeout(pointer, 0)
    defer { unsafe sqlite3_busy_timeout(pointer, Self.waitMilliseconds) }
    return unsafe sqlite3_wal_checkpoint_v2(
      pointer, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil) == SQLITE_OK
  }

  /// Copies the store as it is at this moment into a new file, beside whoever writes.
  func copy(to path: String) throws(DatabaseError) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE
    let result = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    defer { unsafe sqlite3_close_v2(opened) }
    guard result == SQLITE_OK, let target = unsafe opened else {
      throw unsafe DatabaseError.last(of: opened, nil)
    }
    guard let backup = unsafe sqlite3_backup_init(target, "main", pointer, "main") else {
      throw unsafe DatabaseError.last(of: target, "backup")
    }
    // All pages in one step: one view of the store, whatever is written meanwhile.
    let step = unsafe sqlite3_backup_step(backup, -1)
    let end = unsafe sqlite3_backup_finish(backup)
    guard step == SQLITE_DONE, end == SQLITE_OK else {
      throw unsafe DatabaseError.last(of: target, "backup")
    }
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

  func rows(_ sql: SQL, _ use: EngineUse) throws -> [Row] {
    var rows: [Row] = []
    try each(sql, use) { rows.append($0) }
    return rows
  }

  func each(_ sql: SQL, _ use: EngineUse, _ body: (Row) throws -> Void) throws {
    let statement = try prepare(sql.form)
    guard use == .writing || statement.isReadOnly else {
      throw DatabaseError(.misuse, "a reading cannot write", sql: sql.text)
    }
    try statement.run(sql.values, body)
  }

  func run(_ sql: SQL, each rows: some Sequence<[SQL.Value]>) throws {
    let statement = try prepare(sql.form)
    for values in rows { try statement.run(values) { _ in } }
  }

  /// The prepared statement for a room's text, from the cache unless it is running just now.
  private func prepare(_ form: SQL.Form) throws(DatabaseError) -> Statement {
    uses += 1
    if let statement = statements[form] {
      guard statement.isRunning else {
        statement.lastUse = uses
        return statement
      }
      return try unsafe Statement(form.text, on: pointer)
    }
    if statements.count >= Self.statementsMax,
      let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      statements[oldest.key] = nil
    }
    let statement = try unsafe Statement(form.text, on: pointer)
    statement.lastUse = uses
    statements[form] = statement
    return statement
  }

  /// Kept apart from the rooms' statements: the same text from a room would not be allowed.
  func change(_ sql: SQL) throws {
    permission.isOwn = true
    defer { permission.isOwn = false }
    let statement = try unsafe ownStatements[sql.form] ?? Statement(sql.text, on: pointer)
    ownStatements[sql.form] = statement
    try statement.run(sql.values) { _ in }
  }

  func define(_ sql: SQL) throws {
    try change(sql)
  }

  func fill(_ table: Table, _ next: () throws -> [[SQL.Value]]) throws {
    let columns = table.columns.map(Table.quoted).joined(separator: ", ")
    let places = (1...table.columns.count).map { "$\($0)" }.joined(separator: ", ")
    permission.isOwn = true
    defer { permission.isOwn = false }
    let statement = try unsafe Statement(
      "INSERT INTO \(Table.quoted(table.name)) (\(columns)) VALUES (\(places))", on: pointer)
    while case let rows = try next(), !rows.isEmpty {
      for row in rows { try statement.run(row) { _ in } }
    }
  }

  /// SQLite looks for the largest number each time.
  func settleNumbers() throws {}

  /// The one process that writes holds the lock beside the file already.
  func exclusively<Value>(_ body: () throws -> Value) throws -> Value { try body() }

  func tables() throws -> [Table] {
    try rows(
      """
      SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
      ORDER BY name
      """, .reading
    ).map { row in
      let name = try row.text("name")
      let columns = try rows(
        SQL(trusted: "PRAGMA table_info(\(Table.quoted(name)))"), .reading)
      let key = try columns.filter { try $0.int("pk") > 0 }
        .sorted { try $0.int("pk") < $1.int("pk") }
      return Table(
        name: name, columns: try columns.map { try $0.text("name") },
        key: try key.map { try $0.text("name") })
    }
  }

  func complaints(most: Int) throws -> [String] {
    var complaints: [String] = []
    for row in try rows("PRAGMA integrity_check(100)", .reading) {
      let text = try row.text("integrity_check")
      if text != "ok" { complaints.append(text) }
    }
    try each("PRAGMA foreign_key_check", .reading) { row in
      guard complaints.count < most else { return }
      let place = try row.optionalInt("rowid").map { "row \($0)" } ?? "a row"
      complaints.append(
        "\(try row.text("table")), \(place): refers to nothing in \(try row.text("parent"))")
    }
    return complaints
  }
}
