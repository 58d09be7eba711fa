// SPDX-License-Identifier: Apache-2.0

/// An INTEGER that is not negative, of any size up to the limit of whoever reads it.
///
/// Kept as its content octets, so that reading and writing are copies and equality is exact.
package struct Integer: Hashable, Sendable {
  /// RFC 5280, 4.1.2.2: the most content octets of a serial number.
  package static let serialOctetsMax = 20

  /// The content octets: big-endian, minimal, with a leading zero octet where the top bit is set.
  package let content: [UInt8]

  /// A small number, zero or above.
  package init(_ value: Int) {
    precondition(value >= 0, "an INTEGER here is not negative")
    self.init(magnitude: (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) })
  }

  /// The number in big-endian octets; leading zeros do not matter, no octets mean zero.
  package init(magnitude: [UInt8]) {
    let digits = magnitude.drop { $0 == 0 }
    guard let first = digits.first else {
      content = [0]
      return
    }
    content = (first >= 0x80 ? [0] : []) + digits
  }

  init(checked content: ArraySlice<UInt8>) {
    self.content = Array(content)
  }

  /// The first content octet of a minimal INTEGER or ENUMERATED (X.690, 8.3.2).
  ///
  /// - Throws: `non-minimal-integer`.
  static func firstOctet(of content: ArraySlice<UInt8>) throws(DERError) -> UInt8 {
    guard let first = content.first else {
      throw DERError(.nonMinimalInteger, at: content.startIndex, "no content")
    }
    if content.count > 1 {
      let second = content[content.startIndex + 1]
      guard !(first == 0x00 && second < 0x80), !(first == 0xFF && second >= 0x80) else {
        throw DERError(.nonMinimalInteger, at: content.startIndex, "a leading octet too many")
      }
    }
    return first
  }

  /// The number in big-endian octets without leading zeros; zero has none.
  package var magnitude: ArraySlice<UInt8> { content.drop { $0 == 0 } }

  /// The number itself, or nil when it needs more than 63 bits.
  package var value: Int? {
    guard content.count <= 8 else { return nil }
    return content.reduce(0) { $0 << 8 | Int($1) }
  }

  /// Whether it is zero.
  package var isZero: Bool { content == [0] }
}

extension Integer: CustomStringConvertible {
  /// Upper-case hexadecimal digits, two an octet, without a sign octet.
  package var description: String { isZero ? "00" : Hex.encode(magnitude) }
}

extension Reader {
  /// INTEGER, minimal and not negative.
  ///
  /// - Throws: `integer-too-large` above `octetsMax` content octets.
  package mutating func integer(
    octetsMax: Int = Integer.serialOctetsMax
  ) throws(DERError) -> Integer {
    let content = try content(of: .integer)
    let first = try Integer.firstOctet(of: content)
    guard first < 0x80 else {
      throw DERError(.negativeInteger, at: content.startIndex, "below zero")
    }
    guard content.count <= octetsMax else {
      throw DERError(
        .integerTooLarge, at: content.startIndex, "\(content.count) octets, at most \(octetsMax)")
    }
    return Integer(checked: content)
  }

  /// INTEGER as a small number.
  ///
  /// - Throws: `integer-too-large` above `max`.
  package mutating func integer(max: Int) throws(DERError) -> Int {
    let start = offset
    let integer = try integer(octetsMax: 8)
    guard let value = integer.value, value <= max else {
      throw DERError(.integerTooLarge, at: start, "\(integer) is above \(max)")
    }
    return value
  }
}

extension Writer {
  /// INTEGER.
  package mutating func integer(_ value: Integer) {
    element(.integer, value.content)
  }

  /// INTEGER of a small number, zero or above.
  package mutating func integer(_ value: Int) {
    integer(Integer(value))
  }
}
