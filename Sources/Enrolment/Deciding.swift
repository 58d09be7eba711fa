// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Parties
package import Records
package import SEC

/// How cases are decided: by somebody who asked for nothing in them, and never against somebody
/// who has done everything.
extension Enrolment {
  /// The steps of a case with what was recorded of each.
  package func steps(of it: Submission) throws -> [CaseStep] {
    try records.read { try steps(of: it, in: $0) }
  }

  private func steps(of it: Submission, in reading: some Querying) throws -> [CaseStep] {
    let records = try EnrolmentRecords.submissions(
      "WHERE about = \(it.id) ORDER BY id", in: reading)
    return it.form.steps.map { form in
      CaseStep(
        form: form,
        due: it.submitted.adding(seconds: Int64(terms.days(for: form)) * 86_400),
        record: records.last { $0.form == form })
    }
  }

  /// RAPP-two-people: approves a case whose steps are done, and gives it its effect.
  ///
  /// - Throws: `case-unknown`, `case-decided`, `same-person`, `steps-open`, and what the effect
  ///   throws.
  @discardableResult
  package func approve(_ id: Int, at moment: Time, by officer: Actor) throws -> Submission {
    let entry = Entry(
      officer, "case-approved", clause: "RAPP-two-people", at: moment, facts: ["case": "\(id)"])
    return try records.write(entry) { [self] transaction in
      let it = try markApproved(id, at: moment, by: officer, in: transaction)
      switch it.form {
      case .organisationInformation:
        let information = try OrganisationInformation(it)
        try register.enter(
          information.party, information.membership, information.ranges, in: transaction)
      case .officerNomination:
        try enrol(it, as: .seniorResponsibleOfficer, at: moment, in: transaction)
      case .responsibleNomination:
        try enrol(it, as: .authorisedResponsibleOfficer, at: moment, in: transaction)
      case .personnelNomination: try enrolPersonnel(it, at: moment, by: officer, in: transaction)
      case .officerRevocation:
        let revoked = it.answer("officer") ?? ""
        guard revoked != officer.name else { throw Refusal.samePerson(it, officer) }
        try transaction.keep(
          EnrolmentRecords.revokedOfficer,
          [.text(revoked), .int(moment.milliseconds), .int(Int64(it.id))])
        try endPersonnel(revoked, at: moment, in: transaction)
      default: break
      }
      return it
    }
  }

  /// Marks a case approved in a transaction that gives it its effect.
  package func markApproved(
    _ id: Int, at moment: Time, by officer: Actor, in transaction: Transaction
  ) throws -> Submission {
    let it = try openCase(id, in: transaction)
    let steps = try steps(of: it, in: transaction)
    let proposers = [it.proposer] + steps.compactMap { $0.record?.proposer }
    guard !proposers.contains(officer.name) else { throw Refusal.samePerson(it, officer) }
    guard steps.allSatisfy(\.isPassed) else {
      throw Refusal.stepsOpen(it, steps.filter { !$0.isPassed }, at: moment)
    }
    transaction.note("form", it.form.rawValue)
    transaction.note("party", it.party)
    let decided = it.becoming(.approved, at: moment, by: officer, because: nil)
    try EnrolmentRecords.keep(decided, in: transaction)
    return decided
  }

  /// L3.3: refuses a case, which needs a step that failed or is overdue, or something missing
  /// beside the steps, as the room above knows it.
  @discardableResult
  package func refuse(
    _ id: Int, because reason: String, missing: [String] = [], at moment: Time, by officer: Actor
  ) throws -> Submission {
    let entry = Entry(
      officer, "case-refused", clause: "L3.3", at: moment,
      facts: ["case": "\(id)", "reason": reason])
    return try records.write(entry) { [self] transaction in
      let it = try openCase(id, in: transaction)
      let wrong = try steps(of: it, in: transaction)
        .filter { ["failed", "overdue"].contains($0.standing(at: moment)) }
      guard !wrong.isEmpty || !missing.isEmpty else { throw Refusal.refusalWithoutStep(it) }
      for step in wrong { transaction.note("step-\(step.form.rawValue)", "not passed") }
      for (number, thing) in missing.enumerated() { transaction.note("missing-\(number)", thing) }
      let decided = it.becoming(.refused, at: moment, by: officer, because: reason)
      try EnrolmentRecords.keep(decided, in: transaction)
      return decided
    }
  }

