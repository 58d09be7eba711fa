// SPDX-License-Identifier: Apache-2.0

import DER
import Testing

@Suite("Writing DER")
struct WriterTests {
  @Test(
    "a length has as few octets as it needs",
    arguments: [
      (0, "0400"), (1, "0401"), (127, "047F"), (128, "048180"), (255, "0481FF"),
      (256, "04820100"), (65_535, "0482FFFF"), (65_536, "0483010000"),
    ])
  func lengths(count: Int, header: String) {
    let content = [UInt8](repeating: 0x5A, count: count)
    let flat = Writer.write { $0.octetString(content) }
    #expect(flat == (Hex.decode(header) ?? []) + content)
    #expect(Writer.write { writer in writer.element(.octetString) { $0.raw(content) } } == flat)
  }

  @Test("structures around long content get their lengths right")
  func nested() {
    let content = [UInt8](repeating: 1, count: 200)
    let bytes = Writer.write { writer in
      writer.sequence {
        $0.boolean(true)
        $0.element(.context(3, constructed: true)) { $0.octetString(content) }
      }
    }
    #expect(bytes == (Hex.decode("3081D10101FFA381CB0481C8") ?? []) + content)
  }

  @Test("a set is put in order")
  func set() {
    let members: [[UInt8]] = [[0x02, 0x01, 0x02], [0x02, 0x01, 0x01]]
    #expect(Hex.encode(Writer.write { $0.set(of: members) }) == "3106020101020102")
  }

  @Test(
    "a number is minimal and positive",
    arguments: [
      (0, "020100"), (1, "020101"), (127, "02017F"), (128, "02020080"), (255, "020200FF"),
      (256, "02020100"), (65_537, "0203010001"), (Int.max, "02087FFFFFFFFFFFFFFF"),
    ])
  func integers(value: Int, hex: String) throws {
    let bytes = Writer.write { $0.integer(value) }
    #expect(Hex.encode(bytes) == hex)
    let read = try Reader.read(bytes) { (reader) throws(DERError) in try reader.integer() }
    #expect(read.value == value)
    #expect(read == Integer(value))
  }

  @Test("leading zeros of a magnitude do not matter, and its top bit is not a sign")
  func magnitude() {
    #expect(Integer(magnitude: [0, 0, 0x80]).content == [0, 0x80])
    #expect(Integer(magnitude: [0x80]).magnitude == [0x80])
    #expect(Integer(magnitude: []).isZero)
    #expect(Integer(magnitude: [0, 0]).content == [0])
    #expect(Integer(magnitude: [UInt8](repeating: 0xFF, count: 9)).value == nil)
    #expect(Integer(magnitude: [0x0A, 0xBC]).description == "0ABC")
    #expect(Integer(0).description == "00")
  }

  @Test(
    "named bits are written without trailing zeros",
    arguments: [
      ([0], "03020780"), ([4], "03020308"), ([5, 6], "03020106"), ([5], "03020204"),
      ([8], "0303070080"), ([], "030100"), ([7], "03020001"),
    ])
  func namedBits(bits: [Int], hex: String) throws {
    let bytes = Writer.write { $0.bitString(BitString(bits: Set(bits))) }
    #expect(Hex.encode(bytes) == hex)
    let read = try Reader.read(bytes) { (reader) throws(DERError) in try reader.namedBits() }
    #expect((0..<16).filter { read.hasBit($0) } == bits)
    #expect(read.bitCount == (bits.max() ?? -1) + 1)
  }

  @Test("simple values are written in their one form")
  func simple() {
    #expect(Hex.encode(Writer.write { $0.boolean(false) }) == "010100")
    #expect(Hex.encode(Writer.write { $0.boolean(true) }) == "0101FF")
    #expect(Hex.encode(Writer.write { $0.null() }) == "0500")
    #expect(Hex.encode(Writer.write { $0.objectIdentifier("2.5.29.15") }) == "0603551D0F")
    #expect(Hex.encode(Writer.write { $0.octetString([1, 2]) }) == "04020102")
  }

  @Test(
    "a string keeps its kind",
    arguments: [
      ("Z1", CharacterString.Kind.printable, "13025A31"), ("Z1", .utf8, "0C025A31"),
      ("é", .utf8, "0C02C3A9"), ("a@b", .ia5, "1603614062"),
    ])
  func strings(text: String, kind: CharacterString.Kind, hex: String) throws {
    let string = try #require(CharacterString(text, kind))
    let bytes = Writer.write { $0.characterString(string) }
    #expect(Hex.encode(bytes) == hex)
    let read = try Reader.read(bytes) { (reader) throws(DERError) in try reader.characterString() }
    #expect(read == string)
    #expect(read.text == text)
  }

  @Test("a kind refuses the text that it cannot hold")
  func unholdable() {
    #expect(CharacterString("a@b", .printable) == nil)
    #expect(CharacterString("é", .ia5) == nil)
    #expect(CharacterString("a\u{0}b", .utf8) == nil)
  }

  @Test("strings that look alike are equal only when their octets and kinds are")
  func canonicalEquivalence() throws {
    let composed = try #require(CharacterString("\u{E9}", .utf8))
    let decomposed = try #require(CharacterString("e\u{301}", .utf8))
    #expect(composed.text == decomposed.text)
    #expect(composed != decomposed)
    #expect(CharacterString("Z1", .utf8) != CharacterString("Z1", .printable))
  }
}
