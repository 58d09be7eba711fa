// SPDX-License-Identifier: Apache-2.0

package import DER

/// N4-3-window: the hours of the day in which batches are processed, by the clock of Great Britain.
package struct BatchWindow: Hashable, Sendable {
  /// Minutes after midnight; the same twice is the whole day.
  package let opens: Int
  package let closes: Int

  /// 20:00 to 08:00.
  package static let overnight = BatchWindow(opens: 20 * 60, closes: 8 * 60)
  /// Always.
  package static let wholeDay = BatchWindow(opens: 0, closes: 0)

  /// A window between two minutes of the day.
  package init(opens: Int, closes: Int) {
    self.opens = opens
    self.closes = closes
  }

  /// Reads two times such as `20:00` and `08:00`; nil when they are none.
  package init?(opens: String, closes: String) {
    guard let opens = Self.minute(opens), let closes = Self.minute(closes) else { return nil }
    self.init(opens: opens, closes: closes)
  }

  private static func minute(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<24).contains(hour),
      (0..<60).contains(minute)
    else { return nil }
    return hour * 60 + minute
  }

  /// Whether batches are processed at a moment.
  package func isOpen(at moment: Time) -> Bool {
    let minute = UKTime.minuteOfDay(at: moment)
    if opens == closes { return true }
    return opens < closes
      ? (opens..<closes).contains(minute) : minute >= opens || minute < closes
  }

  /// When the night that a moment belongs to began; outside the window the one before.
  package func beginning(at moment: Time) -> Time {
    let today = UKTime.moment(minute: opens, daysAfter: 0, dayOf: moment)
    return today <= moment ? today : UKTime.moment(minute: opens, daysAfter: -1, dayOf: moment)
  }

  /// The next moment at which the window opens.
  package func nextOpening(after moment: Time) -> Time {
    let today = UKTime.moment(minute: opens, daysAfter: 0, dayOf: moment)
    return today > moment ? today : UKTime.moment(minute: opens, daysAfter: 1, dayOf: moment)
  }

  /// How many seconds the window is open from a beginning on.
  package var seconds: Int64 {
    opens == closes ? 86_400 : Int64((closes - opens + 1_440) % 1_440) * 60
  }
}
