// SPDX-License-Identifier: Apache-2.0

import CPostgres
import Threads

/// One connection to a schema on a PostgreSQL server, with its prepared statements.
///
/// Only one thread at a time uses it. The store is the connection's current schema, so that a
/// database can hold several stores (`options=-csearch_path=…` in the connection string).
@safe
final class PostgresConnection: Engine, @unchecked Sendable {
  /// Statements kept prepared on the server: more than the program has.
  static let statementsMax = 512
  /// Rows that are fetched together when an answer is handed over row by row.
  static let fetchRows = 1_000
  /// Statements sent before their results are read when one is run for many rows.
  static let pipelineRows = 200
  /// Rows from which on COPY is worth its two further round trips.
  static let copyRowsMin = 64
  /// The two halves of the advisory lock's number: `smki` in ASCII, and the store's schema.
  static let lockSpace: Int32 = 0x736D_6B69
  /// Milliseconds for which a held lock is asked for again: the server gives back what a connection
  /// held a moment after it was closed.
  static let lockPatienceMilliseconds = 1_000

  /// Seconds for which a transaction may do nothing before the server ends it.
  static let idleSeconds = 30

  let pointer: OpaquePointer
  /// The types of the columns of each table that was copied into.
  var columnTypes: [String: [String: Oid]] = [:]
  private var prepared: [String: String] = [:]
  private var statements = 0
  private var cursors = 0
  var changes = 0

  /// Connects; the schema must be there.
  ///
  /// - Throws: `storeNotOpened` with the server's reason.
  init(_ string: String, _ use: EngineUse) throws(DatabaseError) {
    guard let connection = unsafe smki_connect(string) else {
      throw DatabaseError(.storeNotOpened, "no memory for a connection")
    }
    unsafe pointer = connection
    guard unsafe PQstatus(connection) == CONNECTION_OK else {
      // The object is whole by now: its end closes the connection.
      let reason = unsafe Self.message(connection)
      throw DatabaseError(.storeNotOpened, "\(Self.place(of: string)): \(reason)")
    }
    // The server would otherwise write its notices to standard error.
    unsafe PQsetNoticeProcessor(connection, { _, _ in }, nil)
    // A commit that was answered is on the server's disk, and on a synchronous standby's if the
    // server is told to have one.
    try simple("SET synchronous_commit = on")
    try simple("SET client_encoding = 'UTF8'")
    // What another process is told of who has the store.
    try simple("SET application_name = 'smki process \(getpid())'")
    // Who stops in the midst of a writing transaction holds up all other nodes.
    guard case .writing = use else { return }
    try simple("SET idle_in_transaction_session_timeout = '\(Self.idleSeconds)s'")
  }

  deinit {
    unsafe PQfinish(pointer)
  }

  var isUsable: Bool { unsafe PQstatus(pointer) == CONNECTION_OK }

  var isInTransaction: Bool {
    let status = unsafe PQtransactionStatus(pointer)
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE
  }

