// SPDX-License-Identifier: Apache-2.0

/// A1-working-day: any day but a Saturday, a Sunday and a bank holiday of England and Wales.
package struct WorkingDays: Hashable, Sendable {
  /// Bank holidays that neither rule nor list of the program has, such as one just proclaimed.
  package let proclaimed: Set<Day>

  /// The calendar by rule and list, with what was proclaimed since.
  package init(proclaimed: Set<Day> = []) {
    self.proclaimed = proclaimed
  }

  /// Whether a day is a Working Day.
  package func contains(_ day: Day) -> Bool {
    (1...5).contains(day.weekday) && !proclaimed.contains(day)
      && !BankHolidays.of(day.year).contains(day)
  }

  /// The Working Day so many after a day, which is not counted itself; before it when negative.
  package func adding(_ count: Int, to day: Day) -> Day {
    var day = day
    var left = abs(count)
    while left > 0 {
      day = day.adding(days: count < 0 ? -1 : 1)
      if contains(day) { left -= 1 }
    }
    return day
  }

  /// How many Working Days lie after one day up to and with another; 0 when that is not later.
  package func count(after first: Day, through last: Day) -> Int {
    guard first < last else { return 0 }
    return ((first.number + 1)...last.number).count { contains(Day(number: $0)) }
  }

  /// The Working Day with this number, from 1, of the month of a day.
  package func nth(_ number: Int, ofMonthOf day: Day) -> Day {
    adding(number, to: day.adding(days: -day.day))
  }
}
