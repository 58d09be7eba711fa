// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
package import Records
package import SEC

/// Why somebody leaves a seat.
package enum Leaving: String, Hashable, Sendable, CaseIterable {
  case resigned
  /// L1.6(c), L1.8(c): by a resolution under C4.5 and C4.6.
  case removed
  /// L1.5A: on a direction of the Secretary of State.
  case directed
  /// L1.5(f)(iv)(B): without clearance when the time was over.
  case uncleared
  /// L1.10: the Sub-Committee named another, by prior notice.
  case replaced
}

/// L1.5(f)(iv): how the Chair's clearance stands.
package struct Clearance: Hashable, Sendable {
  /// By when it must be applied for, and obtained.
  package let apply: Day
  package let obtain: Day
  /// Whether it was obtained.
  package let isObtained: Bool

  /// L1.5(f)(iv)(A), L1.5(f)(iv)(B): one month to apply, twelve to obtain unless extended.
  package static func of(began: Day, extendedTo extension: Day?, isObtained: Bool) -> Clearance {
    Clearance(
      apply: began.adding(months: 1), obtain: `extension` ?? began.adding(months: 12),
      isObtained: isObtained)
  }
}

extension Membership {
  /// Ends a person's time in a seat from a day.
  package func leave(
    _ name: Seat.Name, because reason: Leaving, on day: Day, evidence: String, at moment: Time,
    by actor: Actor
  ) throws {
    let action =
      switch reason {
      case .removed: "pma-removed"
      case .directed, .uncleared: "pma-terminated"
      case .resigned, .replaced: "pma-left"
      }
    let entry = Entry(
      actor, action, clause: Self.clause(of: reason), at: moment,
      facts: ["subject": name.rawValue, "day": day.description, "evidence": evidence])
    try records.write(entry) { transaction in
      try leave(
        name, because: reason, on: day, evidence: evidence, today: Day(moment), in: transaction)
    }
  }

  /// L1.6(c), L1.8(c): the same in the transaction of a decision.
  package func leave(
    _ name: Seat.Name, because reason: Leaving, on day: Day, evidence: String, today: Day,
    in transaction: Transaction
  ) throws {
    let tenures = try GovernanceRecords.tenures(in: transaction)
    guard let tenure = tenures.first(where: { $0.seat == name && $0.holds(on: day) }) else {
      throw Refusal.seatVacant(name, day)
    }
    try checkNotRetrospective(name, from: day, today: today, in: transaction)
    try check(reason, tenure, on: day, today: today, in: transaction)
    try GovernanceRecords.keep(
      Tenure(
        seat: tenure.seat, person: tenure.person, began: tenure.began, ends: tenure.ends,
        basis: tenure.basis, ended: day, reason: "\(reason.rawValue): \(evidence)",
        heldOverUntil: tenure.heldOverUntil), in: transaction)
  }

  /// L1.13: nobody came to a seat or left it on a day gone by, before a vote that was taken for it.
  func checkNotRetrospective(
    _ seat: Seat.Name, from day: Day, today: Day, in reading: some Querying
  ) throws {
    guard day < today else { return }
    let vote = try reading.first(
      """
      SELECT v.id AS id FROM pma_elector e JOIN pma_vote v ON v.id = e.vote
      WHERE e.seat = \(seat.rawValue) AND v.opened >= \(day.begins.milliseconds)
      ORDER BY v.opened LIMIT 1
      """)
    if let vote { throw Refusal.retrospective(seat, day, try vote.text("id")) }
  }

  private static func clause(of reason: Leaving) -> Clause {
    switch reason {
    case .resigned, .removed: "L1.6(c)"
    case .directed: "L1.5B"
    case .uncleared: "L1.5(f)(iv)(B)"
    case .replaced: "L1.10"
    }
  }

