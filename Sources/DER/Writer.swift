// SPDX-License-Identifier: Apache-2.0

/// Writes elements of DER into one buffer, in reading order.
///
/// A length is put in when its content is there: one octet is kept free, and a longer length moves
/// the content up by an octet or two, which for a certificate costs less than measuring first.
package struct Writer: Sendable {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// An empty writer with room for so many octets.
  package init(capacity: Int = 512) {
    bytes.reserveCapacity(capacity)
  }

  /// The bytes that the body writes.
  package static func write(_ body: (inout Writer) -> Void) -> [UInt8] {
    var writer = Writer()
    body(&writer)
    return writer.bytes
  }

  /// Bytes that already are DER, as they are.
  package mutating func raw(_ encoding: [UInt8]) {
    bytes.append(contentsOf: encoding)
  }

  /// Bytes that already are DER, as they are.
  package mutating func raw(_ encoding: ArraySlice<UInt8>) {
    bytes.append(contentsOf: encoding)
  }

  /// An element with this content.
  package mutating func element(_ identifier: Identifier, _ content: [UInt8]) {
    header(identifier, length: content.count)
    bytes.append(contentsOf: content)
  }

  /// An element with this content.
  package mutating func element(_ identifier: Identifier, _ content: ArraySlice<UInt8>) {
    header(identifier, length: content.count)
    bytes.append(contentsOf: content)
  }

  /// An element whose content the body writes: a structure, or a string that holds an encoding.
  package mutating func element(_ identifier: Identifier, _ body: (inout Writer) -> Void) {
    bytes.append(identifier.octet)
    bytes.append(0)
    let start = bytes.count
    body(&self)
    let length = bytes.count - start
    guard length >= 0x80 else {
      bytes[start - 1] = UInt8(length)
      return
    }
    let octets = Writer.lengthOctets(length)
    bytes[start - 1] = 0x80 | UInt8(octets)
    for index in 0..<octets {
      let shift = (octets - 1 - index) * 8
      bytes.insert(UInt8(truncatingIfNeeded: length >> shift), at: start + index)
    }
  }

  /// SEQUENCE or SEQUENCE OF.
  package mutating func sequence(_ body: (inout Writer) -> Void) {
    element(.sequence, body)
  }

  /// SET OF, or another element tagged in its place, its members put in order (X.690, 11.6).
  package mutating func set(of members: [[UInt8]], as identifier: Identifier = .set) {
    let sorted = members.count > 1 ? members.sorted { $0.lexicographicallyPrecedes($1) } : members
    header(identifier, length: sorted.reduce(0) { $0 + $1.count })
    for member in sorted { bytes.append(contentsOf: member) }
  }

  /// Identifier and length octets of a content that the caller writes next with `raw`.
  package mutating func header(_ identifier: Identifier, length: Int) {
    bytes.append(identifier.octet)
    guard length >= 0x80 else {
      bytes.append(UInt8(length))
      return
    }
    let octets = Writer.lengthOctets(length)
    bytes.append(0x80 | UInt8(octets))
    for index in (0..<octets).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: length >> (index * 8)))
    }
  }

  private static func lengthOctets(_ length: Int) -> Int {
    (Int.bitWidth - length.leadingZeroBitCount + 7) / 8
  }
}
