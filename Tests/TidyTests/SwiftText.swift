// SPDX-License-Identifier: Apache-2.0

/// A Swift file taken apart into code, comments and string literals, line by line.
///
/// The checks look for words in code or in comments; a word inside a string literal means nothing.
/// This knows just enough of Swift's lexical grammar for that, and no grammar above it.
struct SwiftText: Sendable {
  struct Line: Sendable {
    /// The line as it stands in the file.
    let raw: String
    /// Its code: comments are gone, and each string literal is `"N"`, its number in `literals`.
    let code: String
    /// Its comment with the slashes, or nothing.
    let comment: String

    var indent: Int { raw.utf8.prefix { $0 == UInt8(ascii: " ") }.count }
    var isDocComment: Bool { comment.hasPrefix("///") }
    var isBlank: Bool { code.isEmpty && comment.isEmpty }
  }

  struct Literal: Sendable {
    let text: String
    /// The line on which it begins, from 1.
    let line: Int
    /// Whether the text is not whole because some of it is computed.
    let isInterpolated: Bool
  }

  /// The path from the root of the project.
  let path: String
  let lines: [Line]
  let literals: [Literal]
  /// The code of all lines, joined by line ends.
  let code: String

  init(path: String, text: String) {
    var lexer = SwiftLexer(text)
    lexer.run()
    self.path = path
    lines = lexer.lines
    literals = lexer.literals
    code = lines.map(\.code).joined(separator: "\n")
  }

  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// A complaint about a line, counted from 1.
  func finding(_ line: Int, _ message: String) -> Finding {
    Finding(path: path, line: line, message: message)
  }
}

/// One thing that a check does not like, said so that an editor can jump to it.
struct Finding: Equatable, Sendable, CustomStringConvertible {
  let path: String
  let line: Int
  let message: String

  var description: String { "\(path):\(line): \(message)" }
}

/// The scanner behind `SwiftText`: octet by octet, one state at a time.
private struct SwiftLexer {
  private let octets: [UInt8]
  private var position = 0
  private var rawStart = 0
  private var code: [UInt8] = []
  private var comment: [UInt8] = []
  private(set) var lines: [SwiftText.Line] = []
  private(set) var literals: [SwiftText.Literal] = []

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")
  private static let hash = UInt8(ascii: "#")
  private static let slash = UInt8(ascii: "/")
  private static let star = UInt8(ascii: "*")
  private static let backslash = UInt8(ascii: "\\")

  init(_ text: String) {
    octets = Array(text.utf8)
  }

  mutating func run() {
    while position < octets.count {
      switch octets[position] {
      case Self.newline: endLine()
      case Self.slash where peek(1) == Self.slash: lineComment()
      case Self.slash where peek(1) == Self.star: blockComment()
      case Self.quote: literal(hashes: 0)
      case Self.hash where hashesBeforeQuote > 0: literal(hashes: hashesBeforeQuote)
      default:
        code.append(octets[position])
        position += 1
      }
    }
    if rawStart < octets.count { endLine() }
  }

  private func peek(_ distance: Int) -> UInt8? {
    position + distance < octets.count ? octets[position + distance] : nil
  }

  /// How many hashes stand here before a quotation mark; none when something else follows.
  private var hashesBeforeQuote: Int {
    var count = 0
    while peek(count) == Self.hash { count += 1 }
    return peek(count) == Self.quote ? count : 0
  }

  private mutating func endLine() {
    let end = min(position, octets.count)
    lines.append(
      SwiftText.Line(
        raw: String(decoding: octets[rawStart..<end], as: UTF8.self),
        code: trimmed(code), comment: trimmed(comment)))
    code = []
    comment = []
    position = end + 1
    rawStart = position
  }

  /// The text without spaces at its ends.
  private func trimmed(_ octets: [UInt8]) -> String {
    let space = UInt8(ascii: " ")
    guard let first = octets.firstIndex(where: { $0 != space }),
      let last = octets.lastIndex(where: { $0 != space })
    else { return "" }
    return String(decoding: octets[first...last], as: UTF8.self)
  }

  private mutating func lineComment() {
    while position < octets.count, octets[position] != Self.newline {
      comment.append(octets[position])
      position += 1
    }
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if octets[position] == Self.newline {
        endLine()
        continue
      }
      var step = 1
      if octets[position] == Self.slash, peek(1) == Self.star {
        depth += 1
        step = 2
      } else if octets[position] == Self.star, peek(1) == Self.slash {
        depth -= 1
        step = 2
      }
      comment += octets[position..<min(position + step, octets.count)]
      position += step
    } while depth > 0 && position < octets.count
  }

  private mutating func literal(hashes: Int) {
    position += hashes
    let isLong = peek(1) == Self.quote && peek(2) == Self.quote
    let quotes = isLong ? 3 : 1
    position += quotes
    code += Array("\"\(literals.count)\"".utf8)
    let line = lines.count + 1
    let slot = literals.count
    literals.append(.init(text: "", line: line, isInterpolated: false))
    var text: [UInt8] = []
    var isInterpolated = false
    while position < octets.count, !closes(quotes: quotes, hashes: hashes) {
      let octet = octets[position]
      if octet == Self.newline {
        guard isLong else { break }  // a stray quotation mark, of a regular expression say
        text.append(octet)
        endLine()
      } else if octet == Self.backslash, escapes(hashes) {
        position += 1 + hashes
        if peek(0) == UInt8(ascii: "(") {
          isInterpolated = true
          interpolation()
        } else if let escaped = peek(0), escaped != Self.newline {
          text.append(escaped)
          position += 1
        }
      } else {
        text.append(octet)
        position += 1
      }
    }
    if closes(quotes: quotes, hashes: hashes) { position += quotes + hashes }
    literals[slot] = .init(
      text: String(decoding: text, as: UTF8.self), line: line, isInterpolated: isInterpolated)
  }

  private func closes(quotes: Int, hashes: Int) -> Bool {
    (0..<quotes).allSatisfy { peek($0) == Self.quote }
      && (0..<hashes).allSatisfy { peek(quotes + $0) == Self.hash }
  }

  private func escapes(_ hashes: Int) -> Bool {
    (0..<hashes).allSatisfy { peek(1 + $0) == Self.hash }
  }

  /// Skips `( … )`, with the literals inside it; they are no literals of the file's code.
  private mutating func interpolation() {
    var depth = 0
    let (keptCode, keptLiterals) = (code, literals)
    repeat {
      switch octets[position] {
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      case Self.quote:
        literal(hashes: 0)
        continue
      case Self.newline: return
      default: break
      }
      position += 1
    } while depth > 0 && position < octets.count
    code = keptCode
    literals = keptLiterals
  }
}
