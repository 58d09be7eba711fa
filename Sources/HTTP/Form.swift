// SPDX-License-Identifier: Apache-2.0

/// The fields of a form or query: `application/x-www-form-urlencoded`, decoded strictly.
package enum Form {
  /// One field.
  package typealias Field = (name: String, value: String)

  /// The most fields that a form or query may hold.
  package static let fieldsMax = 64

  /// Reads the body of a form; line ends may stand in its values.
  ///
  /// - Returns: nil when an encoding is wrong, a control character other than tab, LF and CR
  ///   stands in it, it is not UTF-8 when decoded, or it holds more than `fieldsMax` fields.
  package static func fields(_ octets: [UInt8]) -> [Field]? {
    fields(octets[...], allowingLineEnds: true)
  }

  static func fields(
    _ octets: some Collection<UInt8>, allowingLineEnds: Bool
  ) -> [Field]? {
    let items = octets.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true)
    guard items.count <= fieldsMax else { return nil }
    var fields: [Field] = []
    for item in items {
      let middle = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
      let rest = middle == item.endIndex ? item[middle...] : item[item.index(after: middle)...]
      let part: Part = allowingLineEnds ? .formField : .queryField
      guard let name = decode(item[..<middle], as: part), let value = decode(rest, as: part) else {
        return nil
      }
      fields.append((name: name, value: value))
    }
    return fields
  }

  /// What is being decoded, which decides what it may hold.
  enum Part {
    /// A path: no encoded slash, and a plus sign is a plus sign.
    case path
    /// A name or value of a query: a plus sign is a blank.
    case queryField
    /// A name or value of a form: a plus sign is a blank, and tab, LF and CR may be encoded.
    case formField
  }

  /// Undoes percent-encoding; nil when it is wrong or holds what the part may not.
  static func decode(_ octets: some Collection<UInt8>, as part: Part) -> String? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(octets.count)
    var rest = octets.makeIterator()
    while let octet = rest.next() {
      switch octet {
      case UInt8(ascii: "%"):
        guard let high = rest.next().flatMap(nibble), let low = rest.next().flatMap(nibble) else {
          return nil
        }
        let value = high << 4 | low
        guard isAllowed(value, in: part) else { return nil }
        decoded.append(value)
      case UInt8(ascii: "+") where part != .path: decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "#"), ...0x20, 0x7f...: return nil
      default: decoded.append(octet)
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  private static func isAllowed(_ octet: UInt8, in part: Part) -> Bool {
    switch octet {
    case 0x09, 0x0a, 0x0d: part == .formField
    case ..<0x20, 0x7f: false
    case UInt8(ascii: "/"): part != .path
    default: true
    }
  }

  private static func nibble(_ octet: UInt8) -> UInt8? {
    switch octet {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
