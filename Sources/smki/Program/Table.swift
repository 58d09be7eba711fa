// SPDX-License-Identifier: Apache-2.0

/// Rows under headings, no wider than the terminal.
struct Table {
  /// The narrowest that a column is cut to.
  private static let columnMin = 6
  private static let gap = 2

  let headings: [String]
  let rows: [[String]]

  /// The lines; the widest columns are cut until they fit `width`, nothing is cut without one.
  func text(width: Int? = Terminal.width) -> String {
    guard !rows.isEmpty else { return "none" }
    let lines = [headings] + rows
    var widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    if let width {
      while widths.reduce(0, +) + Self.gap * (widths.count - 1) > width,
        let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
        widths[widest] > Self.columnMin
      {
        widths[widest] -= 1
      }
    }
    return lines.map { line in
      zip(line, widths).map { $0.cut(to: $1).padded(to: $1) }
        .joined(separator: String(repeating: " ", count: Self.gap)).trimmedAtEnd
    }.joined(separator: "\n")
  }

  /// A number with its noun, which takes an s unless it is one.
  static func count(_ number: Int, _ noun: String) -> String {
    guard number != 1 else { return "1 \(noun)" }
    return "\(number) \(noun)\(noun.last?.isUppercase == true ? "S" : "s")"
  }

  /// Names and values below each other, for one thing.
  static func pairs(_ pairs: [(String, String)]) -> String {
    let width = pairs.map(\.0.count).max() ?? 0
    return pairs.map { name, value in
      "\(name.padded(to: width))  "
        + value.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\n" + String(repeating: " ", count: width + 2))
    }.joined(separator: "\n")
  }

  /// Text in lines of at most 80 columns.
  static func wrapped(_ text: String, margin: String = "", width: Int = 80) -> String {
    var lines: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(margin + word)
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension String {
  /// The text with blanks up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text, its end replaced when it is longer than a width.
  func cut(to width: Int) -> String {
    count <= width ? self : prefix(max(0, width - 1)) + "…"
  }

  fileprivate var trimmedAtEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
