// SPDX-License-Identifier: Apache-2.0

/// The header lines of a request in their order, names in lower case.
package struct Headers: Sendable {
  /// One header line.
  package struct Line: Sendable, Equatable {
    /// The name in lower case.
    package let name: String
    /// The value without blanks around it.
    package let value: String
  }

  /// All lines in the order they came in.
  package private(set) var lines: [Line] = []

  /// No lines.
  package init() {}

  /// Lines from pairs, for tests and for callers without a connection.
  package init(_ pairs: [(String, String)]) {
    lines = pairs.map { Line(name: $0.0.lowercased(), value: $0.1) }
  }

  /// The value of the first line with this name, which must be given in lower case.
  package subscript(name: String) -> String? {
    for line in lines where line.name == name { return line.value }
    return nil
  }

  /// Whether the client says that it takes this very media type, given in lower case.
  package func accepts(_ type: String) -> Bool {
    guard let line = self["accept"] else { return false }
    let blanks: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t")]
    return line.utf8.split(separator: UInt8(ascii: ",")).contains { range in
      range.prefix { $0 != UInt8(ascii: ";") }.lazy.filter { !blanks.contains($0) }
        .elementsEqual(type.utf8)
    }
  }

  /// The values of all lines with this name, which must be given in lower case.
  package func all(_ name: String) -> [String] {
    lines.compactMap { $0.name == name ? $0.value : nil }
  }

  /// Adds a line whose name is already in lower case.
  mutating func append(lowercasedName name: String, value: String) {
    lines.append(Line(name: name, value: value))
  }
}
