// SPDX-License-Identifier: Apache-2.0

package import DER

/// A day of the civil calendar of the United Kingdom, without a time of day.
package struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01, negative before.
  package let number: Int

  /// The day so many days after 1970-01-01.
  package init(number: Int) {
    self.number = number
  }

  /// The day of the Gregorian calendar, or nil when there is none, such as 30 February.
  package init?(year: Int, month: Int, day: Int) {
    guard let time = Time(year: year, month: month, day: day) else { return nil }
    self.init(utc: time)
  }

  /// The day on which a moment falls in the United Kingdom: an hour ahead of UTC in summer.
  package init(_ moment: Time) {
    self.init(utc: Self.isSummer(moment) ? moment.adding(seconds: 3600) : moment)
  }

  /// Reads `YYYY-MM-DD`.
  package init?(_ text: String) {
    guard let time = Time(rfc3339: text + "T00:00:00Z") else { return nil }
    self.init(utc: time)
  }

  private init(utc time: Time) {
    number = Int((time.seconds - (time.seconds % 86_400 + 86_400) % 86_400) / 86_400)
  }

  /// Whether one day is before another.
  package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  /// Midnight in UTC at the beginning of the day.
  private var utc: Time { Time(seconds: Int64(number) * 86_400) }

  /// The first moment of the day in the United Kingdom.
  package var begins: Time {
    let summer = utc.adding(seconds: -3600)
    return Self.isSummer(summer) ? summer : utc
  }

  /// Year, month and day.
  package var year: Int { utc.fields.year }
  package var month: Int { utc.fields.month }
  package var day: Int { utc.fields.day }

  /// 0 is Sunday, 6 is Saturday.
  package var weekday: Int { ((number + 4) % 7 + 7) % 7 }

  /// The day so many days later, or earlier.
  package func adding(days: Int) -> Day { Day(number: number + days) }

  /// The same day of another month; where that month is too short, its last day.
  package func adding(months: Int) -> Day {
    let fields = utc.fields
    let count = fields.year * 12 + fields.month - 1 + months
    var day = fields.day
    while day > 28 {
      if let found = Day(year: count / 12, month: count % 12 + 1, day: day) { return found }
      day -= 1
    }
    return Day(year: count / 12, month: count % 12 + 1, day: day) ?? self
  }

  /// From 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October.
  private static func isSummer(_ moment: Time) -> Bool {
    let year = moment.fields.year
    guard let march = Day(year: year, month: 3, day: 31),
      let october = Day(year: year, month: 10, day: 31)
    else { return false }
    let begins = march.adding(days: -march.weekday).utc.adding(seconds: 3600)
    let ends = october.adding(days: -october.weekday).utc.adding(seconds: 3600)
    return begins <= moment && moment < ends
  }
}

extension Day: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  package var description: String { String(utc.rfc3339.prefix(10)) }
}
