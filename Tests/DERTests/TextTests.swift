// SPDX-License-Identifier: Apache-2.0

import DER
import Testing

@Suite("Base64, hexadecimal and object identifiers")
struct TextTests {
  @Test(
    "Base64 of RFC 4648, 10",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(plain: String, coded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == coded)
    #expect(Base64.decode(Array(coded.utf8)) == Array(plain.utf8))
    #expect(Base64.decode(coded.utf8) == Array(plain.utf8))
  }

  @Test(
    "loose Base64 is refused",
    arguments: [
      "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=Zg=", "Z===", "Zm 9v", "Zm9v\n", "Zg==Zg==", "Zm-_",
      "====", "Zm9vYg=v",
    ])
  func looseBase64(text: String) {
    #expect(Base64.decode(text.utf8) == nil)
  }

  @Test("hexadecimal is read in either case and written in upper case")
  func hex() {
    #expect(Hex.decode("0aFF") == [0x0A, 0xFF])
    #expect(Hex.encode([0x0A, 0xFF]) == "0AFF")
    #expect(Hex.decode("0a0") == nil)
    #expect(Hex.decode("0g") == nil)
  }

  @Test(
    "identifiers are the same in text and octets",
    arguments: [
      ("2.5.29.15", "551D0F"), ("1.2.840.10045.4.3.2", "2A8648CE3D040302"), ("0.0", "00"),
      ("1.2.826.0.1.8641679.1.2.1.4", "2A863A0001848FB90F01020104"), ("2.999", "8837"),
      ("1.39", "4F"), ("2.0", "50"),
    ])
  func identifiers(text: String, hex: String) throws {
    let identifier = try #require(ObjectIdentifier(text))
    #expect(Hex.encode(identifier.content) == hex)
    let content = try #require(Hex.decode(hex))
    #expect(ObjectIdentifier(content: content[...])?.description == text)
  }

  @Test(
    "what names no identifier is refused",
    arguments: ["", "1", "3.1", "1.40", "1.2.", "1..2", "01.2", "1.2.-3", "1.2.x"])
  func badIdentifiers(text: String) {
    #expect(ObjectIdentifier(text) == nil)
  }

  @Test("an identifier has at most 63 octets", arguments: [(63, true), (64, false)])
  func longIdentifier(octets: Int, isRead: Bool) {
    let content = [UInt8](repeating: 1, count: octets)
    #expect((ObjectIdentifier(content: content[...]) != nil) == isRead)
  }
}
