// SPDX-License-Identifier: Apache-2.0

import DER

/// GBCS-12.1-9: the serial number of a certificate made here, always 16 octets.
///
/// The rule allows fewer octets; one fixed length keeps templates, indexes and routing simple.
package struct SerialNumber: Hashable, Sendable {
  /// GBCS-12.1-9: a serial number has no more octets than this; ours have exactly as many.
  package static let octetCount = 16

  /// The content of the INTEGER, highest octet first.
  package let octets: [UInt8]

  /// Takes 16 octets that are a positive and minimal INTEGER, or nil.
  ///
  /// The first octet is 01 to 7F: with 80 and above the number would be negative, and with 00 the
  /// encoding would be longer than it need be.
  package init?(octets: some Collection<UInt8>) {
    guard octets.count == Self.octetCount, let first = octets.first, (1...0x7F).contains(first)
    else { return nil }
    self.octets = Array(octets)
  }
}

extension SerialNumber: CustomStringConvertible {
  /// 32 upper-case hexadecimal digits, as certificates are named on every interface.
  package var description: String { Hex.encode(octets) }
}
