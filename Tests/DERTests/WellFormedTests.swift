// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Testing

@Suite("Elements of which nobody knows the meaning", .clause("ENG-der"))
struct WellFormedTests {
  static let malformed: [(hex: String, code: DERError.Code, offset: Int)] = [
    ("A103010142", .badBoolean, 4), ("A1020100", .badBoolean, 4),
    ("A1020200", .nonMinimalInteger, 4), ("A10402020001", .nonMinimalInteger, 4),
    ("A1040A02FFFF", .nonMinimalInteger, 4), ("A1020300", .badBitString, 4),
    ("A10403020701", .badBitString, 4), ("A103050100", .badNull, 4),
    ("A1020600", .badObjectIdentifier, 4), ("A10406022A80", .badObjectIdentifier, 4),
    ("A10506032A8001", .badObjectIdentifier, 4), ("A1031E0141", .badString, 4),
    ("A1041E02D800", .badString, 4), ("A1051C03000041", .badString, 4),
    ("A1061C0400110000", .badString, 4), ("A1042402" + "0400", .wrongTag, 2),
    ("A1042202" + "0500", .wrongTag, 2), ("A1021000", .wrongTag, 2), ("A1021100", .wrongTag, 2),
    ("A1042802" + "0500", .wrongTag, 2), ("A1020B00", .wrongTag, 2),
    ("A1043D02" + "0500", .wrongTag, 2),
  ]

  private static func read(_ hex: String) throws -> [UInt8] {
    let octets = try #require(Hex.decode(hex))
    return try Array(
      Reader.read(octets) { (reader) throws(DERError) in
        try reader.wellFormedElement().whole
      })
  }

  @Test("what has not the one form of its type is refused", arguments: malformed)
  func refused(hex: String, code: DERError.Code, offset: Int) {
    let error = #expect(throws: DERError.self) { try Self.read(hex) }
    #expect(error?.code == code)
    #expect(error?.offset == offset)
  }

  @Test(
    "what has is kept as it is",
    arguments: [
      "A1030101FF", "A103010100", "A1030201FF", "A1030A0103", "A10403020780", "A1020500",
      "A10406022A03", "A10E060C2B" + String(repeating: "FF", count: 10) + "7F", "A1041E020041",
      "A1061C040001F600", "A1021E00", "A1040C02C080", "A1023000", "A1023100", "A1046102" + "0500",
    ])
  func kept(hex: String) throws {
    #expect(Hex.encode(try Self.read(hex)) == hex)
  }
}
