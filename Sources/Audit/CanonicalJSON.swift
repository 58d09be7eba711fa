// SPDX-License-Identifier: Apache-2.0

/// The part of JSON that an entry needs, written in the one way of RFC 8785.
struct CanonicalJSON {
  private(set) var bytes: [UInt8] = []

  /// One ASCII character outside strings.
  mutating func punctuation(_ character: Unicode.Scalar) {
    bytes.append(UInt8(ascii: character))
  }

  /// What separates a member from what stood before, then its name and the colon.
  mutating func key(_ name: String, after separator: Unicode.Scalar) {
    punctuation(separator)
    string(name)
    punctuation(":")
  }

  /// A string, escaped where RFC 8785, 3.2.2.2 asks for it and nowhere else.
  mutating func string(_ text: String) {
    punctuation("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x08: bytes += "\\b".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0C: bytes += "\\f".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0x00...0x1F:
        bytes += "\\u00".utf8
        bytes += [Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 0x0F)]]
      default: bytes.append(byte)
      }
    }
    punctuation("\"")
  }

  private static let digits = Array("0123456789abcdef".utf8)
}

extension CanonicalJSON {
  /// Reads what the writer writes; the caller compares with the bytes written again.
  struct Reader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
      rest = bytes
    }

    /// The next bytes must be these.
    mutating func expect(_ text: StaticString) throws(AuditError) {
      let expected = Array("\(text)".utf8)
      guard rest.starts(with: expected) else {
        throw AuditError(.malformedEntry, "expected \(text) at octet \(rest.startIndex)")
      }
      rest = rest.dropFirst(expected.count)
    }

    /// A string with its escapes resolved.
    mutating func string() throws(AuditError) -> String {
      try expect("\"")
      var content: [UInt8] = []
      while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "\""):
          guard let text = String(validating: content, as: UTF8.self) else {
            throw AuditError(.malformedEntry, "not UTF-8 before octet \(rest.startIndex)")
          }
          return text
        case UInt8(ascii: "\\"): content.append(try escape())
        default: content.append(byte)
        }
      }
      throw AuditError(.malformedEntry, "a string without an end")
    }

    /// An object whose members are strings.
    mutating func strings(most: Int) throws(AuditError) -> [String: String] {
      try expect("{")
      var members: [String: String] = [:]
      if rest.first == UInt8(ascii: "}") {
        rest.removeFirst()
        return members
      }
      while true {
        let name = try string()
        try expect(":")
        guard members.updateValue(try string(), forKey: name) == nil, members.count <= most else {
          throw AuditError(.malformedEntry, "a fact twice, or more than \(most)")
        }
        guard rest.first == UInt8(ascii: ",") else { break }
        rest.removeFirst()
      }
      try expect("}")
      return members
    }

    private mutating func escape() throws(AuditError) -> UInt8 {
      switch rest.popFirst() {
      case UInt8(ascii: "\""): return UInt8(ascii: "\"")
      case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
      case UInt8(ascii: "b"): return 0x08
      case UInt8(ascii: "t"): return 0x09
      case UInt8(ascii: "n"): return 0x0A
      case UInt8(ascii: "f"): return 0x0C
      case UInt8(ascii: "r"): return 0x0D
      case UInt8(ascii: "u"):
        // Only control characters are escaped by number, so four digits stay below 0x20.
        let text = String(decoding: rest.prefix(4), as: UTF8.self)
        rest = rest.dropFirst(4)
        if let value = UInt8(text, radix: 16), value < 0x20 { return value }
        throw AuditError(.malformedEntry, "an escape before octet \(rest.startIndex)")
      default: throw AuditError(.malformedEntry, "an escape before octet \(rest.startIndex)")
      }
    }
  }
}
