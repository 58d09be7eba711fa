// SPDX-License-Identifier: Apache-2.0

import DER
import Testing

/// Bytes and the one way in which they are wrong; each is read by `body` to the end.
struct BadCase: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let code: DERError.Code
  let offset: Int
  let body: @Sendable (inout Reader) throws(DERError) -> Void

  init(
    _ name: String, _ hex: String, _ code: DERError.Code, at offset: Int,
    _ body: @escaping @Sendable (inout Reader) throws(DERError) -> Void
  ) {
    self.name = name
    bytes = Hex.decode(hex) ?? []
    self.code = code
    self.offset = offset
    self.body = body
  }

  var testDescription: String { name }

  /// What reading throws, or nil.
  var error: DERError? {
    do throws(DERError) {
      try Reader.read(bytes, body)
      return nil
    } catch {
      return error
    }
  }
}

@Suite("Reading DER")
struct ReaderTests {
  static let headers: [BadCase] = [
    BadCase("nothing", "", .truncated, at: 0) { (r) throws(DERError) in _ = try r.element() },
    BadCase("an identifier alone", "04", .truncated, at: 0) { (r) throws(DERError) in
      _ = try r.octetString()
    },
    BadCase("content cut short", "0403AABB", .truncated, at: 0) { (r) throws(DERError) in
      _ = try r.octetString()
    },
    BadCase("a length cut short", "048201", .truncated, at: 1) { (r) throws(DERError) in
      _ = try r.octetString()
    },
    BadCase("an inner element longer than its outer one", "30030402AA00", .truncated, at: 2) {
      (r) throws(DERError) in
      _ = try r.sequence { (inside) throws(DERError) in try inside.octetString() }
    },
    BadCase("bytes after the value", "050000", .trailingBytes, at: 2) { (r) throws(DERError) in
      try r.null()
    },
    BadCase("bytes left inside", "300405000500", .trailingBytes, at: 4) { (r) throws(DERError) in
      try r.sequence { (inside) throws(DERError) in try inside.null() }
    },
    BadCase("length 1 in two octets", "048101AA", .nonMinimalLength, at: 1) {
      (r) throws(DERError) in _ = try r.octetString()
    },
    BadCase("a length that begins with zero", "04820001AA", .nonMinimalLength, at: 1) {
      (r) throws(DERError) in _ = try r.octetString()
    },
    BadCase(
      "length 128 that begins with zero", "04820080" + String(repeating: "AA", count: 128),
      .nonMinimalLength, at: 1
    ) { (r) throws(DERError) in _ = try r.octetString() },
    BadCase("an indefinite length", "308005000000", .indefiniteLength, at: 1) {
      (r) throws(DERError) in _ = try r.element()
    },
    BadCase("a length of five octets", "04850000000001AA", .tooLong, at: 1) {
      (r) throws(DERError) in _ = try r.octetString()
    },
    BadCase("the reserved length FF", "04FFAA", .tooLong, at: 1) { (r) throws(DERError) in
      _ = try r.octetString()
    },
    BadCase("a tag number of 31", "1F1F00", .longTag, at: 0) { (r) throws(DERError) in
      _ = try r.element()
    },
    BadCase("end of contents", "0000", .wrongTag, at: 0) { (r) throws(DERError) in
      _ = try r.element()
    },
    BadCase("another element", "020101", .wrongTag, at: 0) { (r) throws(DERError) in
      _ = try r.octetString()
    },
    BadCase("a constructed OCTET STRING", "24030401AA", .wrongTag, at: 0) {
      (r) throws(DERError) in _ = try r.octetString()
    },
    BadCase("a broken element inside an unknown one", "A103040201", .truncated, at: 2) {
      (r) throws(DERError) in _ = try r.wellFormedElement()
    },
  ]

