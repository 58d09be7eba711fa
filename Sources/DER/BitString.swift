// SPDX-License-Identifier: Apache-2.0

/// A BIT STRING: whole octets and how many bits of the last one are not meant (X.690, 8.6).
package struct BitString: Hashable, Sendable {
  /// 0 to 7; 0 when there are no octets.
  package let unusedBits: UInt8
  /// The octets; the unused bits at the end are zero (X.690, 11.2).
  package let octets: ArraySlice<UInt8>

  /// Whole octets, no bit unused.
  package init(_ octets: [UInt8]) {
    self.init(wholeOctets: octets[...])
  }

  /// Whole octets, no bit unused, not copied.
  package init(wholeOctets octets: ArraySlice<UInt8>) {
    unusedBits = 0
    self.octets = octets
  }

  /// Named bits, bit 0 first, without trailing zeros (X.690, 11.2.2), such as a key usage.
  package init(bits: Set<Int>) {
    let last = bits.max() ?? -1
    var octets = [UInt8](repeating: 0, count: (last + 8) / 8)
    for bit in bits { octets[bit / 8] |= 0x80 >> UInt8(bit % 8) }
    unusedBits = last < 0 ? 0 : UInt8(7 - last % 8)
    self.octets = octets[...]
  }

  /// Reads the content octets of an element.
  init(content: ArraySlice<UInt8>) throws(DERError) {
    guard let unused = content.first else {
      throw DERError(.badBitString, at: content.startIndex, "no content")
    }
    let octets = content.dropFirst()
    guard unused <= 7, unused == 0 || !octets.isEmpty else {
      throw DERError(.badBitString, at: content.startIndex, "\(unused) bits unused")
    }
    if let last = octets.last, last & (1 << unused - 1) != 0 {
      throw DERError(.badBitString, at: content.startIndex, "an unused bit is set")
    }
    unusedBits = unused
    self.octets = octets
  }

  /// Whether the named bit is there and set; bit 0 is the first.
  package func hasBit(_ bit: Int) -> Bool {
    let index = octets.startIndex + bit / 8
    return index < octets.endIndex && octets[index] & (0x80 >> UInt8(bit % 8)) != 0
  }

  /// How many bits are meant.
  package var bitCount: Int { octets.count * 8 - Int(unusedBits) }
}

extension Reader {
  /// BIT STRING, or another element tagged in its place.
  package mutating func bitString(
    as identifier: Identifier = .bitString
  ) throws(DERError) -> BitString {
    try BitString(content: try content(of: identifier))
  }

  /// BIT STRING of whole octets, such as a public key or a signature.
  package mutating func octetsInBitString() throws(DERError) -> ArraySlice<UInt8> {
    let start = offset
    let bits = try bitString()
    guard bits.unusedBits == 0 else {
      throw DERError(.badBitString, at: start, "whole octets expected")
    }
    return bits.octets
  }

  /// BIT STRING of named bits, whose trailing zeros are left out (X.690, 11.2.2).
  package mutating func namedBits(
    as identifier: Identifier = .bitString
  ) throws(DERError) -> BitString {
    let start = offset
    let bits = try bitString(as: identifier)
    if let last = bits.octets.last, last >> bits.unusedBits & 1 == 0 {
      throw DERError(.badBitString, at: start, "trailing zero bits of a list of named bits")
    }
    return bits
  }
}

extension Writer {
  /// BIT STRING, or another element tagged in its place.
  package mutating func bitString(_ bits: BitString, as identifier: Identifier = .bitString) {
    header(identifier, length: bits.octets.count + 1)
    raw([bits.unusedBits])
    raw(bits.octets)
  }

  /// BIT STRING of whole octets.
  package mutating func bitString(_ octets: ArraySlice<UInt8>) {
    header(.bitString, length: octets.count + 1)
    raw([0])
    raw(octets)
  }
}
