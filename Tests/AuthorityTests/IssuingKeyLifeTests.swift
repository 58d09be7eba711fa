// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Testing

@Suite("An issuing key has a life of three months and 100,000 certificates", .clause("C3-118-4"))
struct IssuingKeyLifeTests {
  @Test(
    "three calendar months end on the same day, or on the last one of a shorter month",
    .clause("C3-118-4a"),
    arguments: [
      ("2026-11-21T10:00:00Z", "2027-02-21T10:00:00Z"),
      ("2026-11-30T23:59:59Z", "2027-02-28T23:59:59Z"),
      ("2027-11-29T00:00:00Z", "2028-02-29T00:00:00Z"),
      ("2027-11-30T00:00:00Z", "2028-02-29T00:00:00Z"),
      ("2026-12-31T12:00:00Z", "2027-03-31T12:00:00Z"),
      ("2026-01-31T12:00:00Z", "2026-04-30T12:00:00Z"),
      ("2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    ])
  func end(start: String, end: String) throws {
    let start = try #require(Time(rfc3339: start))
    #expect(IssuingKeyLife.issuingDCA.ends(onLineSince: start) == Time(rfc3339: end))
  }

  @Test(
    "the volume left is what was not reserved, and nothing from the last moment on",
    arguments: [
      (Int64(0), Int64(-1), Int64(100_000)), (99_999, -1, 1), (100_000, -1, 0), (100_001, -1, 0),
      (0, 0, 0), (0, 1, 0), (99_999, 0, 0),
    ])
  func volume(reserved: Int64, milliseconds: Int64, left: Int64) throws {
    let start = try #require(Time(rfc3339: "2026-11-21T10:00:00Z"))
    let life = IssuingKeyLife.issuingDCA
    let end = try #require(life.ends(onLineSince: start))
    #expect(
      life.volumeLeft(
        reserved: reserved, onLineSince: start, at: end.adding(milliseconds: milliseconds)) == left)
  }

  @Test("an authority without these limits has none")
  func unlimited() throws {
    let life = IssuingKeyLife.asCertificate
    let start = Time(seconds: 0)
    #expect(life.ends(onLineSince: start) == nil)
    #expect(
      life.volumeLeft(reserved: .max, onLineSince: start, at: .noWellDefinedExpiry) == nil)
  }
}
