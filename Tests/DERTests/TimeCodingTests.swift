// SPDX-License-Identifier: Apache-2.0

import DER
import Testing

@Suite("Times in certificates")
struct TimeCodingTests {
  @Test(
    "a time is UTCTime to 2049 and GeneralizedTime from 2050",
    arguments: [
      ("1950-01-01T00:00:00Z", "500101000000Z"), ("1999-12-31T23:59:59Z", "991231235959Z"),
      ("2000-01-01T00:00:00Z", "000101000000Z"), ("2015-10-29T00:00:00Z", "151029000000Z"),
      ("2024-02-29T12:30:45Z", "240229123045Z"), ("2049-12-31T23:59:59Z", "491231235959Z"),
      ("2050-01-01T00:00:00Z", "20500101000000Z"), ("9999-12-31T23:59:59Z", "99991231235959Z"),
    ])
  func roundTrip(moment: String, coded: String) throws {
    let time = try #require(Time(rfc3339: moment))
    let tag: [UInt8] = coded.utf8.count == 13 ? [0x17, 13] : [0x18, 15]
    let bytes = Writer.write { $0.time(time) }
    #expect(bytes == tag + Array(coded.utf8))
    #expect(try Reader.read(bytes) { (reader) throws(DERError) in try reader.time() } == time)
  }

  @Test(
    "other forms are refused (RFC 5280, 4.1.2.5)",
    arguments: [
      (0x17, "1510290000Z"), (0x17, "151029000000+0000"), (0x17, "151029000000"),
      (0x17, "151029000060Z"), (0x17, "151029240000Z"), (0x17, "151329000000Z"),
      (0x17, "150229000000Z"), (0x17, "15102900000aZ"), (0x17, "151029000000z"),
      (0x17, "1510290000000"), (0x17, ""), (0x18, "20151029000000Z"), (0x18, "20491231235959Z"),
      (0x18, "20500101000000.5Z"), (0x18, "20500101000000"), (0x18, "205001010000Z"),
      (0x18, "20501301000000Z"), (0x18, "-0500101000000Z"),
    ])
  func refused(tag: UInt8, text: String) {
    let bytes = [tag, UInt8(text.utf8.count)] + Array(text.utf8)
    let error = #expect(throws: DERError.self) {
      try Reader.read(bytes) { (reader) throws(DERError) in try reader.time() }
    }
    #expect(error?.code == .badTime)
  }

  @Test("another element is not a time")
  func otherElement() {
    let error = #expect(throws: DERError.self) {
      try Reader.read([0x05, 0x00]) { (reader) throws(DERError) in try reader.time() }
    }
    #expect(error?.code == .wrongTag)
  }
}
