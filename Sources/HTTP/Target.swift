// SPDX-License-Identifier: Apache-2.0

/// The target of a request line in origin form (RFC 9112 section 3.2.1), decoded strictly.
package struct Target: Sendable {
  /// The path, percent-encoding undone.
  package let path: String
  /// The query items in their order, percent-encoding and plus signs undone.
  package let query: [(name: String, value: String)]

  /// The most items that a query may hold.
  package static let queryItemsMax = 64

  /// Reads the octets between method and version.
  ///
  /// - Returns: nil when it does not begin with a slash, holds a wrong percent-encoding, a control
  ///   character or a fragment, is not UTF-8 when decoded, has a dot segment or an encoded slash
  ///   in its path, or holds too many items.
  package init?(_ octets: some Collection<UInt8>) {
    guard octets.first == UInt8(ascii: "/") else { return nil }
    let end = octets.firstIndex(of: UInt8(ascii: "?")) ?? octets.endIndex
    guard let path = Self.decode(octets[..<end], isPath: true), Self.hasNoDotSegment(path) else {
      return nil
    }
    var query: [(name: String, value: String)] = []
    if end != octets.endIndex {
      let text = octets[octets.index(after: end)...]
      let items = text.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true)
      guard items.count <= Self.queryItemsMax else { return nil }
      for item in items {
        let middle = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
        let rest = middle == item.endIndex ? item[middle...] : item[item.index(after: middle)...]
        guard let name = Self.decode(item[..<middle], isPath: false),
          let value = Self.decode(rest, isPath: false)
        else { return nil }
        query.append((name: name, value: value))
      }
    }
    self.path = path
    self.query = query
  }

  private static func hasNoDotSegment(_ path: String) -> Bool {
    guard path.utf8.contains(UInt8(ascii: ".")) else { return true }
    return path.utf8.split(separator: UInt8(ascii: "/")).allSatisfy {
      !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
  }

  private static func decode(_ octets: some Collection<UInt8>, isPath: Bool) -> String? {
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
        guard value >= 0x20, value != 0x7f, !(isPath && value == UInt8(ascii: "/")) else {
          return nil
        }
        decoded.append(value)
      case UInt8(ascii: "+") where !isPath: decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "#"), ...0x20, 0x7f...: return nil
      default: decoded.append(octet)
      }
    }
    return String(validating: decoded, as: UTF8.self)
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
