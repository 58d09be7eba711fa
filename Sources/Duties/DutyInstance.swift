// SPDX-License-Identifier: Apache-2.0

/// Something that happened and that somebody owes something after.
package struct DutyEvent: Hashable, Sendable {
  /// The place of its entry in the audit.
  package let position: Int
  /// Its name: the action of the entry, or what was reported.
  package let name: String
  /// Whom or what it was about; empty when it says nothing.
  package let subject: String
  /// When it happened, or is planned to happen.
  package let day: Day
  /// Where it is written down outside.
  package let reference: String

  /// Whether a subject is this one, or this one with something behind it, such as a version.
  static func isAbout(_ what: String, _ subject: String) -> Bool {
    guard subject.hasPrefix(what) else { return false }
    return subject.dropFirst(what.count).first.map { !$0.isLetter && !$0.isNumber } ?? true
  }
}

/// That a duty was done.
package struct Discharge: Hashable, Sendable {
  /// When it was done.
  package let day: Day
  /// What shows it.
  package let evidence: String
  /// Who reported it.
  package let by: String
}

/// One duty after one event: one thing that somebody owes.
package struct DutyInstance: Hashable, Sendable {
  /// How it stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// It is owed, and there is time.
    case due
    /// It is owed, and the time is over.
    case late
    /// It was done in time.
    case discharged
    /// It was done after its time.
    case dischargedLate = "discharged-late"
  }

  package let duty: Duty
  /// After what it is owed.
  package let event: DutyEvent
  /// From 1; more only where the duty is repeated.
  package let turn: Int
  /// The last day on which it is in time.
  package let due: Day
  /// That it was done, or nil.
  package let discharge: Discharge?

  /// Clause, place of the event in the audit, and turn: `L1.11/204/1`.
  package var id: String { "\(duty.clause)/\(event.position)/\(turn)" }

  /// How it stands on a day.
  package func state(on day: Day) -> State {
    guard let discharge else { return day <= due ? .due : .late }
    return discharge.day <= due ? .discharged : .dischargedLate
  }
}
