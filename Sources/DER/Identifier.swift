// SPDX-License-Identifier: Apache-2.0

/// The identifier octet of an element: class, form and a tag number of at most 30 (X.690, 8.1.2).
package struct Identifier: Hashable, Sendable {
  /// The octet as it is written.
  package let octet: UInt8

  /// An identifier of one octet.
  package init(octet: UInt8) {
    self.octet = octet
  }

  /// BOOLEAN.
  package static let boolean = Identifier(octet: 0x01)
  /// INTEGER.
  package static let integer = Identifier(octet: 0x02)
  /// BIT STRING, primitive as DER asks.
  package static let bitString = Identifier(octet: 0x03)
  /// OCTET STRING, primitive as DER asks.
  package static let octetString = Identifier(octet: 0x04)
  /// NULL.
  package static let null = Identifier(octet: 0x05)
  /// OBJECT IDENTIFIER.
  package static let objectIdentifier = Identifier(octet: 0x06)
  /// ENUMERATED.
  package static let enumerated = Identifier(octet: 0x0A)
  /// UTF8String.
  package static let utf8String = Identifier(octet: 0x0C)
  /// PrintableString.
  package static let printableString = Identifier(octet: 0x13)
  /// IA5String.
  package static let ia5String = Identifier(octet: 0x16)
  /// UTCTime.
  package static let utcTime = Identifier(octet: 0x17)
  /// GeneralizedTime.
  package static let generalizedTime = Identifier(octet: 0x18)
  /// SEQUENCE and SEQUENCE OF.
  package static let sequence = Identifier(octet: 0x30)
  /// SET and SET OF.
  package static let set = Identifier(octet: 0x31)

  /// A context-specific tag of number 0 to 30: constructed when explicit or around a structure.
  package static func context(_ number: UInt8, constructed: Bool) -> Identifier {
    precondition(number <= 30, "a tag number of one octet is at most 30")
    return Identifier(octet: 0x80 | (constructed ? 0x20 : 0) | number)
  }

  /// Whether the content is a row of elements.
  package var isConstructed: Bool { octet & 0x20 != 0 }
}

extension Identifier: CustomStringConvertible {
  /// The ASN.1 name where there is one, else class and number.
  package var description: String {
    if let name = Identifier.names[octet] { return name }
    let form = isConstructed ? "constructed" : "primitive"
    let kinds = ["universal", "application", "context", "private"]
    return "\(kinds[Int(octet >> 6)]) [\(octet & 0x1F)] \(form)"
  }

  private static let names: [UInt8: String] = [
    0x01: "BOOLEAN", 0x02: "INTEGER", 0x03: "BIT STRING", 0x04: "OCTET STRING", 0x05: "NULL",
    0x06: "OBJECT IDENTIFIER", 0x0A: "ENUMERATED", 0x0C: "UTF8String", 0x13: "PrintableString",
    0x16: "IA5String", 0x17: "UTCTime", 0x18: "GeneralizedTime", 0x30: "SEQUENCE", 0x31: "SET",
  ]
}
