// SPDX-License-Identifier: Apache-2.0

package import DER

/// The number of a list among those of its issuer, which only grows (RFC 5280, 5.2.3).
package struct CRLNumber: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.crlNumber
  /// RFC5280-5.2.3: the most content octets.
  package static let octetsMax = 20

  /// The number.
  package let number: Integer

  /// A number.
  package init(_ number: Integer) {
    self.number = number
  }

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    number = try reader.integer(octetsMax: Self.octetsMax)
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.integer(number)
  }
}

extension Integer {
  /// Whether this number is above another.
  package func isAbove(_ other: Integer) -> Bool {
    let (mine, theirs) = (magnitude, other.magnitude)
    guard mine.count == theirs.count else { return mine.count > theirs.count }
    return theirs.lexicographicallyPrecedes(mine)
  }
}