  private func check(
    _ reason: Leaving, _ tenure: Tenure, on day: Day, today: Day, in reading: some Querying
  ) throws {
    switch reason {
    case .directed:
      guard tenure.seat == .chair, let from = rules.safeguards, tenure.began >= from else {
        throw Refusal.directionOutOfReach(tenure)
      }
    case .uncleared:
      guard tenure.seat == .chair else { throw Refusal.directionOutOfReach(tenure) }
      let clearance = try clearance(of: tenure, in: reading)
      guard !clearance.isObtained, clearance.obtain < day else {
        throw Refusal.clearanceNotOver(clearance)
      }
    case .replaced:
      guard case .nomination = Constitution.at(day.begins).seat(tenure.seat)?.filling else {
        throw Refusal.notReplaceable(tenure.seat)
      }
      guard day > today else { throw Refusal.replacementNotPrior(day) }
    case .resigned, .removed: break
    }
  }

  func clearance(of tenure: Tenure, in reading: some Querying) throws -> Clearance {
    let steps = try GovernanceRecords.steps(of: tenure.person, for: .chair, in: reading)
    return Clearance.of(
      began: tenure.began, extendedTo: steps[.clearanceExtension],
      isObtained: steps[.clearance] != nil)
  }

  /// L1.5(f)(iv)(B): the Secretary of State approves a longer time, at the Panel's request.
  package func extendClearance(
    of person: String, until day: Day, evidence: String, at moment: Time, by actor: Actor
  ) throws {
    guard !evidence.isEmpty else {
      throw Refusal.stepUnusable(.clearanceExtension, evidence: "", day: day)
    }
    let entry = Entry(
      actor, "pma-clearance-extended", clause: "L1.5(f)(iv)(B)", at: moment,
      facts: ["subject": "chair", "until": day.description, "evidence": evidence])
    try records.write(entry) { transaction in
      _ = try known(person, in: transaction)
      try transaction.keep(
        GovernanceRecords.step,
        [
          .text("chair"), .text(person), .text(AppointmentStep.clearanceExtension.rawValue),
          .day(day), .text(evidence),
        ])
    }
  }

  /// L1.5(f)(iv): how the clearance of a Chair stands, or nil where the term began before it.
  package func clearance(of tenure: Tenure) throws -> Clearance? {
    guard tenure.seat == .chair, let from = rules.safeguards, tenure.began >= from else {
      return nil
    }
    return try records.read { try clearance(of: tenure, in: $0) }
  }

  /// L1.5(e): the Chair stays for a reasonable time although the term is over.
  package func holdOver(
    until review: Day, reason: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-held-over", clause: "L1.5(e)", at: moment,
      facts: ["subject": "chair", "until": review.description, "evidence": reason])
    try records.write(entry) { transaction in
      let today = Day(moment)
      let chair = try GovernanceRecords.tenures(in: transaction).last {
        $0.seat == .chair && $0.ended == nil && $0.began <= today
      }
      guard let chair, let ends = chair.ends, review > ends, !reason.isEmpty else {
        throw Refusal.noHoldingOver(review)
      }
      try GovernanceRecords.keep(
        Tenure(
          seat: chair.seat, person: chair.person, began: chair.began, ends: chair.ends,
          basis: chair.basis, ended: nil, reason: reason, heldOverUntil: review),
        in: transaction)
    }
  }

  /// L1.11: a Member states that the SMKI Document Set was read, and which versions.
  package func attestReading(
    _ name: Seat.Name, versions: String, on day: Day, at moment: Time, by actor: Actor
  ) throws {
    guard !versions.isEmpty, day <= Day(moment) else {
      throw Refusal.stepUnusable(.confirmation, evidence: versions, day: day)
    }
    let entry = Entry(
      actor, "pma-set-read", clause: "L1.11", at: moment,
      facts: ["subject": name.rawValue, "day": day.description, "evidence": versions])
    try records.write(entry) { transaction in
      let tenures = try GovernanceRecords.tenures(in: transaction)
      guard tenures.contains(where: { $0.seat == name && $0.holds(on: day) }) else {
        throw Refusal.seatVacant(name, day)
      }
    }
  }
}
