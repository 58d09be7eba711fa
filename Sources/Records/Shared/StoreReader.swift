// SPDX-License-Identifier: Apache-2.0

import Audit
import Keys

/// Reads a store that was handed over as a file, strictly.
final class StoreReader {
  private let read: (Int) throws -> [UInt8]
  private var digest: RunningDigest
  private var buffer: ArraySlice<UInt8> = []
  /// The next part, read ahead by one.
  private var next: (kind: StoreFile.Part, values: [SQL.Value])?

  init(_ read: @escaping (Int) throws -> [UInt8]) throws {
    self.read = read
    digest = try RunningDigest(.sha256)
    guard try octets(StoreFile.line.count) == StoreFile.line else {
      throw Self.damaged("it is no store that smki export wrote")
    }
    next = try part()
  }

  /// Puts everything into the tables of a store.
  ///
  /// - Returns: what the file says that it holds.
  func fill(
    _ tables: [Table], of connection: any Engine,
    _ file: (String, Int, [UInt8]) throws -> Void
  ) throws -> StoreContents {
    var contents = StoreContents()
    var left = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0) })
    while let (kind, values) = next {
      switch kind {
      case .table:
        let names = try values.map(Self.text)
        guard let name = names.first, let table = left.removeValue(forKey: name),
          Array(names.dropFirst()) == table.columns
        else { throw Self.damaged("table \(names.first ?? "") is not one of this program's") }
        contents.rows[name] = try rows(of: table, connection)
      case .file:
        guard values.count == 3, case .text(let name) = values[0], case .int(let piece) = values[1],
          case .blob(let octets) = values[2]
        else { throw Self.damaged("a file is not whole") }
        try file(name, Int(piece), octets)
        next = try part()
      case .end:
        guard values.count == 2, case .int(let size) = values[0], case .blob(let root) = values[1],
          left.isEmpty
        else { throw Self.damaged("tables are missing: \(left.keys.sorted())") }
        (contents.size, contents.root) = (Int(size), root)
        try checkDigest()
        return contents
      case .row, .count: throw Self.damaged("a row without a table")
      }
    }
    throw Self.damaged("it ends too early")
  }

  /// The rows of a table, handed to the engine as it asks for them.
  private func rows(of table: Table, _ connection: any Engine) throws -> Int {
    var rows = 0
    next = try part()
    try connection.fill(table) {
      var some: [[SQL.Value]] = []
      while some.count < PostgresConnection.pipelineRows, let (kind, values) = next,
        kind == .row
      {
        guard values.count == table.columns.count else {
          throw Self.damaged("a row of \(table.name) with \(values.count) values")
        }
        some.append(values)
        rows += 1
        next = try part()
      }
      return some
    }
    guard let (kind, values) = next, kind == .count, values == [.int(Int64(rows))] else {
      throw Self.damaged("rows of \(table.name) are missing")
    }
    next = try part()
    return rows
  }

  // MARK: - Octets

  private func part() throws -> (StoreFile.Part, [SQL.Value]) {
    guard let kind = StoreFile.Part(rawValue: try octets(1)[0]) else {
      throw Self.damaged("an unknown part")
    }
    let count = try number()
    guard (0...1_000).contains(count) else { throw Self.damaged("a part of \(count) values") }
    var values: [SQL.Value] = []
    for _ in 0..<count { values.append(try value()) }
    return (kind, values)
  }

  private func value() throws -> SQL.Value {
    switch try octets(1)[0] {
    case 0: return .null
    case 1: return .int(Int64(try number()))
    case 2: return .text(String(decoding: try octets(length()), as: UTF8.self))
    case 3: return .blob(try octets(length()))
    default: throw Self.damaged("an unknown kind of value")
    }
  }

  private func length() throws -> Int {
    let length = try number()
    guard (0...StoreFile.valueOctetsMax).contains(length) else {
      throw Self.damaged("a value of \(length) octets")
    }
    return length
  }

  private func number() throws -> Int {
    Int(truncatingIfNeeded: try octets(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  private func octets(_ count: Int) throws -> [UInt8] {
    let taken = try raw(count)
    digest.add(taken)
    return taken
  }

  private func raw(_ count: Int) throws -> [UInt8] {
    while buffer.count < count {
      let more = try read(max(count - buffer.count, StoreFile.pieceOctets))
      guard !more.isEmpty else { throw Self.damaged("it ends too early") }
      buffer += more
    }
    defer { buffer = buffer.dropFirst(count) }
    return Array(buffer.prefix(count))
  }

  private func checkDigest() throws {
    var whole = try RunningDigest(.sha256)
    swap(&whole, &digest)
    let expected = whole.finish()
    guard try raw(expected.count) == expected else {
      throw Self.damaged("its digest is another: it was changed or cut")
    }
  }

  private static func text(_ value: SQL.Value) throws -> String {
    guard case .text(let text) = value else { throw damaged("a name that is no text") }
    return text
  }

  private static func damaged(_ what: String) -> DatabaseError {
    DatabaseError(.auditDamaged, "the file: \(what)")
  }
}
