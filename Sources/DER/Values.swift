// SPDX-License-Identifier: Apache-2.0

/// The simple values: each read and written in the one form that DER allows.
extension Reader {
  /// BOOLEAN, 00 or FF (X.690, 11.1).
  package mutating func boolean() throws(DERError) -> Bool {
    let content = try content(of: .boolean)
    guard content.count == 1, let octet = content.first, octet == 0x00 || octet == 0xFF else {
      throw DERError(.badBoolean, at: content.startIndex, "one octet 00 or FF expected")
    }
    return octet == 0xFF
  }

  /// BOOLEAN DEFAULT FALSE: absent means false, and false may not be written out (X.690, 11.5).
  package mutating func booleanDefaultFalse() throws(DERError) -> Bool {
    guard next == .boolean else { return false }
    let start = offset
    guard try boolean() else {
      throw DERError(.defaultEncoded, at: start, "FALSE is the default and is left out")
    }
    return true
  }

  /// OBJECT IDENTIFIER.
  package mutating func objectIdentifier() throws(DERError) -> ObjectIdentifier {
    let content = try content(of: .objectIdentifier)
    guard let identifier = ObjectIdentifier(content: content) else {
      throw DERError(
        .badObjectIdentifier, at: content.startIndex, "no identifier: \(Hex.encode(content))")
    }
    return identifier
  }

  /// The content of an OCTET STRING.
  package mutating func octetString() throws(DERError) -> ArraySlice<UInt8> {
    try content(of: .octetString)
  }

  /// NULL.
  package mutating func null() throws(DERError) {
    let content = try content(of: .null)
    guard content.isEmpty else {
      throw DERError(.badNull, at: content.startIndex, "\(content.count) octets of content")
    }
  }
}

extension Writer {
  /// BOOLEAN.
  package mutating func boolean(_ value: Bool) {
    element(.boolean, [value ? 0xFF : 0x00])
  }

  /// OBJECT IDENTIFIER.
  package mutating func objectIdentifier(_ identifier: ObjectIdentifier) {
    element(.objectIdentifier, identifier.content)
  }

  /// OCTET STRING of these bytes.
  package mutating func octetString(_ bytes: [UInt8]) {
    element(.octetString, bytes)
  }

  /// OCTET STRING of these bytes.
  package mutating func octetString(_ bytes: ArraySlice<UInt8>) {
    element(.octetString, bytes)
  }

  /// NULL.
  package mutating func null() {
    element(.null, [])
  }
}