  func begin(_ use: EngineUse) throws {
    switch use {
    case .reading: try simple("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    case .writing: try simple("BEGIN")
    }
  }

  func rows(_ sql: SQL, _ use: EngineUse) throws -> [Row] {
    try Self.check(sql.text, use)
    return try rows(sql.text, sql.values)
  }

  /// In pieces through a cursor: other statements may run between two rows.
  func each(_ sql: SQL, _ use: EngineUse, _ body: (Row) throws -> Void) throws {
    try Self.check(sql.text, use)
    cursors += 1
    let name = "smki_cursor_\(cursors)"
    _ = try direct("DECLARE \(name) NO SCROLL CURSOR FOR \(sql.text)", sql.values)
    // Ends with the transaction, should an error have broken that off.
    defer { try? simple("CLOSE \(name)") }
    while case let rows = try direct("FETCH \(Self.fetchRows) FROM \(name)", []), !rows.isEmpty {
      for row in rows { try body(row) }
      if rows.count < Self.fetchRows { return }
    }
  }

  func run(_ sql: SQL, each rows: some Sequence<[SQL.Value]>) throws {
    let text = sql.text
    try Self.check(text, .writing)
    var rest = rows.makeIterator()
    func next() -> [[SQL.Value]] {
      var some: [[SQL.Value]] = []
      while some.count < Self.pipelineRows, let row = rest.next() { some.append(row) }
      return some
    }
    var waiting = next()
    // Many rows of a plain INSERT go by COPY, which takes half as long.
    if waiting.count >= Self.copyRowsMin, let target = CopyTarget(inserting: text) {
      try copy(into: target, text) { () -> [[SQL.Value]] in
        defer { waiting = next() }
        return waiting
      }
      return
    }
    while !waiting.isEmpty {
      try pipeline(text, waiting)
      waiting = next()
    }
  }

  func change(_ sql: SQL) throws { _ = try rows(sql.text, sql.values) }

  /// Runs a statement of this room and gives its rows.
  @discardableResult
  func own(_ sql: SQL) throws -> [Row] { try rows(sql.text, sql.values) }

  func define(_ sql: SQL) throws {
    guard sql.values.isEmpty else {
      _ = try rows(PostgresWords.definition(sql.text), sql.values)
      return
    }
    try simple(PostgresWords.definition(sql.text))
  }

  func rest(isQuiet: Bool) throws {}

  /// The server's own vacuum frees what the rows held.
  func erase(_ sql: SQL) throws { _ = try rows(sql, .writing) }

  /// Refuses what only this room may do; the server knows no such distinction.
  private static func check(_ text: String, _ use: EngineUse) throws(DatabaseError) {
    guard PostgresWords.isAllowed(text, use) else {
      throw DatabaseError(.misuse, "not a statement of a room", sql: text)
    }
  }

  // MARK: - Statements

  private func rows(_ text: String, _ values: [SQL.Value]) throws(DatabaseError) -> [Row] {
    let name = try prepare(text, values)
    let parameters = PostgresParameters(values)
    let result = unsafe parameters.with { values, lengths, formats in
      unsafe PQexecPrepared(
        pointer, name, Int32(parameters.count), values, lengths, formats, PostgresResult.binary)
    }
    return try unsafe take(result, text)
  }

  /// A statement that is not kept: its text holds a name of the moment.
  private func direct(_ text: String, _ values: [SQL.Value]) throws(DatabaseError) -> [Row] {
    let parameters = PostgresParameters(values)
    let types = parameters.types
    let result = unsafe parameters.with { values, lengths, formats in
      unsafe PQexecParams(
        pointer, text, Int32(parameters.count), types, values, lengths, formats,
        PostgresResult.binary)
    }
    return try unsafe take(result, text)
  }

  /// Text of the program's own with no values.
  func simple(_ text: String) throws(DatabaseError) {
    _ = try unsafe take(PQexec(pointer, text), text)
  }

  /// The name of a statement on the server, for values of these types.
  private func prepare(
    _ text: String, _ values: [SQL.Value]
  ) throws(DatabaseError) -> String {
    let parameters = PostgresParameters(values)
    guard values.allSatisfy(\.isStorable) else {
      throw DatabaseError(.misuse, "U+0000 in text", sql: text)
    }
    let key = parameters.signature + text
    if let name = prepared[key] { return name }
    if prepared.count >= Self.statementsMax {
      try simple("DEALLOCATE ALL")
      prepared = [:]
    }
    statements += 1
    let name = "smki_\(statements)"
    let types = parameters.types
    _ = try unsafe take(
      PQprepare(pointer, name, text, Int32(types.count), types), text)
    prepared[key] = name
    return name
  }

  /// Sends a statement once for each row before the first result is read.
  private func pipeline(_ text: String, _ rows: [[SQL.Value]]) throws {
    guard let first = rows.first else { return }
    // Values of other types (a NULL among them) make another statement; each is prepared before.
    var names: [String] = []
    for row in rows { names.append(try prepare(text, row)) }
    guard rows.count > 1 else {
      _ = try self.rows(text, first)
      return
    }
    guard unsafe PQenterPipelineMode(pointer) == 1 else { throw failure(text) }
    defer { unsafe PQexitPipelineMode(pointer) }
    for (row, name) in zip(rows, names) {
      let parameters = PostgresParameters(row)
      let sent = unsafe parameters.with { values, lengths, formats in
        unsafe PQsendQueryPrepared(
          pointer, name, Int32(parameters.count), values, lengths, formats, PostgresResult.binary)
      }
      guard sent == 1 else { throw failure(text) }
    }
    guard unsafe PQpipelineSync(pointer) == 1 else { throw failure(text) }
    var cause: DatabaseError?
    var answered = 0
    while true {
      guard let result = unsafe PQgetResult(pointer) else {
        // An end of one statement's results; the connection may also have been lost.
        guard isUsable else { throw cause ?? failure(text) }
        continue
      }
      if unsafe PQresultStatus(result) == PGRES_PIPELINE_SYNC {
        unsafe PQclear(result)
        break
      }
      answered += 1
      do {
        _ = try unsafe take(result, text)
      } catch {
        // The statements after a failed one are reported as aborted: the first says why.
        cause = cause ?? error
      }
    }
    if let cause { throw cause }
    changes = answered
  }

  func take(_ result: OpaquePointer?, _ text: String) throws(DatabaseError) -> [Row] {
    guard let result = unsafe result else { throw failure(text) }
    defer { unsafe PQclear(result) }
    switch unsafe PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
      changes = unsafe PQcmdTuples(result).map { unsafe Int(String(cString: $0)) ?? 0 } ?? 0
      return try unsafe PostgresResult.rows(of: result)
    default:
      let state =
        unsafe PQresultErrorField(result, PostgresResult.stateField)
        .map { unsafe String(cString: $0) } ?? ""
      // The primary message only: the detail may hold values of the row.
      let message =
        unsafe PQresultErrorField(result, PostgresResult.messageField)
        .map { unsafe String(cString: $0) } ?? ""
      throw DatabaseError(
        isUsable ? DatabaseError.code(ofState: state) : .connectionLost,
        "\(PostgresWords.oneLine(message)) (PostgreSQL \(state))", sql: text)
    }
  }

