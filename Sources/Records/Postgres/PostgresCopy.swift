// SPDX-License-Identifier: Apache-2.0

import CPostgres

/// Where many rows go: a table and the columns that are said, in their order.
struct CopyTarget {
  let table: String
  let columns: [String]

  init(table: String, columns: [String]) {
    self.table = table
    self.columns = columns
  }

  /// The target of `INSERT INTO table (a, b) VALUES ($1, $2)`; nil for any other statement, such as
  /// one that says what to do about a row that is there.
  init?(inserting text: String) {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let match = words.wholeMatch(of: #/INSERT INTO (\w+) ?\(([\w, ]+)\) VALUES \((.+)\)/#)
    else { return nil }
    table = String(match.1)
    columns = match.2.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    let places = match.3.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
    guard places == (1...max(1, columns.count)).map({ "$\($0)" }) else { return nil }
  }
}

extension PostgresConnection {
  /// Octets that are gathered before they are handed to libpq.
  private static let copyOctets = 65_536

  /// Sends rows by COPY in the binary format (PostgreSQL manual, COPY, "Binary Format").
  ///
  /// - Parameters:
  ///   - target: the table and columns.
  ///   - text: the statement that an error names.
  ///   - next: the next rows, none at the end.
  /// - Throws: `DatabaseError`, or what `next` throws.
  func copy(
    into target: CopyTarget, _ text: String, _ next: () throws -> [[SQL.Value]]
  ) throws {
    let types = try types(of: target)
    let columns = target.columns.map(Table.quoted).joined(separator: ", ")
    let start = unsafe PQexec(
      pointer, "COPY \(Table.quoted(target.table)) (\(columns)) FROM STDIN (FORMAT binary)")
    guard unsafe PQresultStatus(start) == PGRES_COPY_IN else {
      _ = try unsafe take(start, text)
      throw failure(text)
    }
    unsafe PQclear(start)
    do {
      // Signature, flags, and no extension of the header.
      var octets: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + zeros(8)
      while case let rows = try next(), !rows.isEmpty {
        for row in rows {
          try append(row, types, to: &octets, text)
          if octets.count >= Self.copyOctets { try put(&octets, text) }
        }
      }
      octets += [0xFF, 0xFF]
      try put(&octets, text)
    } catch {
      _ = unsafe PQputCopyEnd(pointer, "the sender has failed")
      try? drain(text)
      throw error
    }
    guard unsafe PQputCopyEnd(pointer, nil) == 1 else { throw failure(text) }
    try drain(text)
  }

  private func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }

  private func put(_ octets: inout [UInt8], _ text: String) throws(DatabaseError) {
    let sent = unsafe octets.withUnsafeBytes { bytes in
      unsafe PQputCopyData(
        pointer, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
    }
    guard sent == 1 else { throw failure(text) }
    octets.removeAll(keepingCapacity: true)
  }

  /// Reads what became of it; the first complaint counts.
  private func drain(_ text: String) throws(DatabaseError) {
    var cause: DatabaseError?
    var copied = 0
    while let result = unsafe PQgetResult(pointer) {
      if unsafe PQresultStatus(result) == PGRES_COPY_IN {
        // The end did not reach the server: libpq would say this for ever.
        unsafe PQclear(result)
        cause = cause ?? DatabaseError(.connectionLost, "COPY has no end", sql: text)
        break
      }
      do {
        _ = try unsafe take(result, text)
        copied = changes
      } catch {
        cause = cause ?? error
      }
    }
    if let cause { throw cause }
    guard isUsable else { throw failure(text) }
    changes = copied
  }

  private func append(
    _ row: [SQL.Value], _ types: [Oid], to octets: inout [UInt8], _ text: String
  ) throws(DatabaseError) {
    guard row.count == types.count else {
      throw DatabaseError(.misuse, "\(row.count) values for \(types.count) columns", sql: text)
    }
    octets += big(row.count, 2)
    for (value, type) in zip(row, types) {
      typealias Number = PostgresParameters.TypeNumber
      switch (value, type) {
      case (.null, _): octets += big(-1, 4)
      case (.int(let number), Number.int8): octets += big(8, 4) + big(Int(number), 8)
      case (.int(let number), Number.int4):
        guard let small = Int32(exactly: number) else {
          throw DatabaseError(.check, "\(number) in a column of 32 bits", sql: text)
        }
        octets += big(4, 4) + big(Int(small), 4)
      case (.blob(let blob), Number.bytea): octets += big(blob.count, 4) + blob
      case (.text(let words), Number.text), (.text(let words), Number.varchar):
        guard value.isStorable else { throw DatabaseError(.misuse, "U+0000 in text", sql: text) }
        octets += big(words.utf8.count, 4) + Array(words.utf8)
      default: throw DatabaseError(.misuse, "a value of another type than its column", sql: text)
      }
    }
  }

  private func big(_ value: Int, _ octets: Int) -> [UInt8] {
    (0..<octets).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// The types of the columns of a target, asked once a table.
  private func types(of target: CopyTarget) throws -> [Oid] {
    if columnTypes[target.table] == nil {
      var types: [String: Oid] = [:]
      for row in try own(
        """
        SELECT attname::text AS name, atttypid::bigint AS type FROM pg_attribute
        WHERE attrelid = to_regclass(\(Table.quoted(target.table))) AND attnum > 0
        """)
      {
        types[try row.text("name")] = Oid(try row.int("type"))
      }
      columnTypes[target.table] = types
    }
    return try target.columns.map { column in
      guard let type = columnTypes[target.table]?[column] else {
        throw DatabaseError(.misuse, "no column \(column) in \(target.table)")
      }
      return type
    }
  }

  func fill(
    _ table: Table, _ next: () throws -> [[SQL.Value]]
  ) throws {
    try copy(
      into: CopyTarget(table: table.name, columns: table.columns), "COPY \(table.name)", next)
  }

  /// Numbers that the server gives out go on behind those that are there.
  func settleNumbers() throws {
    let columns = try own(
      """
      SELECT table_name::text AS name, column_name::text AS field FROM information_schema.columns
      WHERE table_schema = current_schema() AND is_identity = 'YES'
      """)
    for row in columns {
      let (table, column) = (try row.text("name"), try row.text("field"))
      if table.hasPrefix(Self.nodePrefix) { continue }
      let last = SQL(
        trusted: "SELECT max(\(Table.quoted(column))) FROM \(Table.quoted(table))")
      try own(
        """
        SELECT setval(pg_get_serial_sequence(\(Table.quoted(table)), \(column)),
          coalesce((\(last)), 0) + 1, false)
        """)
    }
  }
}
