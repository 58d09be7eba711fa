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
  ///
  /// By index and not by slices: an unoptimised build takes ten times as long for those.
  struct Reader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
    }

    /// The next bytes must be these.
    mutating func expect(_ text: String) throws(AuditError) {
      for byte in text.utf8 {
        guard take() == byte else {
          throw AuditError(.malformedEntry, "expected \(text) at octet \(position - 1)")
        }
      }
    }

    /// A string with its escapes resolved.
    mutating func string() throws(AuditError) -> String {
      try expect("\"")
      var content: [UInt8] = []
      while let byte = take() {
        switch byte {
        case 0x22:  // the quotation mark that ends it
          guard let text = String(validating: content, as: UTF8.self) else {
            throw AuditError(.malformedEntry, "not UTF-8 before octet \(position)")
          }
          return text
        case 0x5C: content.append(try escape())
        default: content.append(byte)
        }
      }
      throw AuditError(.malformedEntry, "a string without an end")
    }

    /// An object whose members are strings.
    mutating func strings(most: Int) throws(AuditError) -> [String: String] {
      try expect("{")
      var members: [String: String] = [:]
      if isNext("}") { return members }
      repeat {
        let name = try string()
        try expect(":")
        guard members.updateValue(try string(), forKey: name) == nil, members.count <= most else {
          throw AuditError(.malformedEntry, "a fact twice, or more than \(most)")
        }
      } while isNext(",")
      try expect("}")
      return members
    }

    private mutating func take() -> UInt8? {
      guard position < bytes.count else {
        // An error's text tells where the byte should have been.
        position = bytes.count + 1
        return nil
      }
      position += 1
      return bytes[position - 1]
    }

    /// Whether this character comes next; then it is taken.
    private mutating func isNext(_ character: Unicode.Scalar) -> Bool {
      guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    private mutating func escape() throws(AuditError) -> UInt8 {
      switch take() {
      case 0x22: return 0x22
      case 0x5C: return 0x5C
      case UInt8(ascii: "b"): return 0x08
      case UInt8(ascii: "t"): return 0x09
      case UInt8(ascii: "n"): return 0x0A
      case UInt8(ascii: "f"): return 0x0C
      case UInt8(ascii: "r"): return 0x0D
      case UInt8(ascii: "u"):
        // Only control characters are escaped by number, so four digits stay below 0x20.
        var value = 0
        for _ in 0..<4 {
          let digit = take().flatMap { Character(Unicode.Scalar($0)).hexDigitValue }
          value = value << 4 | (digit ?? 0x20)
        }
        if value < 0x20 { return UInt8(value) }
        throw AuditError(.malformedEntry, "an escape before octet \(position)")
      default: throw AuditError(.malformedEntry, "an escape before octet \(position)")
      }
    }
  }
}
