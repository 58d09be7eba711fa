// SPDX-License-Identifier: Apache-2.0

/// What an audit entry tells: its action and its facts, from its JSON.
struct Telling {
  private(set) var action = ""
  private(set) var facts: [String: String] = [:]

  /// Reads an object of strings that holds one object of strings; nil when it is none.
  init?(_ json: [UInt8]) {
    var reader = JSONReader(json[...])
    guard reader.take("{") else { return nil }
    repeat {
      guard let name = reader.string(), reader.take(":") else { return nil }
      if reader.take("{") {
        if !reader.take("}") {
          repeat {
            guard let fact = reader.string(), reader.take(":"), let value = reader.string() else {
              return nil
            }
            facts[fact] = value
          } while reader.take(",")
          guard reader.take("}") else { return nil }
        }
      } else {
        guard let value = reader.string() else { return nil }
        if name == "action" { action = value }
      }
    } while reader.take(",")
    guard reader.take("}"), reader.rest.isEmpty else { return nil }
  }
}

/// Characters and strings of JSON (RFC 8259, 7), without white space as canonical JSON has none.
private struct JSONReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func string() -> String? {
    guard take("\"") else { return nil }
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return String(validating: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escaped() else { return nil }
        bytes += Array(String(scalar).utf8)
      default: bytes.append(byte)
      }
    }
    return nil
  }

  private mutating func escaped() -> Unicode.Scalar? {
    switch rest.popFirst() {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"):
      let digits = String(decoding: rest.prefix(4), as: UTF8.self)
      rest = rest.dropFirst(4)
      return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
    case let byte?: return Unicode.Scalar(byte)
    case nil: return nil
    }
  }
}