  func failure(_ text: String) -> DatabaseError {
    DatabaseError(
      isUsable ? .other : .connectionLost, unsafe Self.message(pointer), sql: text)
  }

  @unsafe
  private static func message(_ connection: OpaquePointer) -> String {
    unsafe PQerrorMessage(connection).map {
      PostgresWords.oneLine(unsafe String(cString: $0))
    } ?? ""
  }
}

// MARK: - The store as a whole

extension PostgresConnection {
  func tables() throws -> [Table] {
    let columns = try rows(
      """
      SELECT table_name::text AS name, column_name::text AS field
      FROM information_schema.columns WHERE table_schema = current_schema()
      ORDER BY table_name::text COLLATE "C", ordinal_position
      """, .reading)
    let keys = try rows(
      """
      SELECT class.relname::text AS name, attribute.attname::text AS field
      FROM pg_constraint AS key
      JOIN pg_class AS class ON class.oid = key.conrelid
      JOIN pg_namespace AS space ON space.oid = class.relnamespace
      CROSS JOIN LATERAL unnest(key.conkey) WITH ORDINALITY AS part (number, place)
      JOIN pg_attribute AS attribute
        ON attribute.attrelid = class.oid AND attribute.attnum = part.number
      WHERE key.contype = 'p' AND space.nspname = current_schema()
      ORDER BY 1, part.place
      """, .reading)
    var fields: [String: [String]] = [:]
    for row in keys { fields[try row.text("name"), default: []].append(try row.text("field")) }
    var tables: [(name: String, columns: [String])] = []
    for row in columns {
      let name = try row.text("name")
      // Those are the server's part of running the store.
      if name.hasPrefix(Self.nodePrefix) { continue }
      if tables.last?.name != name { tables.append((name, [])) }
      tables[tables.count - 1].columns.append(try row.text("field"))
    }
    return tables.map { Table(name: $0.name, columns: $0.columns, key: fields[$0.name] ?? []) }
  }

  /// The server checks its pages by their checksums and its references as they are written;
  /// what it can say of itself is whether the checksums are on and have ever failed.
  func complaints(most: Int) throws -> [String] {
    let failures = try rows(
      """
      SELECT coalesce(checksum_failures, 0) AS failures FROM pg_stat_database
      WHERE datname = current_database()
      """, .reading)
    let count = try failures.first?.int("failures") ?? 0
    return count == 0 ? [] : ["the server has found \(count) pages with a wrong checksum"]
  }

  /// Makes the schema that the connection string names, when there is none.
  func makeSchema() throws(DatabaseError) {
    let names = try rows(
      "SELECT current_schema()::text AS schema, current_setting('search_path') AS path", [])
    guard try names.first?.optionalText("schema") == nil,
      let path = try names.first?.text("path").split(separator: ",").first
    else { return }
    let name = path.filter { $0 != "\"" && !$0.isWhitespace }
    try simple("CREATE SCHEMA IF NOT EXISTS \(Table.quoted(name))")
  }

  /// Takes a part in the right to write, which nobody can have alone then; it ends with the
  /// connection.
  ///
  /// - Throws: `storeInUse`.
  func takeWriterLock() throws(DatabaseError) {
    let gate = Gate()
    for _ in 0..<(Self.lockPatienceMilliseconds / 20) {
      let taken = try rows(
        "SELECT pg_try_advisory_lock_shared($1::int, hashtext(current_schema())) AS taken",
        [.int(Int64(Self.lockSpace))])
      if try taken.first?.bool("taken") ?? false { return }
      _ = gate.wait(milliseconds: 20)
    }
    let holder = try rows(
      """
      SELECT application_name AS name FROM pg_stat_activity JOIN pg_locks USING (pid)
      WHERE locktype = 'advisory' AND granted AND classid::bigint = $1
        AND objid::bigint = (hashtext(current_schema())::bigint & 4294967295)
      """, [.int(Int64(Self.lockSpace))])
    let name = try holder.first?.text("name") ?? "unknown"
    throw DatabaseError(.storeInUse, "the store is held alone by \(name)")
  }

  /// Whether some connection has the right to write.
  func isWriterLockHeld() throws -> Bool {
    let held = try rows(
      """
      SELECT count(*) AS count FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND classid::bigint = $1
        AND objid::bigint = (hashtext(current_schema())::bigint & 4294967295)
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """, [.int(Int64(Self.lockSpace))])
    return try held.first?.int("count") ?? 0 > 0
  }

  /// The server and database that a connection string names, without user and password.
  static func place(of string: String) -> String {
    guard let options = unsafe PQconninfoParse(string, nil) else { return "PostgreSQL" }
    defer { unsafe PQconninfoFree(options) }
    var parts: [String] = []
    var option = unsafe options
    while let keyword = unsafe option.pointee.keyword {
      let name = unsafe String(cString: keyword)
      if ["host", "port", "dbname"].contains(name), let value = unsafe option.pointee.val {
        parts.append("\(name)=\(unsafe String(cString: value))")
      }
      unsafe option = option.successor()
    }
    return "PostgreSQL " + parts.joined(separator: " ")
  }
}