  static let values: [BadCase] = [
    BadCase("BOOLEAN 01", "010101", .badBoolean, at: 2) { (r) throws(DERError) in
      _ = try r.boolean()
    },
    BadCase("BOOLEAN of two octets", "0102FFFF", .badBoolean, at: 2) { (r) throws(DERError) in
      _ = try r.boolean()
    },
    BadCase("FALSE written out", "010100", .defaultEncoded, at: 0) { (r) throws(DERError) in
      _ = try r.booleanDefaultFalse()
    },
    BadCase("INTEGER without content", "0200", .nonMinimalInteger, at: 2) {
      (r) throws(DERError) in _ = try r.integer()
    },
    BadCase("INTEGER 0001", "02020001", .nonMinimalInteger, at: 2) { (r) throws(DERError) in
      _ = try r.integer()
    },
    BadCase("INTEGER FFFF", "0202FFFF", .nonMinimalInteger, at: 2) { (r) throws(DERError) in
      _ = try r.integer()
    },
    BadCase("INTEGER -1", "0201FF", .negativeInteger, at: 2) { (r) throws(DERError) in
      _ = try r.integer()
    },
    BadCase(
      "INTEGER of 21 octets", "0215" + "01" + String(repeating: "00", count: 20),
      .integerTooLarge, at: 2
    ) { (r) throws(DERError) in _ = try r.integer() },
    BadCase("INTEGER 4 where 3 may be", "020104", .integerTooLarge, at: 0) {
      (r) throws(DERError) in _ = try r.integer(max: 3)
    },
    BadCase("BIT STRING without content", "0300", .badBitString, at: 2) { (r) throws(DERError) in
      _ = try r.bitString()
    },
    BadCase("8 unused bits", "030208FF", .badBitString, at: 2) { (r) throws(DERError) in
      _ = try r.bitString()
    },
    BadCase("unused bits of nothing", "030101", .badBitString, at: 2) { (r) throws(DERError) in
      _ = try r.bitString()
    },
    BadCase("an unused bit that is set", "03020781", .badBitString, at: 2) {
      (r) throws(DERError) in _ = try r.bitString()
    },
    BadCase("a named bit of zero at the end", "03020680", .badBitString, at: 0) {
      (r) throws(DERError) in _ = try r.namedBits()
    },
    BadCase("half an octet where octets must be", "030204F0", .badBitString, at: 0) {
      (r) throws(DERError) in _ = try r.octetsInBitString()
    },
    BadCase("an empty identifier", "0600", .badObjectIdentifier, at: 2) { (r) throws(DERError) in
      _ = try r.objectIdentifier()
    },
    BadCase("an identifier that is open", "06022A86", .badObjectIdentifier, at: 2) {
      (r) throws(DERError) in _ = try r.objectIdentifier()
    },
    BadCase("a padded arc", "06032A8001", .badObjectIdentifier, at: 2) { (r) throws(DERError) in
      _ = try r.objectIdentifier()
    },
    BadCase("NULL with content", "050100", .badNull, at: 2) { (r) throws(DERError) in
      try r.null()
    },
    BadCase("PrintableString with an at sign", "130140", .badString, at: 2) {
      (r) throws(DERError) in _ = try r.characterString()
    },
    BadCase("UTF8String that is not UTF-8", "0C02C080", .badString, at: 2) {
      (r) throws(DERError) in _ = try r.characterString()
    },
    BadCase("UTF8String with NUL", "0C0100", .badString, at: 2) { (r) throws(DERError) in
      _ = try r.characterString()
    },
    BadCase("IA5String above 7F", "160180", .badString, at: 2) { (r) throws(DERError) in
      _ = try r.characterString()
    },
    BadCase("a string of a kind not in use", "140141", .wrongTag, at: 0) { (r) throws(DERError) in
      _ = try r.characterString()
    },
  ]

  static let collections: [BadCase] = [
    BadCase("a set out of order", "3106020102020101", .unsortedSet, at: 5) {
      (r) throws(DERError) in
      _ = try r.set(of: 1...4) { (inside) throws(DERError) in try inside.integer() }
    },
    BadCase("a row without the member it needs", "3000", .empty, at: 2) { (r) throws(DERError) in
      _ = try r.sequence(of: 1...4) { (inside) throws(DERError) in try inside.integer() }
    },
    BadCase("a row with a member too many", "3006020101020102", .tooMany, at: 5) {
      (r) throws(DERError) in
      _ = try r.sequence(of: 0...1) { (inside) throws(DERError) in try inside.integer() }
    },
  ]

