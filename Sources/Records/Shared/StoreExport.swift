// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Keys

/// What a store holds, told when it is handed over and compared when it is taken in.
package struct StoreContents: Hashable, Sendable {
  /// The rows of each table.
  package var rows: [String: Int] = [:]
  /// The size of the audit's tree and the root over it.
  package var size = 0
  package var root = MerkleTree.emptyRoot

  /// Rows of all tables.
  package var count: Int { rows.values.reduce(0, +) }
}

/// A store as one file, the same for both engines: each table with its rows in the order of their
/// keys, what they come to, and a digest over all.
///
/// Octets: a line that says what it is; then parts, each behind one octet for its kind; in the end
/// SHA-256 over everything before. Numbers are of eight octets, the most significant first.
enum StoreFile {
  static let line = Array("smki store, form 1\n".utf8)
  /// Octets that are gathered before they are written.
  static let pieceOctets = 1 << 20
  /// Octets of one value at most: the largest document, with room to spare.
  static let valueOctetsMax = 1 << 28

  /// The kinds of parts.
  enum Part: UInt8 {
    /// The end, with the audit's size and root.
    case end
    /// A table: its name, and the names of its columns.
    case table
    /// A row of the last table.
    case row
    /// How many rows the last table had.
    case count
    /// A piece of a file that nodes share: its name, number and octets.
    case file
  }

  static func number(_ value: Int) -> [UInt8] {
    (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  static func octets(_ value: SQL.Value) -> [UInt8] {
    switch value {
    case .null: [0]
    case .int(let value): [1] + number(Int(value))
    case .text(let text): [2] + number(text.utf8.count) + Array(text.utf8)
    case .blob(let blob): [3] + number(blob.count) + blob
    }
  }
}

/// Writes a store as a file.
private final class StoreWriter {
  private let write: ([UInt8]) throws -> Void
  private var digest: RunningDigest
  private var piece = StoreFile.line

  init(_ write: @escaping ([UInt8]) throws -> Void) throws {
    self.write = write
    digest = try RunningDigest(.sha256)
  }

  func part(_ kind: StoreFile.Part, _ values: [SQL.Value]) throws {
    piece.append(kind.rawValue)
    piece += StoreFile.number(values.count)
    for value in values { piece += StoreFile.octets(value) }
    if piece.count > StoreFile.pieceOctets { try flush() }
  }

  private func flush() throws {
    digest.add(piece)
    try write(piece)
    piece.removeAll(keepingCapacity: true)
  }

  func finish() throws {
    try flush()
    var whole = try RunningDigest(.sha256)
    swap(&whole, &digest)
    try write(whole.finish())
  }
}

extension Records {
  /// Hands over the whole store as it is at one moment.
  ///
  /// - Parameter write: takes the octets in their order.
  /// - Returns: what it holds.
  /// - Throws: `DatabaseError`, or what `write` throws.
  package func export(_ write: @escaping ([UInt8]) throws -> Void) throws -> StoreContents {
    try read { reading in
      let file = try StoreWriter(write)
      var contents = StoreContents()
      for table in try reading.tables() {
        try file.part(.table, ([table.name] + table.columns).map { .text($0) })
        var rows = 0
        try reading.each(of: table) { row in
          rows += 1
          try file.part(.row, row.values)
        }
        try file.part(.count, [.int(Int64(rows))])
        contents.rows[table.name] = rows
      }
      if StorePlace(path).isServer {
        try reading.each("SELECT name, part, octets FROM server_file ORDER BY name, part") {
          try file.part(.file, $0.values)
        }
      }
      (contents.size, contents.root) = try AuditTables.state(reading)
      try file.part(.end, [.int(Int64(contents.size)), .blob(contents.root)])
      try file.finish()
      return contents
    }
  }

  /// Makes a store from one that was handed over, wholly or not at all.
  ///
  /// - Parameters:
  ///   - path: where; nothing may be there yet.
  ///   - clock: tells the time.
  ///   - migrations: of this program, which must be the ones that the store has seen.
  ///   - file: takes the pieces of files that nodes shared, when the store is a file of one node.
  ///   - read: gives so many octets, fewer only at the end.
  /// - Returns: what it holds, counted in the new store.
  /// - Throws: `placeTaken` when something is there, `auditDamaged` when the file is not whole,
  ///   `storeTooNew` or `migrationChanged` when another program made it.
  package static func importing(
    _ path: String, clock: @escaping Clock, migrations: [Migration],
    file: (_ name: String, _ part: Int, _ octets: [UInt8]) throws -> Void,
    _ read: @escaping (Int) throws -> [UInt8]
  ) throws -> StoreContents {
    let place = StorePlace(path)
    guard try place.isEmpty() else {
      throw DatabaseError(.placeTaken, "there is a store already: \(place)")
    }
    let writing = try place.connectWriter(as: NodeName("import"))
    let connection = writing.connection
    defer { writing.coordination?.close() }
    do {
      return try take(into: connection, clock, migrations, read) { name, part, octets in
        guard place.isServer else { return try file(name, part, octets) }
        try connection.change(
          "INSERT INTO server_file (name, part, octets) VALUES (\(name), \(part), \(octets))")
      }
    } catch {
      if connection.isInTransaction { try? connection.change("ROLLBACK") }
      clear(connection)
      throw error
    }
  }

  /// Removes what a failed import has made; a table that others refer to goes after them.
  private static func clear(_ connection: any Engine) {
    for _ in 0..<3 {
      for table in (try? connection.tables()) ?? [] {
        try? connection.change(SQL(trusted: "DROP TABLE \(Table.quoted(table.name))"))
      }
    }
  }

  private static func take(
    into connection: any Engine, _ clock: Clock, _ migrations: [Migration],
    _ read: @escaping (Int) throws -> [UInt8], _ file: (String, Int, [UInt8]) throws -> Void
  ) throws -> StoreContents {
    try Schema.migrate(connection, to: migrations, at: clock())
    let reader = try StoreReader(read)
    let tables = try connection.tables()
    try connection.begin(.writing)
    // What the steps of the schema have put there comes again with the rows.
    for table in tables.reversed() {
      try connection.change(SQL(trusted: "DELETE FROM \(Table.quoted(table.name))"))
    }
    let told = try reader.fill(tables, of: connection, file)
    try connection.settleNumbers()
    try connection.change("COMMIT")
    let source = Reading(connection)
    let program = [Schema.ground] + migrations
    try Schema.check(Schema.rows(on: source), against: program)
    var found = StoreContents()
    for table in tables {
      found.rows[table.name] =
        try source.first(
          SQL(trusted: "SELECT count(*) AS count FROM \(Table.quoted(table.name))")
        )?.int("count") ?? 0
    }
    // The root is computed from the entries, not taken from the row that says it.
    let edge = try AuditTables.frontier(source)
    (found.size, found.root) = (edge.size, edge.root)
    guard found == told else {
      throw DatabaseError(.auditDamaged, "the new store does not hold what was handed over")
    }
    return found
  }
}
