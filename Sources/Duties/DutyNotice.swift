// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Records
package import SEC

/// A letter about something owed: a reminder before its day, an escalation after.
package struct DutyNotice: Hashable, Sendable {
  /// Why it is sent.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case reminder
    case escalation
  }

  /// Working Days before the last day on which a reminder is sent [assumed].
  package static let reminderWorkingDays = 5

  package let kind: Kind
  /// What is owed.
  package let instance: DutyInstance

  /// Unique among letters; under it the letter is remembered as sent.
  package var identifier: String { "\(instance.id)/\(kind.rawValue)" }

  /// One line.
  package var subject: String {
    switch kind {
    case .reminder: "Reminder: \(instance.duty.clause) is due on \(instance.due)"
    case .escalation: "Late: \(instance.duty.clause) was due on \(instance.due)"
    }
  }

  /// The letter.
  package var body: String {
    """
    \(instance.duty.owes) \(kind == .reminder ? "owes" : "still owes"): \(instance.duty.what)

    Rule       \(instance.duty.clause)
    After      \(instance.event.name) \(instance.event.subject) on \(instance.event.day)
    Due        \(instance.due)
    Shown by   \(instance.duty.evidence)
    Number     \(instance.id)

    When it is done: smki duties discharge --instance \(instance.id) --evidence TEXT

    """
  }
}

extension DutyBook {
  /// What is to be sent on a day and was not sent yet.
  package func notices(
    on today: Day, reminding workingDays: Int = DutyNotice.reminderWorkingDays
  ) throws -> [DutyNotice] {
    let sent = try sentNotices()
    return try instances(on: today).filter { $0.discharge == nil }.flatMap { instance in
      var kinds: [DutyNotice.Kind] = []
      if instance.state(on: today) == .late {
        kinds.append(.escalation)
      } else if calendarDay(before: instance.due, by: workingDays) <= today {
        kinds.append(.reminder)
      }
      return kinds.map { DutyNotice(kind: $0, instance: instance) }
    }.filter { !sent.contains($0.identifier) }
  }

  /// Remembers that a letter was sent, so that it is sent once.
  package func sent(
    _ notice: DutyNotice, to recipient: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "duty-notice-sent", clause: notice.instance.duty.clause, at: moment,
      facts: ["instance": notice.instance.id, "kind": notice.kind.rawValue])
    try write(entry) { transaction in
      try transaction.keep(
        DutyRecords.notice,
        [
          .text(notice.instance.duty.clause.id), .int(Int64(notice.instance.event.position)),
          .int(Int64(notice.instance.turn)), .text(notice.kind.rawValue),
          .int(Int64(Day(moment).number)), .text(recipient),
        ])
    }
  }
}
