// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
  /// How deep values may lie within each other.
  package static let depthMax = 16
  /// The most octets of a text.
  package static let octetsMax = 4 * 1024 * 1024

  /// Reads a text, all of it.
  ///
  /// - Throws: `malformed`, `twice`, `tooDeep`.
  package init(parsing octets: some Collection<UInt8>) throws(JSONError) {
    guard octets.count <= Self.octetsMax else {
      throw JSONError(
        .malformed, at: "the text", expected: "at most \(Self.octetsMax) octets",
        found: "\(octets.count)")
    }
    var reader = JSONReader(Array(octets))
    self = try reader.value(depth: 0)
    try reader.end()
  }
}

/// Reads one value after the other.
private struct JSONReader {
  private let octets: [UInt8]
  private var place = 0

  init(_ octets: [UInt8]) {
    self.octets = octets
  }

  private func malformed(_ expected: String) -> JSONError {
    let found =
      place < octets.count
      ? "'\(String(decoding: octets[place..<min(place + 12, octets.count)], as: UTF8.self))'"
      : "the end"
    return JSONError(.malformed, at: "octet \(place)", expected: expected, found: found)
  }

  private mutating func skipBlanks() {
    while place < octets.count, [0x20, 0x09, 0x0A, 0x0D].contains(octets[place]) { place += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    let expected = Array(text.utf8)
    guard octets[place...].starts(with: expected) else { return false }
    place += expected.count
    return true
  }

  mutating func end() throws(JSONError) {
    skipBlanks()
    guard place == octets.count else { throw malformed("nothing behind the value") }
  }

  mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= JSONValue.depthMax else {
      throw JSONError(
        .tooDeep, at: "octet \(place)", expected: "at most \(JSONValue.depthMax) values deep",
        found: "a deeper one")
    }
    skipBlanks()
    guard place < octets.count else { throw malformed("a value") }
    switch octets[place] {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try integer()
    default:
      if take("null") { return .null }
      if take("true") { return .bool(true) }
      if take("false") { return .bool(false) }
      throw malformed("a value")
    }
  }

  private mutating func object(_ depth: Int) throws(JSONError) -> JSONValue {
    place += 1
    var members: [String: JSONValue] = [:]
    skipBlanks()
    if take("}") { return .object(members) }
    while true {
      skipBlanks()
      guard place < octets.count, octets[place] == UInt8(ascii: "\"") else {
        throw malformed("the name of a member")
      }
      let start = place
      let name = try string()
      skipBlanks()
      guard take(":") else { throw malformed("a colon") }
      guard members[name] == nil else {
        throw JSONError(
          .twice, at: "octet \(start)", expected: "each member once", found: "\(name) again")
      }
      members[name] = try value(depth: depth + 1)
      skipBlanks()
      if take("}") { return .object(members) }
      guard take(",") else { throw malformed("a comma or }") }
    }
  }

  private mutating func array(_ depth: Int) throws(JSONError) -> JSONValue {
    place += 1
    var values: [JSONValue] = []
    skipBlanks()
    if take("]") { return .array(values) }
    while true {
      values.append(try value(depth: depth + 1))
      skipBlanks()
      if take("]") { return .array(values) }
      guard take(",") else { throw malformed("a comma or ]") }
    }
  }

  private mutating func integer() throws(JSONError) -> JSONValue {
    let start = place
    if octets[place] == UInt8(ascii: "-") { place += 1 }
    let digits = octets[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    place += digits.count
    let isShort = digits.count == 1 || digits.first != UInt8(ascii: "0")
    let isFraction = place < octets.count && Array(".eE".utf8).contains(octets[place])
    guard isShort, !isFraction,
      let number = Int64(String(decoding: octets[start..<place], as: UTF8.self))
    else {
      place = start
      throw malformed("a whole number of 64 bits")
    }
    return .integer(number)
  }

  private mutating func string() throws(JSONError) -> String {
    let start = place
    place += 1
    var bytes: [UInt8] = []
    while place < octets.count {
      let octet = octets[place]
      place += 1
      switch octet {
      case UInt8(ascii: "\""):
        guard let text = String(validating: bytes, as: UTF8.self) else {
          place = start
          throw malformed("a string in UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): bytes += Array(String(try escape()).utf8)
      case 0..<0x20:
        place -= 1
        throw malformed("no control character in a string")
      default: bytes.append(octet)
      }
    }
    throw malformed("the end of a string")
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    guard place < octets.count else { throw malformed("an escaped character") }
    let octet = octets[place]
    place += 1
    switch octet {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(octet)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicode()
    default:
      place -= 1
      throw malformed("an escaped character")
    }
  }

  private mutating func unicode() throws(JSONError) -> Unicode.Scalar {
    let first = try hex()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800..<0xDC00).contains(first), take("\\u") else {
      throw malformed("the second half of a pair")
    }
    let second = try hex()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw malformed("the second half of a pair") }
    return scalar
  }

  private mutating func hex() throws(JSONError) -> UInt32 {
    let digits = octets[place...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 < 0x80 }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw malformed("four hexadecimal digits") }
    place += 4
    return value
  }
}
