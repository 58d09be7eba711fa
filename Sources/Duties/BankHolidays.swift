// SPDX-License-Identifier: Apache-2.0

/// The bank holidays of England and Wales: by the rules of the Act and of the yearly proclamation.
///
/// A1-working-day: what was proclaimed for one year only is a list, which `estate.json` continues.
package enum BankHolidays {
  /// Days that were moved for one year: from where the rule has them, to where they were.
  static let moved: [Day?: Day?] = [
    Day("2012-05-28"): Day("2012-06-04"),  // Diamond Jubilee
    Day("2020-05-04"): Day("2020-05-08"),  // 75 years of peace in Europe
    Day("2022-05-30"): Day("2022-06-02"),  // Platinum Jubilee
  ]
  /// Days that were added for one year.
  static let added: [Day?] = [
    Day("2011-04-29"),  // a royal wedding
    Day("2012-06-05"), Day("2022-06-03"),  // jubilees
    Day("2022-09-19"),  // the state funeral of Queen Elizabeth II
    Day("2023-05-08"),  // the coronation of King Charles III
  ]

  /// Easter Sunday of a year, by the anonymous Gregorian rule.
  package static func easter(_ year: Int) -> Day? {
    let golden = year % 19
    let (century, rest) = year.quotientAndRemainder(dividingBy: 100)
    let (leapCenturies, overCentury) = century.quotientAndRemainder(dividingBy: 4)
    let (leaps, overLeap) = rest.quotientAndRemainder(dividingBy: 4)
    let moonShift = (century - (century + 8) / 25 + 1) / 3
    let epact = (19 * golden + century - leapCenturies - moonShift + 15) % 30
    let toSunday = (32 + 2 * overCentury + 2 * leaps - epact - overLeap) % 7
    let late = (golden + 11 * epact + 22 * toSunday) / 451
    let count = epact + toSunday - 7 * late + 114
    return Day(year: year, month: count / 31, day: count % 31 + 1)
  }

  /// Every bank holiday of a year, in order.
  package static func of(_ year: Int) -> [Day] {
    var days: Set<Day> = []
    // New Year's Day; on a Saturday or Sunday the next Monday.
    if let first = Day(year: year, month: 1, day: 1) { days.insert(nextWeekday(first, not: [])) }
    if let easter = easter(year) {
      days.insert(easter.adding(days: -2))
      days.insert(easter.adding(days: 1))
    }
    for (month, isLast) in [(5, false), (5, true), (8, true)] {
      if let monday = monday(of: month, year, isLast: isLast) { days.insert(monday) }
    }
    if let christmas = Day(year: year, month: 12, day: 25) {
      // Boxing Day keeps its place before a Christmas Day that moves.
      let boxing = christmas.adding(days: 1)
      let isBoxingWorkday = (1...5).contains(boxing.weekday)
      let first = nextWeekday(christmas, not: isBoxingWorkday ? [boxing] : [])
      days.insert(first)
      days.insert(nextWeekday(boxing, not: [first]))
    }
    for (from, to) in moved {
      guard let from, let to, days.remove(from) != nil else { continue }
      days.insert(to)
    }
    for day in added { if let day, day.year == year { days.insert(day) } }
    return days.sorted()
  }

  private static func nextWeekday(_ day: Day, not taken: Set<Day>) -> Day {
    var day = day
    while day.weekday == 0 || day.weekday == 6 || taken.contains(day) { day = day.adding(days: 1) }
    return day
  }

  private static func monday(of month: Int, _ year: Int, isLast: Bool) -> Day? {
    guard let edge = Day(year: year, month: month, day: isLast ? 31 : 1) else { return nil }
    return isLast
      ? edge.adding(days: -((edge.weekday + 6) % 7)) : edge.adding(days: (8 - edge.weekday) % 7)
  }
}
