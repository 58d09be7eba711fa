// SPDX-License-Identifier: Apache-2.0

/// Elements that nobody here knows the meaning of, but that still must be DER.
extension Reader {
  /// The next element, whatever it is, looked through to the bottom.
  ///
  /// Each element inside has a proper header and ends where what holds it ends. What is of a type
  /// of ASN.1 itself has the form that DER asks of that type; alphabets are not looked at.
  package mutating func wellFormedElement() throws(DERError) -> Element {
    let start = offset
    let element = try element()
    try element.identifier.requireForm(at: start)
    if element.identifier.isConstructed {
      var inside = try nested(element.content.indices)
      while !inside.isAtEnd { _ = try inside.wellFormedElement() }
    } else {
      try element.requireContent()
    }
    return element
  }
}

extension Identifier {
  /// Refuses strings in parts and structures that are none (X.690, 10.2, 8.9.1, 8.11.1).
  ///
  /// EXTERNAL, EMBEDDED PDV and CHARACTER STRING are refused with them: no certificate has use for
  /// them, and other readers take their parts for parts of a string.
  fileprivate func requireForm(at offset: Int) throws(DERError) {
    guard octet & 0xC0 == 0 else { return }
    let isStructure = self == .sequence || self == .set
    let isRow = [0x08, 0x0B, 0x10, 0x11, 0x1D].contains(octet & 0x1F)
    guard isStructure || (!isConstructed && !isRow) else {
      throw DERError(.wrongTag, at: offset, "\(self), which DER or this program does not know")
    }
  }
}

extension Element {
  private static let universalString = Identifier(octet: 0x1C)
  private static let bmpString = Identifier(octet: 0x1E)

  /// Holds the content of a primitive element to its type.
  fileprivate func requireContent() throws(DERError) {
    let start = content.startIndex
    switch identifier {
    case .boolean:
      guard content.elementsEqual([0x00]) || content.elementsEqual([0xFF]) else {
        throw DERError(.badBoolean, at: start, "one octet 00 or FF expected")
      }
    case .integer, .enumerated: _ = try Integer.firstOctet(of: content)
    case .bitString: _ = try BitString(content: content)
    case .null:
      guard content.isEmpty else {
        throw DERError(.badNull, at: start, "\(content.count) octets of content")
      }
    case .objectIdentifier:
      guard ObjectIdentifier.isWellFormed(content, arcOctetsMax: .max) else {
        throw DERError(.badObjectIdentifier, at: start, "no identifier: \(Hex.encode(content))")
      }
    case Self.bmpString: try requireCharacters(of: 2)
    case Self.universalString: try requireCharacters(of: 4)
    default: break
    }
  }

  /// Refuses what is no row of Unicode scalars in so many octets each (X.680, 41.12 and 41.15).
  private func requireCharacters(of width: Int) throws(DERError) {
    var isRow = content.count.isMultiple(of: width)
    for start in stride(from: content.startIndex, to: content.endIndex, by: width) where isRow {
      let value = content[start..<(start + width)].reduce(0) { $0 << 8 | UInt32($1) }
      isRow = Unicode.Scalar(value) != nil
    }
    guard isRow else {
      throw DERError(
        .badString, at: content.startIndex, "Unicode in \(width) octets each expected")
    }
  }
}
