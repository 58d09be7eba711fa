// SPDX-License-Identifier: Apache-2.0

import DER

/// What is owed as a calendar that other programs subscribe to (RFC 5545).
package enum DutyCalendar {
  /// The most octets of a line without its end (RFC 5545, 3.1).
  static let lineOctetsMax = 75

  /// One whole-day event for each thing owed, on its last day.
  package static func text(of instances: [DutyInstance], on today: Day, estate: String) -> String {
    var lines = [
      "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//smki//duties//EN", "CALSCALE:GREGORIAN",
      "X-WR-CALNAME:\(escaped("Duties of \(estate)"))",
    ]
    for instance in instances {
      let state = instance.state(on: today)
      lines += [
        "BEGIN:VEVENT",
        "UID:\(escaped(instance.id))@smki",
        "DTSTAMP:\(compact(instance.event.day))T000000Z",
        "DTSTART;VALUE=DATE:\(compact(instance.due))",
        "DTEND;VALUE=DATE:\(compact(instance.due.adding(days: 1)))",
        "SUMMARY:" + escaped("\(instance.duty.owes): \(instance.duty.what)"),
        "DESCRIPTION:"
          + escaped(
            "\(instance.duty.clause), after \(instance.event.name) \(instance.event.subject) on "
              + "\(instance.event.day). Shown by: \(instance.duty.evidence). \(state.rawValue)."),
        "CATEGORIES:\(escaped(state.rawValue))",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
      ]
    }
    lines.append("END:VCALENDAR")
    return lines.map { folded($0) + "\r\n" }.joined()
  }

  private static func compact(_ day: Day) -> String {
    String(day.description.filter { $0 != "-" })
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\", ";", ",": result += "\\\(character)"
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result
  }

  /// Long lines go on behind a blank; no character is cut in two.
  private static func folded(_ line: String) -> String {
    var result = ""
    var octets = 0
    for character in line {
      let count = character.utf8.count
      if octets + count > lineOctetsMax {
        result += "\r\n "
        octets = 1
      }
      result.append(character)
      octets += count
    }
    return result
  }
}
