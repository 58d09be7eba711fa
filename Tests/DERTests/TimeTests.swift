// SPDX-License-Identifier: Apache-2.0

import DER
import Testing

@Suite("Moments")
struct TimeTests {
  @Test(
    "RFC 3339 text and seconds since 1970 agree",
    arguments: [
      ("1970-01-01T00:00:00.000Z", 0), ("1969-12-31T23:59:59.000Z", -1),
      ("2000-02-29T00:00:00.000Z", 951_782_400), ("2015-10-29T00:00:00.000Z", 1_446_076_800),
      ("9999-12-31T23:59:59.000Z", 253_402_300_799),
    ])
  func seconds(text: String, seconds: Int64) {
    #expect(Time(seconds: seconds).rfc3339 == text)
    #expect(Time(rfc3339: text) == Time(seconds: seconds))
  }

  @Test("milliseconds are kept, and dropped downwards for certificates")
  func milliseconds() {
    #expect(Time(rfc3339: "1970-01-01T00:00:01.5Z")?.milliseconds == 1500)
    #expect(Time(milliseconds: -1).wholeSecond == Time(seconds: -1))
    #expect(Time(milliseconds: 1999).wholeSecond == Time(seconds: 1))
  }

  @Test(
    "moments that do not exist are refused",
    arguments: [
      "2015-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2015-04-31T00:00:00Z",
      "2015-10-29T24:00:00Z", "2015-10-29T00:00:60Z", "2015-13-01T00:00:00Z",
      "2015-10-29 00:00:00Z", "2015-10-29T00:00:00", "2015-10-29T00:00:00.1234Z",
    ])
  func refused(text: String) {
    #expect(Time(rfc3339: text) == nil)
  }

  @Test("years are added by the calendar")
  func years() throws {
    let leap = try #require(Time(rfc3339: "2024-02-29T10:00:00.250Z"))
    #expect(leap.adding(years: 1).rfc3339 == "2025-02-28T10:00:00.250Z")
    #expect(leap.adding(years: 4).rfc3339 == "2028-02-29T10:00:00.250Z")
  }

  @Test(
    "months are added by the calendar",
    arguments: [
      ("2026-01-31T23:00:00Z", 1, "2026-02-28"), ("2026-11-30T23:00:00Z", 3, "2027-02-28"),
      ("2026-12-15T23:00:00Z", 12, "2027-12-15"), ("2026-12-31T23:00:00Z", 2, "2027-02-28"),
      ("2026-01-15T23:00:00Z", -1, "2025-12-15"), ("2026-03-31T23:00:00Z", -13, "2025-02-28"),
      ("2026-06-15T23:00:00Z", 0, "2026-06-15"),
    ])
  func months(start: String, count: Int, expected: String) throws {
    let start = try #require(Time(rfc3339: start))
    #expect(start.adding(months: count).rfc3339 == "\(expected)T23:00:00.000Z")
  }
}
