// SPDX-License-Identifier: Apache-2.0

package import Duties
package import SEC

/// Every way in which the register of standards says no.
extension Refusal {
  /// L1.22: what cannot be entered: something is missing, there already, or of a day to come.
  package static func standardUnusable(_ name: String, _ version: String) -> Refusal {
    Refusal(
      "standard-unusable", clause: "L1.22", field: "standard",
      expected: "a new version with issuer and obligation, the first or the one successor, of a "
        + "day that has come",
      found: "\(name) \(version)", remedy: "Look at the register: smki pma standards.")
  }

  /// L1.22: no such version.
  package static func standardUnknown(_ name: String, _ version: String) -> Refusal {
    Refusal(
      "standard-unknown", clause: "L1.22", field: "standard",
      expected: "a version that was entered", found: "\(name) \(version)",
      remedy: "Enter it first: smki pma standard.")
  }

  /// L1.23(a): a day is set once, for a version that follows another.
  package static func standardDated(_ standard: Standard) -> Refusal {
    Refusal(
      "standard-dated", clause: "L1.23(a)", field: "standard",
      expected: "a version that follows another and has no day yet",
      found: "\(standard.name) \(standard.version), "
        + (standard.applies.map { "from \($0)" } ?? "which follows none"),
      remedy: "Only the Panel changes a day, on appeal.")
  }

  /// L1.21: nothing is published or appealed before the PMA has set its day.
  package static func standardNotDated(_ standard: Standard) -> Refusal {
    Refusal(
      "standard-not-dated", clause: "L1.21", field: "standard",
      expected: "a version whose day the PMA has set",
      found: "\(standard.name) \(standard.version)",
      remedy: "Put it to the vote: smki pma vote --kind standard-date.")
  }

  /// L1.24: there is one appeal, and the Panel's decision of it is final.
  package static func appealStanding(_ appeal: StandardAppeal) -> Refusal {
    Refusal(
      "appeal-standing", clause: "L1.24", field: "appeal",
      expected: "a day that nobody has appealed against, or an appeal that is open",
      found: "\(appeal.name) \(appeal.version), appealed by \(appeal.appellant), "
        + (appeal.outcome == .open ? "open" : appeal.outcome.rawValue),
      remedy: "The Panel's decision is final and binding.")
  }

  /// L1.24: an appeal has an appellant and grounds, its decision has a minute.
  package static func appealUnusable(_ expected: String) -> Refusal {
    Refusal(
      "appeal-unusable", clause: "L1.24", field: "appeal", expected: expected, found: "nothing",
      remedy: "Name it.")
  }

  /// L1.23(a), L1.23(b): nobody is made to have complied before the day was set.
  package static func standardDayPast(_ standard: Standard, _ day: Day) -> Refusal {
    Refusal(
      "standard-day-past", clause: "L1.23(a)", field: "from",
      expected: "a day to come", found: "\(day), for \(standard.name) \(standard.version)",
      remedy: "Name a later day with --term from=DAY.")
  }
}
