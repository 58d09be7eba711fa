// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// A prepared statement, freed with its last user.
///
/// One thread at a time uses it: the one that has its connection.
@safe
final class Statement {
  let sql: String
  private let pointer: OpaquePointer
  private let connection: OpaquePointer
  private(set) var columns: [String] = []
  /// True between the first step and the reset: a second use would disturb the first.
  private(set) var isRunning = false
  /// When it was last used, counted by its connection; the cache forgets the oldest.
  var lastUse = 0

  /// Prepares exactly one statement.
  init(_ sql: String, on connection: OpaquePointer) throws(DatabaseError) {
    var prepared: OpaquePointer?
    var result = SQLITE_OK
    var rest = 0
    var sql = sql
    sql.withUTF8 { text in
      unsafe text.withMemoryRebound(to: CChar.self) { text in
        var tail: UnsafePointer<CChar>?
        result = unsafe sqlite3_prepare_v3(
          connection, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT),
          &prepared, &tail)
        if let tail = unsafe tail, let base = text.baseAddress {
          rest = unsafe base + text.count - tail
        }
      }
    }
    guard result == SQLITE_OK else { throw unsafe .last(of: connection, sql) }
    guard let prepared = unsafe prepared else {
      throw DatabaseError(.misuse, "no statement", sql: sql)
    }
    unsafe pointer = prepared
    unsafe self.connection = connection
    self.sql = sql
    guard sql.utf8.suffix(rest).allSatisfy({ " \n\t\r;".utf8.contains($0) }) else {
      throw DatabaseError(.misuse, "more than one statement", sql: sql)
    }
    columns = (unsafe 0..<sqlite3_column_count(prepared)).map { index in
      unsafe sqlite3_column_name(prepared, index).map { unsafe String(cString: $0) } ?? ""
    }
  }

  deinit {
    unsafe sqlite3_finalize(pointer)
  }

  /// Whether it leaves the file as it is.
  var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(pointer) != 0 }

  /// Runs it once with these values and hands over each row.
  func run(_ values: [SQL.Value], _ body: (Row) throws -> Void) throws {
    isRunning = true
    defer {
      unsafe sqlite3_reset(pointer)
      isRunning = false
    }
    let places = unsafe Int(sqlite3_bind_parameter_count(pointer))
    guard places == values.count else {
      throw DatabaseError(.misuse, "\(places) places for \(values.count) values", sql: sql)
    }
    for (index, value) in values.enumerated() {
      guard value.isStorable else {
        throw DatabaseError(.misuse, "U+0000 in text", sql: sql)
      }
      try bind(value, at: Int32(index + 1))
    }
    while true {
      switch unsafe sqlite3_step(pointer) {
      case SQLITE_ROW: try body(Row(columns: columns, values: row()))
      case SQLITE_DONE: return
      default: throw unsafe DatabaseError.last(of: connection, sql)
      }
    }
  }

  private func bind(_ value: SQL.Value, at index: Int32) throws(DatabaseError) {
    let result =
      switch value {
      case .null: unsafe sqlite3_bind_null(pointer, index)
      case .int(let value): unsafe sqlite3_bind_int64(pointer, index, value)
      case .blob(let bytes):
        unsafe bytes.withUnsafeBytes { bytes in
          unsafe smki_bind_blob(pointer, index, bytes.baseAddress, UInt64(bytes.count))
        }
      case .text(var text):
        text.withUTF8 { bytes in
          unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
            unsafe smki_bind_text(pointer, index, bytes.baseAddress, UInt64(bytes.count))
          }
        }
      }
    guard result == SQLITE_OK else { throw unsafe .last(of: connection, sql) }
  }

  private func row() -> [SQL.Value] {
    (0..<Int32(columns.count)).map { index in
      switch unsafe sqlite3_column_type(pointer, index) {
      case SQLITE_INTEGER: return .int(unsafe sqlite3_column_int64(pointer, index))
      case SQLITE_TEXT:
        let text = unsafe sqlite3_column_text(pointer, index)
        let count = unsafe Int(sqlite3_column_bytes(pointer, index))
        return unsafe .text(
          String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
      case SQLITE_BLOB:
        let bytes = unsafe sqlite3_column_blob(pointer, index)
        let count = unsafe Int(sqlite3_column_bytes(pointer, index))
        return unsafe .blob(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
      case SQLITE_FLOAT:
        // No column of ours is a fraction; shown as text it can be neither taken for a number.
        return .text(String(unsafe sqlite3_column_double(pointer, index)))
      default: return .null
      }
    }
  }
}

extension DatabaseError {
  /// What the connection says about its last call.
  @unsafe
  static func last(of connection: OpaquePointer?, _ sql: String?) -> DatabaseError {
    let result = unsafe sqlite3_extended_errcode(connection)
    let message = unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) } ?? ""
    return DatabaseError(code(ofResult: result), "\(message) (SQLite \(result))", sql: sql)
  }
}
