// SPDX-License-Identifier: Apache-2.0

/// A piece of a page, in HTML or SVG.
///
/// What stands in the source is markup; whatever is put into it is text and is escaped, in elements
/// and in quoted attribute values alike. There is no way round that.
package struct HTML: ExpressibleByStringInterpolation, Sendable {
  /// Collects the parts of a piece.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var markup = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      markup.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    package mutating func appendLiteral(_ literal: String) { markup += literal }

    /// Text, escaped.
    package mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }

    /// A number in digits.
    package mutating func appendInterpolation(_ number: Int) { markup += String(number) }

    /// Another piece.
    package mutating func appendInterpolation(_ piece: HTML) { markup += piece.markup }

    /// Other pieces, one after the other.
    package mutating func appendInterpolation(_ pieces: [HTML]) {
      for piece in pieces { markup += piece.markup }
    }
  }

  /// The markup.
  package let markup: String

  package init(stringLiteral value: String) { markup = value }

  package init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

  /// Text with the five characters that mean something to a browser written as references.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
