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

  /// What the statement consists of, in order.
  let form: Form
  /// What is bound to `$1`, `$2`, … in this order.
  package let values: [Value]

  /// The text with numbered places for the values.
  package var text: String { form.text }

  /// A statement built by the program itself, such as from the names in a schema.
  ///
  /// Nothing that came from outside may be in it.
  init(trusted text: String) {
    var form = Form()
    form.append(.text(text))
    self.form = form
    values = []
  }

  /// The same text and the same values, however it was put together.
  package static func == (left: SQL, right: SQL) -> Bool {
    left.values == right.values && left.text == right.text
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(text)
    hasher.combine(values)
  }
}

extension SQL: ExpressibleByStringInterpolation {
  /// A constant of the program: no text from outside can become a statement.
  package init(stringLiteral text: StaticString) {
    var form = Form()
    form.append(Form.Piece(text))
    self.form = form
    values = []
  }

  package init(stringInterpolation: StringInterpolation) {
    form = stringInterpolation.form
    values = stringInterpolation.values
  }

  /// Collects text and values apart from each other.
  package struct StringInterpolation: StringInterpolationProtocol {
    var form = Form()
    var values: [Value] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      form.reserve(places: interpolationCount)
      values.reserveCapacity(interpolationCount)
    }

    package mutating func appendLiteral(_ text: StaticString) {
      form.append(Form.Piece(text))
    }

    /// Any value that a column can hold.
    package mutating func appendInterpolation(_ value: Value) {
      values.append(value)
      form.append(.place)
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
      form.append(part.form)
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
