// SPDX-License-Identifier: Apache-2.0

/// Reads elements of DER one after the other, strictly, without copying.
///
/// Lengths are definite and minimal, nothing may be left over, depth and size are bounded. What it
/// hands out are slices of the array that it was given; errors give offsets into that array.
package struct Reader: Sendable {
  /// The deepest nesting that is entered, in levels.
  ///
  /// A certificate needs 6 and a request 8; the bound stands against structures that only want to
  /// exhaust the stack.
  package static let depthMax = 16
  /// The most octets that are read unless the caller says otherwise: 64 KiB, 150 times the longest
  /// real certificate of this infrastructure.
  package static let octetsMax = 65_536
  /// The most octets of a length, so that no arithmetic on it can overflow.
  package static let lengthOctetsMax = 4

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private let end: Int
  private let depth: Int

  /// A reader at the beginning of the bytes.
  ///
  /// - Throws: `too-long` when there are more than `octetsMax`.
  package init(
    _ bytes: ArraySlice<UInt8>, octetsMax: Int = Reader.octetsMax
  ) throws(DERError) {
    guard bytes.count <= octetsMax else {
      throw DERError(
        .tooLong, at: bytes.startIndex, "\(bytes.count) octets where \(octetsMax) may be")
    }
    self.init(bytes: bytes, from: bytes.startIndex, to: bytes.endIndex, depth: 0)
  }

  private init(bytes: ArraySlice<UInt8>, from position: Int, to end: Int, depth: Int) {
    self.bytes = bytes
    self.position = position
    self.end = end
    self.depth = depth
  }

  /// Reads one whole value: the body must leave nothing unread.
  package static func read<Value>(
    _ bytes: ArraySlice<UInt8>, octetsMax: Int = Reader.octetsMax,
    _ body: (inout Reader) throws(DERError) -> Value
  ) throws(DERError) -> Value {
    var reader = try Reader(bytes, octetsMax: octetsMax)
    let value = try body(&reader)
    try reader.finish()
    return value
  }

  /// Reads one whole value of an array: the body must leave nothing unread.
  package static func read<Value>(
    _ bytes: [UInt8], octetsMax: Int = Reader.octetsMax,
    _ body: (inout Reader) throws(DERError) -> Value
  ) throws(DERError) -> Value {
    try read(bytes[...], octetsMax: octetsMax, body)
  }
}

/// One element: its identifier, its content, and itself whole with its header.
package struct Element: Hashable, Sendable {
  /// What kind of element it says it is.
  package let identifier: Identifier
  /// The content octets.
  package let content: ArraySlice<UInt8>
  /// Header and content.
  package let whole: ArraySlice<UInt8>
}

extension Reader {
  /// Whether nothing is left.
  package var isAtEnd: Bool { position == end }

  /// Where the next element begins, in the array that is read.
  package var offset: Int { position }

  /// The identifier of the next element, or nil at the end.
  package var next: Identifier? {
    position < end ? Identifier(octet: bytes[position]) : nil
  }

  /// What has not been read yet.
  package var rest: ArraySlice<UInt8> { bytes[position..<end] }

  /// Refuses bytes that are left over.
  package func finish() throws(DERError) {
    guard position == end else {
      throw DERError(
        .trailingBytes, at: position,
        "\(end - position == 1 ? "1 octet" : "\(end - position) octets") left over")
    }
  }

  /// The next element, whatever it is; what is inside it is not looked at.
  package mutating func element() throws(DERError) -> Element {
    let start = position
    let (identifier, content) = try header()
    position = content.upperBound
    return Element(
      identifier: identifier, content: bytes[content], whole: bytes[start..<content.upperBound])
  }

  /// The content of the next element, which must have this identifier.
  package mutating func content(of expected: Identifier) throws(DERError) -> ArraySlice<UInt8> {
    bytes[try range(of: expected)]
  }

  /// A reader of what is inside the next element, which must have this identifier.
  ///
  /// The element is passed over here. The caller must end the inner reader with `finish`.
  package mutating func enter(_ expected: Identifier) throws(DERError) -> Reader {
    try nested(try range(of: expected))
  }

  /// Reads what is inside the next element, which must have this identifier; nothing may be left.
  package mutating func constructed<Value>(
    _ expected: Identifier, _ body: (inout Reader) throws(DERError) -> Value
  ) throws(DERError) -> Value {
    var inside = try enter(expected)
    let value = try body(&inside)
    try inside.finish()
    return value
  }

  /// Reads what is inside the next element when it has this identifier, else nothing.
  package mutating func optional<Value>(
    _ expected: Identifier, _ body: (inout Reader) throws(DERError) -> Value
  ) throws(DERError) -> Value? {
    guard next == expected else { return nil }
    return try constructed(expected, body)
  }

