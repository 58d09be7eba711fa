// SPDX-License-Identifier: Apache-2.0

import DER
package import SEC

/// Every way in which the book of duties says no.
extension Refusal {
  /// L1.17(s): an event after which nobody owes anything.
  package static func eventUnknown(_ name: String) -> Refusal {
    Refusal(
      "duty-event-unknown", clause: "L1.17(s)", field: "event",
      expected: "an event that some duty names", found: name,
      remedy: "List the events: smki duties table.")
  }

  /// L1.17(s): a clause that is no duty.
  package static func dutyUnknown(_ clause: String) -> Refusal {
    Refusal(
      "duty-unknown", clause: "L1.17(s)", field: "duty", expected: "a clause of kind record",
      found: clause, remedy: "List the duties: smki duties table.")
  }

  /// L1.17(s): nothing of this name is owed.
  package static func nothingOwed(_ id: String) -> Refusal {
    Refusal(
      "duty-not-owed", clause: "L1.17(s)", field: "instance",
      expected: "clause, place of the event in the audit, and turn, of something owed", found: id,
      remedy: "List what is owed: smki duties list.")
  }

  /// L1.17(s): what was done cannot be done again.
  package static func alreadyDischarged(_ instance: DutyInstance) -> Refusal {
    Refusal(
      "duty-discharged", clause: "L1.17(s)", field: "instance", expected: "something still owed",
      found: "\(instance.id), done on \(instance.discharge?.day.description ?? "-")",
      remedy: "Nothing has to be done.")
  }

  /// L1.17(s): evidence is what shows that a duty was done; a day to come shows nothing.
  package static func evidenceUnusable(_ found: String) -> Refusal {
    Refusal(
      "duty-evidence", clause: "L1.17(s)", field: "evidence",
      expected: "what shows that it was done, on a day that has come", found: found,
      remedy: "Name the letter, minute or report, and the day on which it was done.")
  }
}
