// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Parties
import Records
package import SEC

/// How a form is handed in.
extension Enrolment {
  /// Takes in a filled form: checks it, keeps it, and does what it does at once.
  ///
  /// - Parameters:
  ///   - form: which form.
  ///   - version: the version that was filled in.
  ///   - answers: by question.
  ///   - moment: now.
  ///   - officer: who enters it.
  /// - Returns: the submission, with its number.
  /// - Throws: a refusal that says which answer is wrong, or a failure of the store.
  @discardableResult
  package func submit(
    _ form: FormKind, version: String, _ answers: [String: [String]], at moment: Time,
    by officer: Actor
  ) throws -> Submission {
    let entry = Entry(
      officer, "form-submitted", clause: form.clause, at: moment,
      facts: ["form": form.rawValue, "version": version])
    return try records.write(entry) { [self] transaction in
      guard let inForce = try Self.versionInForce(of: form, in: transaction),
        inForce.version == version
      else {
        throw Refusal.formNotInForce(
          form, version, try Self.versionInForce(of: form, in: transaction)?.version)
      }
      try inForce.check(answers)
      let about = try caseOfStep(form, answers, in: transaction)
      let personal = Set(inForce.fields.filter(\.isPersonal).map(\.name))
      let submission = Submission(
        id: try EnrolmentRecords.nextNumber(of: EnrolmentRecords.submission, in: transaction),
        form: form, version: version,
        party: about?.party ?? answers["party"]?.first
          ?? (form == .personnelNomination ? EnrolledPerson.registrationAuthority : ""),
        person: about?.person ?? answers["person"]?.first ?? "", about: about?.id,
        proposer: officer.name, submitted: moment,
        due: form.effect == .opensCase
          ? moment.adding(seconds: Int64(terms.days(for: form)) * 86_400) : nil,
        state: form.effect == .opensCase ? .submitted : .recorded, decider: nil, decided: nil,
        reason: nil, answers: answers.filter { !personal.contains($0.key) })
      try check(submission, at: moment, in: transaction)
      try keep(submission, inForce.fields, answers, at: moment, in: transaction)
      if form.effect == .holdsAtOnce { try hold(submission, at: moment, in: transaction) }
      return submission
    }
  }

  private func keep(
    _ submission: Submission, _ fields: [FormField], _ answers: [String: [String]],
    at moment: Time, in transaction: Transaction
  ) throws {
    transaction.note("submission", "\(submission.id)")
    if !submission.party.isEmpty { transaction.note("party", submission.party) }
    if !submission.person.isEmpty { transaction.note("person", submission.person) }
    try EnrolmentRecords.keep(submission, in: transaction)
    for (field, values) in submission.answers.sorted(by: { $0.key < $1.key }) {
      for (position, value) in values.enumerated() {
        try transaction.keep(
          EnrolmentRecords.answer,
          [.int(Int64(submission.id)), .text(field), .int(Int64(position)), .text(value)])
      }
    }
    try PersonalData.keep(
      fields.filter(\.isPersonal).map { ($0.name, answers[$0.name] ?? []) },
      source: "form-\(submission.id)", subject: submission.subject,
      kind: submission.form.retention, at: moment, salt: random, in: transaction)
  }

  /// A step names its case, which is open and has such a step.
  private func caseOfStep(
    _ form: FormKind, _ answers: [String: [String]], in transaction: Transaction
  ) throws -> Submission? {
    guard form.effect == .recordsStep else { return nil }
    let number = answers["case"]?.first.flatMap { Int($0) } ?? 0
    guard let it = try EnrolmentRecords.submissions("WHERE id = \(number)", in: transaction).first
    else { throw Refusal.caseUnknown(number) }
    guard it.form.steps.contains(form) else { throw Refusal.stepNotOfCase(form, it) }
    guard it.state == .submitted else { throw Refusal.caseDecided(it) }
    return it
  }

  /// What must be true before a form is taken in.
  private func check(
    _ it: Submission, at moment: Time, in transaction: Transaction
  ) throws {
    switch it.form {
    case .organisationInformation:
      try Self.checkInformation(it, in: transaction)
    case .officerNomination, .responsibleNomination, .personnelNomination:
      if it.form != .personnelNomination { try checkParty(it.party, in: transaction) }
      if let known = try EnrolmentRecords.persons(
        "WHERE id = \(it.person)", in: transaction
      ).first, known.isActive(at: moment), known.expires > moment.adding(years: 1) {
        throw Refusal.personEnrolled(known)
      }
      // RAPP-5.3: an ARO is nominated by an SRO of the same organisation.
      if it.form == .responsibleNomination {
        try checkOfficer(it, "nominated-by", at: moment, in: transaction)
      }
    case .subscriberApplication:
      try checkParty(it.party, in: transaction)
      try checkOfficer(it, "requested-by", at: moment, in: transaction)
    case .agreementAcceptance:
      try checkParty(it.party, in: transaction)
      try checkOfficer(it, "accepted-by", at: moment, in: transaction)
      try checkAgreement(it, at: moment, in: transaction)
    case .leaving:
      guard
        let known = try EnrolmentRecords.persons("WHERE id = \(it.person)", in: transaction).first,
        known.party == it.party, known.left == nil
      else { throw Refusal.personUnknown(it.person, it.party) }
    case .officerRevocation:
      let requester = it.answer("requester") ?? ""
      guard Self.requestersOfRevocation.contains(requester) else {
        throw Refusal.revocationRequester(requester)
      }
    case .optedOutArrangement: try checkParty(it.party, in: transaction)
    case .organisationIdentity, .individualIdentity, .screening, .meeting, .requesterCheck: break
    }
  }

