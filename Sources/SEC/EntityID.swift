// SPDX-License-Identifier: Apache-2.0

import DER

/// GBCS-12.1: an EUI-64, the identifier of a device or of an organisation in its role.
package struct EntityID: Hashable, Comparable, Sendable {
  /// The eight octets as one number, the first octet highest.
  package let value: UInt64

  /// The identifier with this number.
  package init(_ value: UInt64) {
    self.value = value
  }

  /// Reads exactly eight octets.
  package init?(octets: some Collection<UInt8>) {
    guard octets.count == 8 else { return nil }
    value = octets.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Reads `90-B3-D5-1F-30-01-00-00`, the same with colons, or 16 digits; either case.
  package init?(_ text: String) {
    let digits =
      text.utf8.count == 23
      ? text.split(separator: text.contains("-") ? "-" : ":", omittingEmptySubsequences: false)
      : [text[...]]
    guard digits.count == 1 || (digits.count == 8 && digits.allSatisfy { $0.utf8.count == 2 }),
      let octets = Hex.decode(digits.joined())
    else { return nil }
    self.init(octets: octets)
  }

  /// The eight octets, in order.
  package var octets: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) }
  }

  package static func < (left: EntityID, right: EntityID) -> Bool { left.value < right.value }
}

extension EntityID: CustomStringConvertible {
  /// Eight upper-case octets joined by hyphens, as the repository's interface writes them.
  package var description: String {
    octets.map { Hex.encode([$0]) }.joined(separator: "-")
  }
}
