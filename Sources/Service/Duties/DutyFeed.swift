// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import HTTP

/// The duties as a calendar that people subscribe to.
struct DutyFeed: Sendable {
  let book: DutyBook
  let estate: String
  let clock: @Sendable () -> Time

  /// L1.17(s): everything that is or was owed, as iCalendar.
  func calendar() throws -> Response {
    let today = Day(clock())
    let text = DutyCalendar.text(of: try book.instances(on: today), on: today, estate: estate)
    return Response(type: "text/calendar; charset=utf-8", text: text)
  }
}