  /// RAPP-8.3.3: who may ask for the revocation of a registration officer's credentials.
  package static let requestersOfRevocation = ["pma-member", "registration-manager"]

  private func checkParty(_ id: String, in transaction: Transaction) throws {
    guard try Register.party(id, in: transaction) != nil else { throw Refusal.partyUnknown(id) }
    if let left = try Register.membership(of: id, in: transaction)?.left {
      throw Refusal.partyHasLeft(id, left)
    }
  }

  /// Who asks for the party is one of its Senior Responsible Officers.
  private func checkOfficer(
    _ it: Submission, _ field: String, at moment: Time, in transaction: Transaction
  ) throws {
    let id = it.answer(field) ?? ""
    let known = try EnrolmentRecords.persons("WHERE id = \(id)", in: transaction).first
    guard let known, known.party == it.party, known.role == .seniorResponsibleOfficer,
      known.isActive(at: moment)
    else { throw Refusal.notASeniorOfficer(id, of: it.party, field) }
  }

  private func checkAgreement(
    _ it: Submission, at moment: Time, in transaction: Transaction
  ) throws {
    guard let kind = AgreementKind(rawValue: it.answer("agreement") ?? ""),
      let inForce = try Self.agreement(kind, at: moment, in: transaction)
    else { throw Refusal.agreementNotInForce(it.answer("agreement") ?? "", nil) }
    guard inForce.version == it.answer("version") else {
      throw Refusal.agreementNotInForce(kind.rawValue, inForce.version)
    }
  }

  /// What holds as soon as it was handed in.
  private func hold(_ it: Submission, at moment: Time, in transaction: Transaction) throws {
    if it.form == .leaving {
      guard
        let known = try EnrolmentRecords.persons("WHERE id = \(it.person)", in: transaction).first
      else { return }
      try EnrolmentRecords.keep(
        EnrolledPerson(
          id: known.id, party: known.party, role: known.role, application: known.application,
          since: known.since, expires: known.expires, left: moment), in: transaction)
    }
    if it.form == .agreementAcceptance {
      try transaction.keep(
        EnrolmentRecords.acceptance,
        [
          .text(it.party), .text(it.answer("agreement") ?? ""), .text(it.answer("version") ?? ""),
          .int(moment.milliseconds), .text(it.answer("accepted-by") ?? ""), .int(Int64(it.id)),
        ])
    }
  }

  /// RAPP-5.1: what the form says is what the register could keep.
  private static func checkInformation(_ it: Submission, in transaction: Transaction) throws {
    let information = try OrganisationInformation(it)
    try information.membership.check(information.party.roles)
    for range in information.ranges where !range.userRoles.isSubset(of: information.party.roles) {
      throw Refusal.rangeOfOtherRole(range)
    }
    try EntityRange.checkContinuity(information.ranges)
    for (index, range) in information.ranges.enumerated() {
      if let other = information.ranges.prefix(index).first(where: { $0.conflicts(with: range) }) {
        throw Refusal.rangeTaken(range, by: other)
      }
    }
  }
}

/// What an Organisation Information Form says, in the words of the register.
struct OrganisationInformation {
  let party: Party
  let membership: Membership
  let ranges: [EntityRange]

  init(_ it: Submission) throws {
    let roles = (it.answers["user-roles"] ?? []).compactMap(UserRole.init(rawValue:))
    let acceded = it.answer("acceded").flatMap(Day.time) ?? it.submitted
    party = try Party(
      id: it.party, name: it.answer("trading-name") ?? "", roles: Set(roles), since: acceded)
    membership = Membership(
      party: it.party,
      category: it.answer("category").flatMap(PartyCategory.init(rawValue:)) ?? .otherParty,
      acceded: acceded, isLicensed: it.answer("basis") == "licence",
      hasOptedOut: it.answer("opted-out") == "yes", nominators: it.answers["nominated-by"] ?? [])
    ranges = try (it.answers["identifiers"] ?? []).compactMap(IdentifierClaim.init)
      .flatMap { claim in
        try claim.codes.map { code in
          try EntityRange(
            party: it.party, role: code, first: claim.first, last: claim.last,
            servingAs: claim.roles)
        }
      }
  }
}
