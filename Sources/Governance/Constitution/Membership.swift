// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
package import Records
package import SEC

/// Who sits in the PMA, how they came there and who acts for them.
package struct Membership: Sendable {
  let records: Records
  let rules: ProceedingRules

  /// The membership that these records hold, under rules of proceeding.
  package init(records: Records, rules: ProceedingRules = ProceedingRules()) {
    self.records = records
    self.rules = rules
  }

  /// Enters an organisation, or changes it.
  package func enter(_ organisation: Organisation, at moment: Time, by actor: Actor) throws {
    try Refusal.check(identifier: organisation.id, of: "organisation")
    let entry = Entry(
      actor, "pma-organisation-entered", clause: "L1.7(c)", at: moment,
      facts: ["organisation": organisation.id])
    try records.write(entry) { transaction in
      try transaction.keep(
        GovernanceRecords.organisation,
        [
          .text(organisation.id), .text(organisation.name),
          .text(organisation.category.rawValue), .text(organisation.group),
        ])
    }
  }

  /// L1.4: enters a person with the employer, or changes it.
  package func enter(_ person: Person, at moment: Time, by actor: Actor) throws {
    try Refusal.check(identifier: person.id, of: "person")
    let entry = Entry(
      actor, "pma-person-entered", clause: "L1.4", at: moment, facts: ["person": person.id])
    try records.write(entry) { transaction in
      if !person.employer.isEmpty,
        try GovernanceRecords.organisations(in: transaction)[person.employer] == nil
      {
        throw Refusal.organisationUnknown(person.employer)
      }
      try transaction.keep(
        GovernanceRecords.person,
        [
          .text(person.id), .text(person.name), .text(person.kind.rawValue),
          .text(person.employer),
        ])
    }
  }

  /// L1.5: puts on file what a seat asks for before somebody is seated.
  package func file(
    _ step: AppointmentStep, of person: String, for seat: Seat.Name, on day: Day,
    evidence: String, at moment: Time, by actor: Actor
  ) throws {
    guard !evidence.isEmpty, day <= Day(moment), step != .clearanceExtension else {
      throw Refusal.stepUnusable(step, evidence: evidence, day: day)
    }
    let action = step == .notified ? "pma-chair-notified" : "pma-step-filed"
    let entry = Entry(
      actor, action, clause: "L1.5", at: moment,
      facts: [
        "subject": seat.rawValue, "person": person, "step": step.rawValue,
        "day": day.description, "evidence": evidence,
      ])
    try records.write(entry) { transaction in
      _ = try known(person, in: transaction)
      try transaction.keep(
        GovernanceRecords.step,
        [
          .text(seat.rawValue), .text(person), .text(step.rawValue), .day(day),
          .text(evidence),
        ])
    }
  }

  /// L1.3: seats a person from a day, when everything that the seat asks for is on file.
  ///
  /// `basis` is what it rests on: an election's number, a notice, a contract. `transitionalMonths`
  /// is the term that a direction of the Secretary of State gives (L1.6).
  package func seat(
    _ person: String, in name: Seat.Name, from day: Day, basis: String,
    transitionalMonths: Int? = nil, at moment: Time, by actor: Actor
  ) throws {
    let constitution = Constitution.at(day.begins)
    guard let seat = constitution.seat(name) else { throw Refusal.noSuchSeat(name, constitution) }
    let entry = Entry(
      actor, "pma-seated", clause: seat.clause, at: moment,
      facts: [
        "subject": name.rawValue, "person": person, "day": day.description, "basis": basis,
      ])
    try records.write(entry) { transaction in
      let candidate = try known(person, in: transaction)
      guard candidate.kind == .natural else { throw Refusal.notNatural(candidate) }
      let tenures = try GovernanceRecords.tenures(in: transaction)
      try checkFree(seat, for: person, on: day, tenures, constitution)
      try checkNotRetrospective(name, from: day, today: Day(moment), in: transaction)
      try checkSteps(seat, of: person, on: day, in: transaction)
      if case .election = seat.filling {
        guard try GovernanceRecords.isElected(person, to: name, by: basis, in: transaction)
        else { throw Refusal.notElected(person, seat) }
      }
      let isFirst = !tenures.contains { $0.seat == name }
      let months =
        transitionalMonths ?? (isFirst ? seat.firstTermMonths : nil) ?? seat.termMonths
      // L1.5(e): whoever held over makes room.
      for old in tenures where old.seat == name && old.state(on: day) == .holdingOver {
        try GovernanceRecords.keep(
          Tenure(
            seat: old.seat, person: old.person, began: old.began, ends: old.ends,
            basis: old.basis, ended: day, reason: "succeeded", heldOverUntil: old.heldOverUntil),
          in: transaction)
      }
      try GovernanceRecords.keep(
        Tenure(
          seat: name, person: person, began: day, ends: months.map { day.adding(months: $0) },
          basis: basis, ended: nil, reason: "", heldOverUntil: nil), in: transaction)
    }
  }

  private func checkFree(
    _ seat: Seat, for person: String, on day: Day, _ tenures: [Tenure],
    _ constitution: Constitution
  ) throws(Refusal) {
    let standing = tenures.filter { $0.holds(on: day) || $0.state(on: day) == .designate }
    if let holder = standing.first(where: {
      $0.seat == seat.name && $0.state(on: day) != .holdingOver
    }) {
      throw .seatTaken(holder)
    }
    let other = standing.first {
      $0.person == person && $0.seat != seat.name && constitution.seat($0.seat) != nil
    }
    if let other { throw .secondOffice(other) }
  }

  private func checkSteps(
    _ seat: Seat, of person: String, on day: Day, in reading: some Querying
  ) throws {
    let steps = try GovernanceRecords.steps(of: person, for: seat.name, in: reading)
    for demand in AppointmentStep.demands(of: seat, on: day, under: rules) {
      let filed = demand.steps.compactMap { steps[$0] }.filter { $0 <= day }
      guard !filed.isEmpty else { throw Refusal.stepMissing(demand.steps, demand.clause, person) }
    }
    if let objection = steps[.nonObjection], let notified = steps[.notified],
      objection < notified
    {
      throw Refusal.objectionBeforeNotice(notified, objection)
    }
  }

  func known(_ id: String, in reading: some Querying) throws -> Person {
    guard let person = try GovernanceRecords.people(in: reading)[id] else {
      throw Refusal.personUnknown(id)
    }
    return person
  }
}
