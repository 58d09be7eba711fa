// SPDX-License-Identifier: Apache-2.0

package import DER

/// One row of an answer: values by the names of their columns.
package struct Row: Sendable {
  /// The names of the columns in their order; shared by all rows of an answer.
  package let columns: [String]
  /// The values in the order of the columns.
  package let values: [SQL.Value]

  /// The value of a column, whatever its type.
  ///
  /// - Throws: `columnMissing`.
  package func value(_ column: String) throws(DatabaseError) -> SQL.Value {
    guard let index = columns.firstIndex(of: column) else {
      throw DatabaseError(.columnMissing, "no column \(column) among \(columns)")
    }
    return values[index]
  }

  /// An integer.
  ///
  /// - Throws: `columnMissing`, `columnType`; so do all that follow.
  package func int(_ column: String) throws(DatabaseError) -> Int {
    try present(optionalInt(column), column)
  }

  /// An integer, as 64 bits by name.
  package func int64(_ column: String) throws(DatabaseError) -> Int64 {
    Int64(try int(column))
  }

  /// True for any integer but 0.
  package func bool(_ column: String) throws(DatabaseError) -> Bool {
    try int(column) != 0
  }

  /// A moment, kept as milliseconds since 1970.
  package func time(_ column: String) throws(DatabaseError) -> Time {
    Time(milliseconds: try int64(column))
  }

  /// Text.
  package func text(_ column: String) throws(DatabaseError) -> String {
    try present(optionalText(column), column)
  }

  /// Bytes.
  package func blob(_ column: String) throws(DatabaseError) -> [UInt8] {
    try present(optionalBlob(column), column)
  }

  /// An integer, or nil for NULL.
  package func optionalInt(_ column: String) throws(DatabaseError) -> Int? {
    switch try value(column) {
    case .int(let value): Int(value)
    case .null: nil
    case .text, .blob: throw DatabaseError(.columnType, "\(column) is not an integer")
    }
  }

  /// A moment, or nil for NULL.
  package func optionalTime(_ column: String) throws(DatabaseError) -> Time? {
    try optionalInt(column).map { Time(milliseconds: Int64($0)) }
  }

  /// Text, or nil for NULL.
  package func optionalText(_ column: String) throws(DatabaseError) -> String? {
    switch try value(column) {
    case .text(let value): value
    case .null: nil
    case .int, .blob: throw DatabaseError(.columnType, "\(column) is not text")
    }
  }

  /// Bytes, or nil for NULL.
  package func optionalBlob(_ column: String) throws(DatabaseError) -> [UInt8]? {
    switch try value(column) {
    case .blob(let value): value
    case .null: nil
    case .int, .text: throw DatabaseError(.columnType, "\(column) is not bytes")
    }
  }

  private func present<Value>(_ value: Value?, _ column: String) throws(DatabaseError) -> Value {
    guard let value else { throw DatabaseError(.columnType, "\(column) is NULL") }
    return value
  }
}
