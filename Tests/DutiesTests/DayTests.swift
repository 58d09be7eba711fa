// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Testing

@Suite("Days and Working Days of England and Wales", .clause("A1-working-day"))
struct DayTests {
  private func day(_ text: String) throws -> Day { try #require(Day(text), "\(text)") }

  @Test(
    "a day is read and written, and one that does not exist is not",
    arguments: [
      ("2024-02-29", true), ("2023-02-29", false), ("2100-02-29", false), ("2000-02-29", true),
      ("2026-11-31", false), ("2026-1-1", false), ("", false), ("1969-12-31", true),
    ])
  func text(text: String, exists: Bool) {
    #expect((Day(text)?.description == text) == exists)
  }

  @Test(
    "a moment falls on the day that clocks in the United Kingdom show",
    arguments: [
      ("2026-06-30T22:59:59Z", "2026-06-30"), ("2026-06-30T23:00:00Z", "2026-07-01"),
      ("2026-12-31T23:59:59Z", "2026-12-31"), ("2026-03-29T00:59:59Z", "2026-03-29"),
      ("2026-10-24T23:00:00Z", "2026-10-25"), ("2026-10-25T23:30:00Z", "2026-10-25"),
    ])
  func local(moment: String, expected: String) throws {
    #expect(Day(try #require(Time(rfc3339: moment))).description == expected)
  }

  @Test("a day begins at midnight of the United Kingdom")
  func begins() throws {
    #expect(try day("2026-07-01").begins.rfc3339 == "2026-06-30T23:00:00.000Z")
    #expect(try day("2026-12-01").begins.rfc3339 == "2026-12-01T00:00:00.000Z")
  }

  @Test(
    "months are counted to the same day, or to the last that there is",
    arguments: [
      ("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"),
      ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 48, "2028-02-29"),
      ("2026-03-31", -1, "2026-02-28"), ("2026-12-15", 1, "2027-01-15"),
      ("2026-01-15", -13, "2024-12-15"),
    ])
  func months(from: String, count: Int, expected: String) throws {
    #expect(try day(from).adding(months: count).description == expected)
  }

  @Test(
    "Easter is where the tables have it",
    arguments: [
      "2008-03-23", "2011-04-24", "2013-03-31", "2014-04-20", "2019-04-21", "2024-03-31",
      "2025-04-20", "2026-04-05", "2038-04-25", "2285-03-22",
    ])
  func easter(sunday: String) throws {
    #expect(BankHolidays.easter(try day(sunday).year)?.description == sunday)
  }

  /// As the Government published them, year by year.
  static let published = [
    "2011-01-03 2011-04-22 2011-04-25 2011-04-29 2011-05-02 2011-05-30 2011-08-29 2011-12-26 2011-12-27",
    "2012-01-02 2012-04-06 2012-04-09 2012-05-07 2012-06-04 2012-06-05 2012-08-27 2012-12-25 2012-12-26",
    "2014-01-01 2014-04-18 2014-04-21 2014-05-05 2014-05-26 2014-08-25 2014-12-25 2014-12-26",
    "2016-01-01 2016-03-25 2016-03-28 2016-05-02 2016-05-30 2016-08-29 2016-12-26 2016-12-27",
    "2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28",
    "2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28",
    "2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27",
    "2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26",
    "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28",
  ]

  @Test("the rule and its exceptions give what was published", arguments: published)
  func bankHolidays(year: String) throws {
    let days = try year.split(separator: " ").map { try day(String($0)) }
    #expect(BankHolidays.of(days[0].year) == days)
  }

  @Test(
    "Working Days are counted past week-ends and bank holidays",
    arguments: [
      ("2026-12-24", 1, "2026-12-29"), ("2026-12-24", 2, "2026-12-30"),
      ("2026-04-02", 1, "2026-04-07"), ("2026-04-07", -1, "2026-04-02"),
      ("2026-11-20", 5, "2026-11-27"), ("2026-11-21", 1, "2026-11-23"),
      ("2024-02-28", 1, "2024-02-29"), ("2026-11-23", 0, "2026-11-23"),
    ])
  func workingDays(from: String, count: Int, expected: String) throws {
    #expect(WorkingDays().adding(count, to: try day(from)).description == expected)
  }

  @Test("a day proclaimed since is no Working Day either")
  func proclaimed() throws {
    let monday = try day("2026-11-23")
    #expect(WorkingDays().contains(monday))
    #expect(!WorkingDays(proclaimed: [monday]).contains(monday))
    #expect(WorkingDays().count(after: try day("2026-12-24"), through: try day("2027-01-04")) == 4)
  }

  @Test(
    "a deadline falls on its day",
    arguments: [
      ("1 months", "2026-01-31", 1, "2026-02-28"), ("before", "2026-03-01", 1, "2026-03-01"),
      ("3 months before", "2026-05-31", 1, "2026-02-28"),
      ("10 working days", "2026-12-18", 1, "2027-01-06"),
      ("every 12 months", "2024-02-29", 2, "2026-02-28"),
      ("10 working day of next month", "2026-11-21", 1, "2026-12-14"),
      ("15 working day of next month", "2026-03-31", 1, "2026-04-23"),
      ("promptly", "2026-11-20", 1, "2026-11-27"), ("2 years", "2024-02-29", 1, "2026-02-28"),
    ])
  func deadlines(text: String, event: String, turn: Int, expected: String) throws {
    let deadline = try #require(Deadline(text))
    let due = deadline.due(after: try day(event), turn: turn, in: WorkingDays())
    #expect(due.description == expected)
  }

  @Test("what is no deadline is not read", arguments: ["", "soon", "-1 days", "every 0 days", "1"])
  func noDeadline(text: String) {
    #expect(Deadline(text) == nil)
  }
}