  /// Reads what is inside a SEQUENCE; nothing may be left.
  package mutating func sequence<Value>(
    _ body: (inout Reader) throws(DERError) -> Value
  ) throws(DERError) -> Value {
    try constructed(.sequence, body)
  }

  /// Reads a SEQUENCE OF.
  ///
  /// - Throws: `empty` below `countMin` members, `too-many` above `countMax`.
  package mutating func sequence<Value>(
    of count: ClosedRange<Int>, _ member: (inout Reader) throws(DERError) -> Value
  ) throws(DERError) -> [Value] {
    var inside = try enter(.sequence)
    return try inside.members(count, member)
  }

  /// Reads a SET OF, or another element tagged in its place, whose members must ascend
  /// (X.690, 11.6).
  package mutating func set<Value>(
    of count: ClosedRange<Int>, as identifier: Identifier = .set,
    _ member: (inout Reader) throws(DERError) -> Value
  ) throws(DERError) -> [Value] {
    var inside = try enter(identifier)
    var previous: ArraySlice<UInt8>?
    return try inside.members(count) { (reader) throws(DERError) in
      let start = reader.position
      let value = try member(&reader)
      let encoding = reader.bytes[start..<reader.position]
      if let previous, encoding.lexicographicallyPrecedes(previous) {
        throw DERError(.unsortedSet, at: start, "a member that belongs before the one before it")
      }
      previous = encoding
      return value
    }
  }

  private mutating func members<Value>(
    _ count: ClosedRange<Int>, _ member: (inout Reader) throws(DERError) -> Value
  ) throws(DERError) -> [Value] {
    var values: [Value] = []
    while !isAtEnd {
      guard values.count < count.upperBound else {
        throw DERError(.tooMany, at: position, "more than \(count.upperBound) members")
      }
      values.append(try member(&self))
    }
    guard values.count >= count.lowerBound else {
      throw DERError(
        .empty, at: position, "\(values.count) members where \(count.lowerBound) must be")
    }
    return values
  }

  /// A reader of what is inside, one level deeper.
  func nested(_ content: Range<Int>) throws(DERError) -> Reader {
    guard depth < Reader.depthMax else {
      throw DERError(.tooDeep, at: content.lowerBound, "deeper than \(Reader.depthMax) levels")
    }
    return Reader(
      bytes: bytes, from: content.lowerBound, to: content.upperBound, depth: depth + 1)
  }

  private mutating func range(of expected: Identifier) throws(DERError) -> Range<Int> {
    guard position < end else {
      throw DERError(.truncated, at: position, "\(expected) missing")
    }
    guard bytes[position] == expected.octet else {
      let found = Identifier(octet: bytes[position])
      throw DERError(.wrongTag, at: position, "\(expected) expected, \(found) found")
    }
    let content = try header().content
    position = content.upperBound
    return content
  }

  /// Reads identifier and length octets; the reader itself does not move.
  private func header() throws(DERError) -> (identifier: Identifier, content: Range<Int>) {
    guard end - position >= 2 else {
      throw DERError(.truncated, at: position, "no room for identifier and length")
    }
    let octet = bytes[position]
    guard octet & 0x1F != 0x1F else {
      throw DERError(.longTag, at: position, "a tag number above 30")
    }
    guard octet != 0 else {
      throw DERError(.wrongTag, at: position, "an end-of-contents octet")
    }
    let first = Int(bytes[position + 1])
    let start = position + 2
    guard first >= 0x80 else {
      return (Identifier(octet: octet), try range(from: start, length: first))
    }
    guard first > 0x80 else {
      throw DERError(.indefiniteLength, at: position + 1, "a length left open")
    }
    let octets = first & 0x7F
    guard octets <= Reader.lengthOctetsMax else {
      throw DERError(.tooLong, at: position + 1, "a length of \(octets) octets")
    }
    guard end - start >= octets else {
      throw DERError(.truncated, at: position + 1, "a length cut short")
    }
    var length = 0
    for index in start..<(start + octets) { length = length << 8 | Int(bytes[index]) }
    guard bytes[start] != 0, length >= 0x80 else {
      throw DERError(.nonMinimalLength, at: position + 1, "\(length) in \(octets + 1) octets")
    }
    return (Identifier(octet: octet), try range(from: start + octets, length: length))
  }

  private func range(from start: Int, length: Int) throws(DERError) -> Range<Int> {
    guard length <= end - start else {
      throw DERError(
        .truncated, at: position, "\(length) octets announced, \(end - start) there")
    }
    return start..<(start + length)
  }
}
