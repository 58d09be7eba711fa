// SPDX-License-Identifier: Apache-2.0

package import DER

/// A statement as a value: its text with `$1`, `$2`, … and what is bound to them.
///
/// It is written as a string literal; `\(…)` never becomes text but a bound value, so a value
/// cannot change the statement. The same text suits SQLite and PostgreSQL.
package struct SQL: Hashable, Sendable {
  /// What a column can hold.
  package enum Value: Hashable, Sendable {
    case null
    case int(Int64)
    case text(String)
    case blob([UInt8])

    /// Whether both engines can keep it: PostgreSQL has no text with U+0000.
    var isStorable: Bool {
      if case .text(let text) = self { return !text.utf8.contains(0) }
      return true
    }
  }

  /// The text between the values: always one piece more than there are values.
  private(set) var pieces: [String]
  /// What is bound to `$1`, `$2`, … in this order.
  package private(set) var values: [Value]

  /// The text with numbered places for the values.
  package var text: String {
    guard pieces.count > 1 else { return pieces[0] }
    var text = pieces[0]
    for (index, piece) in pieces.dropFirst().enumerated() {
      text += "$"
      text += String(index + 1)
      text += piece
    }
    return text
  }

  /// A statement built by the program itself, such as from the names in a schema.
  ///
  /// Nothing that came from outside may be in it.
  init(trusted text: String) {
    pieces = [text]
    values = []
  }
}

extension SQL: ExpressibleByStringInterpolation {
  /// A constant of the program: no text from outside can become a statement.
  package init(stringLiteral text: StaticString) {
    pieces = ["\(text)"]
    values = []
  }

  package init(stringInterpolation: StringInterpolation) {
    pieces = stringInterpolation.pieces
    values = stringInterpolation.values
  }

  /// Collects text and values apart from each other.
  package struct StringInterpolation: StringInterpolationProtocol {
    var pieces = [""]
    var values: [Value] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      pieces.reserveCapacity(interpolationCount + 1)
      values.reserveCapacity(interpolationCount)
    }

    package mutating func appendLiteral(_ text: StaticString) {
      pieces[pieces.count - 1] += "\(text)"
    }

    /// Any value that a column can hold.
    package mutating func appendInterpolation(_ value: Value) {
      values.append(value)
      pieces.append("")
    }

    /// An integer of 64 bits, or NULL.
    package mutating func appendInterpolation(_ value: Int64?) {
      appendInterpolation(value.map(Value.int) ?? .null)
    }

    /// An integer, or NULL.
    package mutating func appendInterpolation(_ value: Int?) {
      appendInterpolation(value.map { Value.int(Int64($0)) } ?? .null)
    }

    /// 1 or 0, or NULL.
    package mutating func appendInterpolation(_ value: Bool?) {
      appendInterpolation(value.map { Value.int($0 ? 1 : 0) } ?? .null)
    }

    /// Milliseconds since 1970, or NULL.
    package mutating func appendInterpolation(_ value: Time?) {
      appendInterpolation(value.map { Value.int($0.milliseconds) } ?? .null)
    }

    /// Text, or NULL.
    package mutating func appendInterpolation(_ value: String?) {
      appendInterpolation(value.map(Value.text) ?? .null)
    }

    /// Bytes, or NULL.
    package mutating func appendInterpolation(_ value: [UInt8]?) {
      appendInterpolation(value.map(Value.blob) ?? .null)
    }

    /// Bytes out of a larger array, copied.
    package mutating func appendInterpolation(_ value: ArraySlice<UInt8>) {
      appendInterpolation(.blob(Array(value)))
    }

    /// Another statement or a part of one, its values numbered anew.
    package mutating func appendInterpolation(_ part: SQL) {
      pieces[pieces.count - 1] += part.pieces[0]
      pieces += part.pieces.dropFirst()
      values += part.values
    }

    /// Values with commas between them, for `IN (…)`.
    package mutating func appendInterpolation(list: [Value]) {
      for (index, value) in list.enumerated() {
        if index > 0 { appendLiteral(", ") }
        appendInterpolation(value)
      }
    }
  }
}
