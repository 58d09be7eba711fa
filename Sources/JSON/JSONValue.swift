// SPDX-License-Identifier: Apache-2.0

/// JSON as files that people review have it: no fractions, no member twice (RFC 8259, RFC 8785).
package enum JSONValue: Hashable, Sendable {
  /// Nothing.
  case null
  case bool(Bool)
  /// A whole number; fractions and exponents are not read.
  case integer(Int64)
  case string(String)
  case array([JSONValue])
  /// Members by name; their order means nothing.
  case object([String: JSONValue])

  /// Octets of the canonical form of RFC 8785: members in the order of their names, no blanks.
  package var canonical: [UInt8] {
    var writer = JSONWriter(isIndented: false)
    writer.write(self, depth: 0)
    return writer.octets
  }

  /// The form for people: two blanks for each depth, a line for each member.
  package var text: String {
    var writer = JSONWriter(isIndented: true)
    writer.write(self, depth: 0)
    return String(decoding: writer.octets, as: UTF8.self) + "\n"
  }
}

/// Writes values; strings by the rules of RFC 8785, 3.2.2.2.
struct JSONWriter {
  let isIndented: Bool
  var octets: [UInt8] = []

  init(isIndented: Bool) {
    self.isIndented = isIndented
  }

  mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: put("null")
    case .bool(let value): put(value ? "true" : "false")
    case .integer(let value): put(String(value))
    case .string(let text): write(text)
    case .array(let values):
      put("[")
      for (index, value) in values.enumerated() {
        separate(index, depth: depth + 1)
        write(value, depth: depth + 1)
      }
      end("]", isEmpty: values.isEmpty, depth: depth)
    case .object(let members):
      put("{")
      let sorted = members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
      for (index, member) in sorted.enumerated() {
        separate(index, depth: depth + 1)
        write(member.key)
        put(isIndented ? ": " : ":")
        write(member.value, depth: depth + 1)
      }
      end("}", isEmpty: members.isEmpty, depth: depth)
    }
  }

  private mutating func separate(_ index: Int, depth: Int) {
    if index > 0 { put(",") }
    line(depth)
  }

  private mutating func end(_ bracket: String, isEmpty: Bool, depth: Int) {
    if !isEmpty { line(depth) }
    put(bracket)
  }

  private mutating func line(_ depth: Int) {
    guard isIndented else { return }
    put("\n" + String(repeating: "  ", count: depth))
  }

  private mutating func put(_ text: String) {
    octets += Array(text.utf8)
  }

  private mutating func write(_ text: String) {
    octets.append(UInt8(ascii: "\""))
    for octet in text.utf8 {
      switch octet {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): octets += [UInt8(ascii: "\\"), octet]
      case 0x08: put("\\b")
      case 0x09: put("\\t")
      case 0x0A: put("\\n")
      case 0x0C: put("\\f")
      case 0x0D: put("\\r")
      case 0..<0x20:
        let digits = String(octet, radix: 16)
        put("\\u00" + (digits.count == 1 ? "0" : "") + digits)
      default: octets.append(octet)
      }
    }
    octets.append(UInt8(ascii: "\""))
  }
}