  /// Takes a case back at the wish of whoever handed it in.
  @discardableResult
  package func withdraw(
    _ id: Int, because reason: String, at moment: Time, by officer: Actor
  ) throws -> Submission {
    let entry = Entry(
      officer, "case-withdrawn", clause: "L3.3", at: moment,
      facts: ["case": "\(id)", "reason": reason])
    return try records.write(entry) { transaction in
      let it = try self.openCase(id, in: transaction)
      let decided = it.becoming(.withdrawn, at: moment, by: officer, because: reason)
      try EnrolmentRecords.keep(decided, in: transaction)
      return decided
    }
  }

  private func openCase(_ id: Int, in reading: some Querying) throws -> Submission {
    guard let it = try EnrolmentRecords.submissions("WHERE id = \(id)", in: reading).first,
      it.form.effect == .opensCase
    else { throw Refusal.caseUnknown(id) }
    guard it.state.next.contains(.approved) else { throw Refusal.caseDecided(it) }
    return it
  }

  /// Forms that were handed in, the newest last.
  package func submissions(of party: String? = nil) throws -> [Submission] {
    try records.read { reading in
      guard let party else { return try EnrolmentRecords.submissions("ORDER BY id", in: reading) }
      return try EnrolmentRecords.submissions("WHERE party = \(party) ORDER BY id", in: reading)
    }
  }

  /// One form that was handed in.
  package func submission(_ id: Int) throws -> Submission {
    guard
      let it = try records.read({
        try EnrolmentRecords.submissions("WHERE id = \(id)", in: $0).first
      })
    else { throw Refusal.caseUnknown(id) }
    return it
  }

  /// L3.2: the application of a party under a policy that waits for its decision, or nil.
  package static func openApplication(
    of party: String, policy: String, in reading: some Querying
  ) throws -> Submission? {
    try EnrolmentRecords.submissions(
      """
      WHERE party = \(party) AND form = \(FormKind.subscriberApplication.rawValue)
        AND state = \(Submission.State.submitted.rawValue) ORDER BY id
      """, in: reading
    ).last { $0.answer("policy") == policy }
  }

  /// L3.3: what a party still has to do before it can be an Authorised Subscriber; empty when it
  /// cannot be refused.
  package func missing(
    of party: String, forDevices: Bool, at moment: Time, in reading: some Querying
  ) throws -> [String] {
    guard let membership = try Register.membership(of: party, in: reading) else {
      return [FormKind.organisationInformation.rawValue]
    }
    var missing: [String] = []
    let may =
      forDevices
      ? membership.category.subscribesForDevices : membership.category.subscribesForOrganisation
    if !may { missing.append("a category that may subscribe, not \(membership.category.rawValue)") }
    if membership.left != nil { missing.append("membership of the Code") }
    let persons = try EnrolmentRecords.persons("WHERE party = \(party)", in: reading)
      .filter { $0.isActive(at: moment) }
    if !persons.contains(where: { $0.role == .seniorResponsibleOfficer }) {
      missing.append(FormKind.officerNomination.rawValue)
    }
    if !persons.contains(where: { $0.role == .authorisedResponsibleOfficer }) {
      missing.append(FormKind.responsibleNomination.rawValue)
    }
    if try Self.agreement(.subscriber, at: moment, in: reading) == nil {
      missing.append("a Subscriber Agreement in force")
    } else if try Self.openAgreement(.subscriber, of: party, at: moment, in: reading) != nil {
      missing.append("acceptance of the Subscriber Agreement in force")
    }
    if membership.hasOptedOut {
      let arranged = try EnrolmentRecords.submissions(
        "WHERE party = \(party) AND form = \(FormKind.optedOutArrangement.rawValue)", in: reading)
      if arranged.isEmpty { missing.append(FormKind.optedOutArrangement.rawValue) }
    }
    return missing
  }
}