  @Test("is refused with code and offset", arguments: headers + values + collections)
  func refused(bad: BadCase) throws {
    let error = try #require(bad.error)
    #expect(error.code == bad.code)
    #expect(error.offset == bad.offset)
  }

  @Test("the offset counts from the beginning of the array, not of the slice")
  func offsetInSlice() throws {
    let bytes: [UInt8] = [0xAA, 0xAA, 0x30, 0x03, 0x01, 0x01, 0x02]
    let error = #expect(throws: DERError.self) {
      try Reader.read(bytes[2...]) { (reader) throws(DERError) in
        try reader.sequence { (inside) throws(DERError) in try inside.boolean() }
      }
    }
    #expect(error?.offset == 6)
  }

  @Test("nesting is entered to the bound and no deeper", arguments: [0, 1])
  func depth(beyond: Int) {
    var bytes: [UInt8] = []
    for _ in 0..<(Reader.depthMax + beyond) {
      bytes = Writer.write { $0.element(.sequence, bytes) }
    }
    let read = { () throws(DERError) in
      try Reader.read(bytes) { (reader) throws(DERError) in try reader.wellFormedElement() }
    }
    if beyond == 0 {
      #expect(throws: Never.self) { try read() }
    } else {
      #expect(#expect(throws: DERError.self) { try read() }?.code == .tooDeep)
    }
  }

  @Test("input is read up to its bound and no longer", arguments: [0, 1])
  func size(beyond: Int) {
    let bytes = Writer.write { $0.octetString([UInt8](repeating: 1, count: 10 + beyond)) }
    let read = { () throws(DERError) in
      try Reader.read(bytes, octetsMax: 12) { (reader) throws(DERError) in
        try reader.octetString()
      }
    }
    if beyond == 0 {
      #expect(throws: Never.self) { try read() }
    } else {
      #expect(#expect(throws: DERError.self) { try read() }?.code == .tooLong)
    }
  }

  @Test("what is optional is read when it is there and passed over when not")
  func optional() throws {
    let bytes: [UInt8] = [0xA0, 0x03, 0x02, 0x01, 0x07]
    let tag = Identifier.context(0, constructed: true)
    let other = Identifier.context(1, constructed: true)
    let (absent, present) = try Reader.read(bytes) { (reader) throws(DERError) in
      let absent = try reader.optional(other) { (inside) throws(DERError) in
        try inside.integer(max: 9)
      }
      let present = try reader.optional(tag) { (inside) throws(DERError) in
        try inside.integer(max: 9)
      }
      return (absent, present)
    }
    #expect(absent == nil)
    #expect(present == 7)
  }

  @Test("no bytes make the reader trap", arguments: 0..<64)
  func random(seed: UInt64) {
    var generator = SplitMix(state: seed)
    for _ in 0..<500 {
      let count = Int.random(in: 0...40, using: &generator)
      let bytes = (0..<count).map { _ in
        // Octets that headers are made of are likelier than chance would have them.
        let likely: [UInt8] = [0x30, 0x31, 0xA0, 0x02, 0x03, 0x80, 0x81, 0x82, 0x84, 0x00, 0x01]
        return Bool.random(using: &generator)
          ? likely[Int.random(in: 0..<likely.count, using: &generator)]
          : UInt8.random(in: 0...255, using: &generator)
      }
      guard var reader = try? Reader(bytes[...]) else { continue }
      if let element = try? reader.wellFormedElement() {
        let again = Writer.write { $0.element(element.identifier, element.content) }
        #expect(again == Array(element.whole))
      }
    }
  }
}

/// A small seeded generator (splitmix64), so that a failure can be had again.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
