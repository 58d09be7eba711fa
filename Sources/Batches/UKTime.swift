// SPDX-License-Identifier: Apache-2.0

package import DER

/// The civil time of Great Britain, in which the Code says its hours.
///
/// GMT, and an hour more from the last Sunday of March to the last one of October, changed at
/// 01:00 UTC (Summer Time Act 1972, as amended).
package enum UKTime {
  private static let day: Int64 = 86_400

  /// Seconds that the civil time is ahead of UTC at a moment.
  package static func offset(at moment: Time) -> Int64 {
    let year = moment.fields.year
    return change(3, of: year) <= moment && moment < change(10, of: year) ? 3_600 : 0
  }

  /// 01:00 UTC on the last Sunday of a month of 31 days.
  private static func change(_ month: Int, of year: Int) -> Time {
    guard let last = Time(year: year, month: month, day: 31, hour: 1) else { return moment0 }
    // 1970-01-01 was a Thursday: day 3 was the first Sunday.
    let daysSinceSunday = (last.seconds / day + 4) % 7
    return last.adding(seconds: -daysSinceSunday * day)
  }

  private static let moment0 = Time(seconds: 0)

  /// Minutes since local midnight.
  package static func minuteOfDay(at moment: Time) -> Int {
    let local = moment.seconds + offset(at: moment)
    return Int((local % day + day) % day / 60)
  }

  /// The moment at which the local clock shows a minute on the day of `moment`, so many days on.
  package static func moment(minute: Int, daysAfter days: Int64, dayOf moment: Time) -> Time {
    let local = moment.seconds + offset(at: moment)
    let midnight = local - (local % day + day) % day + days * day
    let wanted = midnight + Int64(minute) * 60
    // The offset of the result's own side of the change.
    return Time(seconds: wanted - offset(at: Time(seconds: wanted)))
  }

  /// L8.1(b)(i), L8.1(b)(ii), N4-3-before-20: received from 08:00 and before 20:00 it is due at
  /// 08:00 next day, otherwise 24 hours after receipt.
  package static func due(ofBatchReceived received: Time) -> Time {
    let minute = minuteOfDay(at: received)
    guard (8 * 60..<20 * 60).contains(minute) else { return received.adding(seconds: day) }
    return moment(minute: 8 * 60, daysAfter: 1, dayOf: received)
  }
}
