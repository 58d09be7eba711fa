// SPDX-License-Identifier: Apache-2.0

import CXML

/// All tags of a text, looked through before the parser sees any of it.
///
/// Everything that a hostile document type can do begins with its being parsed, the parser
/// compares each attribute of a tag with each other one, and it follows what the text says of its
/// encoding; so these are looked at first. What is wrong in other ways is left to the parser, which
/// reads the same up to the first mistake and stops there.
@safe struct Markup {
  private let octets: UnsafeRawBufferPointer
  private let limits: XMLReaderLimits
  private var at = 0
  private var count: Int { unsafe octets.count }

  /// Looks through a text.
  ///
  /// - Returns: where the text begins, behind a byte order mark if it has one.
  /// - Throws: `XMLError` when there is a document type, a processing instruction, an encoding
  ///   other than UTF-8, a zero octet, or a tag with too many attributes.
  static func check(
    _ octets: UnsafeRawBufferPointer, limits: XMLReaderLimits
  ) throws(XMLError) -> Int {
    var markup = unsafe Markup(octets: octets, limits: limits)
    return try markup.check()
  }

  private mutating func check() throws(XMLError) -> Int {
    if let zero = next(0) { throw error(.encoding, zero, "a zero octet: not UTF-8") }
    if let first = unsafe octets.first, first == 0xff || first == 0xfe {
      throw error(.encoding, 0, "a byte order mark of another encoding")
    }
    let start = unsafe octets.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    at = start
    if isAt("<?xml ") || isAt("<?xml\t") || isAt("<?xml\n") || isAt("<?xml\r") {
      try checkDeclaration()
    }
    while let tag = next(UInt8(ascii: "<")) {
      at = tag
      if isAt("<!--") {
        at += 4
        guard skip(past: "-->") else { break }
      } else if isAt("<![CDATA[") {
        at += 9
        guard skip(past: "]]>") else { break }
      } else if isAt("<!") {
        throw error(.documentType, at, "a document type declaration")
      } else if isAt("<?") {
        throw error(.processingInstruction, at, "a processing instruction")
      } else {
        at += 1
        try skipTag()
      }
    }
    return start
  }

  /// Goes behind the tag's closing bracket, counting the quoted values on the way.
  private mutating func skipTag() throws(XMLError) {
    var values = 0
    while at < count {
      let octet = unsafe octets[at]
      at += 1
      switch octet {
      case UInt8(ascii: ">"): return
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        values += 1
        guard values <= limits.attributesMax else {
          throw error(
            .tooManyAttributes, at - 1, "more than \(limits.attributesMax) attributes in one tag")
        }
        guard let end = next(octet) else {
          at = count
          return
        }
        at = end + 1
      default: break
      }
    }
  }

  private mutating func checkDeclaration() throws(XMLError) {
    let start = at
    guard skip(past: "?>"), at - start <= 200 else {
      throw error(.notWellFormed, start, "the XML declaration does not end")
    }
    // Octets, because CR and LF side by side are one character for Swift.
    let words = unsafe octets[start..<at].split { Self.separators.contains($0) }
      .map { unsafe String(decoding: $0, as: UTF8.self) }
    guard let name = words.firstIndex(of: "encoding") else { return }
    let value = name + 1 < words.count ? words[name + 1].filter { $0 != "\"" && $0 != "'" } : ""
    guard value.lowercased() == "utf-8" else {
      throw error(.encoding, start, "another encoding than UTF-8")
    }
  }

  /// What stands between the words of a declaration: white space, `=` and `?`.
  private static let separators = Array(" \t\r\n=?".utf8)

  /// The place of the next such octet.
  private func next(_ octet: UInt8) -> Int? {
    guard at < count, let base = unsafe octets.baseAddress else { return nil }
    guard let found = unsafe memchr(base + at, Int32(octet), count - at) else { return nil }
    return unsafe UnsafeRawPointer(found) - base
  }

  private func isAt(_ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard at + length <= count, let base = unsafe octets.baseAddress else { return false }
    return unsafe memcmp(base + at, text.utf8Start, length) == 0
  }

  /// Goes behind the next occurrence of the text; false when there is none.
  private mutating func skip(past text: StaticString) -> Bool {
    let first = unsafe text.utf8Start.pointee
    while let found = next(first) {
      at = found
      if isAt(text) {
        at += text.utf8CodeUnitCount
        return true
      }
      at += 1
    }
    return false
  }

  private func error(_ code: XMLError.Code, _ place: Int, _ detail: String) -> XMLError {
    let before = unsafe octets[..<place]
    let line = unsafe before.count { $0 == 0x0a } + 1
    let lineStart = unsafe before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    return XMLError(code, line: line, column: place - lineStart + 1, detail)
  }
}
