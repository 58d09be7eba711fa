// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// What a column holds.
enum Value: Hashable {
  case null
  case int(Int64)
  case text(String)
  case blob([UInt8])

  var int: Int? { if case .int(let value) = self { Int(value) } else { nil } }
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var blob: [UInt8]? { if case .blob(let octets) = self { octets } else { nil } }
}

/// A store that cannot be read, and why.
struct StoreError: Error, CustomStringConvertible {
  let description: String
}

/// A store opened for reading, all of it in one snapshot.
@safe
final class SQLite {
  /// How long to wait for a writer that is just making its pages durable.
  private static let waitMilliseconds: Int32 = 10_000

  private let database: OpaquePointer

  init(_ path: String) throws(StoreError) {
    var opened: OpaquePointer?
    let result = unsafe sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY, nil)
    guard result == SQLITE_OK, let opened = unsafe opened else {
      unsafe sqlite3_close_v2(opened)
      throw StoreError(description: "\(path) cannot be opened: SQLite \(result)")
    }
    unsafe database = opened
    unsafe sqlite3_busy_timeout(database, Self.waitMilliseconds)
    unsafe sqlite3_exec(database, "PRAGMA trusted_schema = OFF; BEGIN", nil, nil, nil)
  }

  deinit {
    unsafe sqlite3_close_v2(database)
  }

  /// Hands over the values of each row.
  func each(_ text: String, _ body: ([Value]) throws -> Void) throws {
    var prepared: OpaquePointer?
    let result = unsafe sqlite3_prepare_v2(database, text, -1, &prepared, nil)
    guard result == SQLITE_OK, let statement = unsafe prepared else {
      throw StoreError(description: "\(text): SQLite \(result)")
    }
    defer { unsafe sqlite3_finalize(statement) }
    let columns = unsafe sqlite3_column_count(statement)
    while true {
      switch unsafe sqlite3_step(statement) {
      case SQLITE_ROW: try body((0..<columns).map { unsafe Self.value(statement, $0) })
      case SQLITE_DONE: return
      case let code: throw StoreError(description: "\(text): SQLite \(code)")
      }
    }
  }

  func rows(_ text: String) throws -> [[Value]] {
    var rows: [[Value]] = []
    try each(text) { rows.append($0) }
    return rows
  }

  @unsafe
  private static func value(_ statement: OpaquePointer, _ column: Int32) -> Value {
    switch unsafe sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return .int(unsafe sqlite3_column_int64(statement, column))
    case SQLITE_NULL: return .null
    case SQLITE_BLOB:
      let octets = unsafe sqlite3_column_blob(statement, column)
      let count = unsafe Int(sqlite3_column_bytes(statement, column))
      return unsafe .blob(Array(UnsafeRawBufferPointer(start: octets, count: count)))
    default:
      let text = unsafe sqlite3_column_text(statement, column)
      let count = unsafe Int(sqlite3_column_bytes(statement, column))
      return unsafe .text(
        String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
    }
  }
}
