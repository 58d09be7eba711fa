// SPDX-License-Identifier: Apache-2.0

/// A moment in Coordinated Universal Time, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Certificates know whole seconds only; serial numbers and measurements need the milliseconds.
/// Leap seconds are not counted, as in POSIX.
package struct Time: Hashable, Comparable, Sendable {
  /// Milliseconds since 1970, negative before.
  package let milliseconds: Int64

  /// A moment so many milliseconds after 1970.
  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// A moment so many whole seconds after 1970.
  package init(seconds: Int64) {
    milliseconds = seconds * 1000
  }

  /// The moment with these fields of the Gregorian calendar, or nil when there is no such moment.
  ///
  /// Years 0 to 9999; hour 24 and second 60 are refused.
  package init?(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
  ) {
    guard (0...9999).contains(year), (1...12).contains(month),
      (1...Time.days(inMonth: month, of: year)).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
    else { return nil }
    let days = Time.daysSince1970(year: year, month: month, day: day)
    self.init(seconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second))
  }

  /// RFC 5280, 4.1.2.5: the end of a certificate that has no well-defined expiry,
  /// 9999-12-31T23:59:59Z.
  package static let noWellDefinedExpiry = Time(seconds: 253_402_300_799)

  /// Whole seconds since 1970, rounded down.
  package var seconds: Int64 {
    (milliseconds - (milliseconds % 1000 + 1000) % 1000) / 1000
  }

  /// The same moment without its milliseconds: what a certificate can say.
  package var wholeSecond: Time { Time(seconds: seconds) }

  /// This moment, moved by whole seconds.
  package func adding(seconds: Int64) -> Time {
    Time(milliseconds: milliseconds + seconds * 1000)
  }

  /// This moment, moved by calendar years: 29 February becomes 28 February where it must.
  package func adding(years: Int) -> Time {
    adding(months: years * 12)
  }

  /// This moment, moved by calendar months; where the day is missing, the last of its month.
  package func adding(months: Int) -> Time {
    let fields = self.fields
    let month = fields.month - 1 + months
    let year = fields.year + (month - (month % 12 + 12) % 12) / 12
    let monthOfYear = (month % 12 + 12) % 12 + 1
    let day = min(fields.day, Time.days(inMonth: monthOfYear, of: year))
    let days = Time.daysSince1970(year: year, month: monthOfYear, day: day)
    let secondOfDay = fields.hour * 3600 + fields.minute * 60 + fields.second
    return Time(seconds: Int64(days * 86_400 + secondOfDay))
      .adding(milliseconds: milliseconds - seconds * 1000)
  }

  /// This moment, moved by milliseconds.
  package func adding(milliseconds more: Int64) -> Time {
    Time(milliseconds: milliseconds + more)
  }

  /// Whether the left one is earlier.
  package static func < (left: Time, right: Time) -> Bool { left.milliseconds < right.milliseconds }
}

extension Time {
  /// The fields of the Gregorian calendar in UTC.
  package struct Fields: Equatable, Sendable {
    /// Year 0 to 9999, month and day from 1, the rest from 0.
    package let year, month, day, hour, minute, second: Int
  }

  /// This moment as calendar fields, its milliseconds dropped.
  package var fields: Fields {
    let total = Int(seconds)
    let day = (total - ((total % 86_400) + 86_400) % 86_400) / 86_400
    let secondOfDay = total - day * 86_400
    let (year, month, dayOfMonth) = Time.civil(daysSince1970: day)
    return Fields(
      year: year, month: month, day: dayOfMonth, hour: secondOfDay / 3600,
      minute: secondOfDay / 60 % 60, second: secondOfDay % 60)
  }

  /// RFC 3339 text in UTC with milliseconds, such as `2026-11-21T08:00:00.000Z`.
  package var rfc3339: String {
    let fields = self.fields
    let millisecond = Int(milliseconds - seconds * 1000)
    return "\(Time.digits(fields.year, 4))-\(Time.digits(fields.month, 2))-"
      + "\(Time.digits(fields.day, 2))T\(Time.digits(fields.hour, 2)):"
      + "\(Time.digits(fields.minute, 2)):\(Time.digits(fields.second, 2))."
      + "\(Time.digits(millisecond, 3))Z"
  }

  /// Reads RFC 3339 text in UTC: `YYYY-MM-DDTHH:MM:SS`, optionally `.` and 1 to 3 digits, then `Z`.
  package init?(rfc3339 text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 24, bytes.last == UInt8(ascii: "Z"),
      bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let year = Time.number(bytes[0..<4]), let month = Time.number(bytes[5..<7]),
      let day = Time.number(bytes[8..<10]), let hour = Time.number(bytes[11..<13]),
      let minute = Time.number(bytes[14..<16]), let second = Time.number(bytes[17..<19]),
      let whole = Time(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    let fraction = bytes[19..<(bytes.count - 1)]
    guard let point = fraction.first else {
      self = whole
      return
    }
    guard point == UInt8(ascii: "."), let value = Time.number(fraction.dropFirst()) else {
      return nil
    }
    let scale: Int64 = [1: 100, 2: 10, 3: 1][fraction.count - 1] ?? 0
    guard scale > 0 else { return nil }
    self = whole.adding(milliseconds: Int64(value) * scale)
  }

  /// The number in ASCII digits, or nil when there are none or something else is among them.
  static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }

  /// A number with leading zeros.
  static func digits(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}

/// The civil calendar: eras of 400 years that begin on 1 March, so that the leap day comes last.
extension Time {
  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
