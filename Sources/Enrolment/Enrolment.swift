// SPDX-License-Identifier: Apache-2.0

package import Audit
package import DER
package import Parties
package import Records
package import SEC

/// How long things take and are kept: the procedures' own times are not known, so all of it is
/// configuration [assumed].
package struct EnrolmentTerms: Hashable, Sendable {
  /// Days in which a case is to be decided, or a step done.
  package var days: [FormKind: Int]
  /// Years after which a person is verified and screened again.
  package var personYears = 3
  /// Days for which what a person said is kept after the person has left.
  package var retentionDays: [PersonalKind: Int]
  /// How many answers must agree before a caller counts as identified.
  package var answersMin = 2

  /// Days for a form that is not named.
  package static let daysUsual = 20

  /// The usual terms.
  package init() {
    days = [.individualIdentity: 10, .organisationIdentity: 10, .screening: 15, .meeting: 15]
    retentionDays = [
      .contact: 365, .identity: 365, .screening: 365, .declaration: 2_555, .call: 730,
    ]
  }

  /// Days for a form.
  package func days(for form: FormKind) -> Int { days[form] ?? Self.daysUsual }
}

/// Who may act for a party and how that came about: forms, cases, persons, agreements, and the
/// calls to the Service Desk (RAPP-5.1 to RAPP-5.4).
package struct Enrolment: Sendable {
  let records: Records
  /// The parties.
  package let register: Register
  /// How long things take and are kept.
  package let terms: EnrolmentTerms
  /// Gives unpredictable octets, for salts.
  let random: @Sendable (Int) -> [UInt8]

  /// The enrolment that these records hold.
  package init(
    records: Records, terms: EnrolmentTerms = EnrolmentTerms(),
    random: @escaping @Sendable (Int) -> [UInt8]
  ) {
    self.records = records
    self.terms = terms
    self.random = random
    register = Register(records: records)
  }
}

/// Versions of forms, and what the PMA says of them.
extension Enrolment {
  /// M4-org-info-form-c: proposes a version of a form: its questions beyond those of all versions.
  package func propose(
    _ form: FormKind, version: String, further: [FormField], at moment: Time, by actor: Actor
  ) throws {
    let core = Set(form.coreFields.map(\.name))
    for field in further {
      guard case .text(1...1_000) = field.kind, FormField("", "", .identifier).takes(field.name),
        !core.contains(field.name), !field.title.contains(where: { $0 == "\t" || $0.isNewline })
      else { throw Refusal.formQuestion(form, field.name) }
    }
    guard (1...20).contains(version.utf8.count),
      version.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") })
    else { throw Refusal.formVersionName(form, version) }
    let proposed = FormVersion(form: form, version: version, further: further, proposer: actor.name)
    let entry = Entry(
      actor, "form-proposed", clause: "M4-org-info-form-c", at: moment,
      facts: ["form": form.rawValue, "version": version])
    try records.write(entry) { transaction in
      let known = try EnrolmentRecords.versions(of: form, in: transaction)
      guard !known.contains(where: { $0.version == version }) else {
        throw Refusal.formVersionExists(form, version)
      }
      try transaction.keep(
        EnrolmentRecords.formVersion,
        [
          .text(form.rawValue), .text(version), .text(proposed.definition), .text(actor.name),
          .int(moment.milliseconds), .null, .null,
        ])
    }
  }

  /// M4-org-info-form-c: records that the PMA has approved a version of some forms in one
  /// decision; no Modification is needed.
  package func approveForms(
    _ forms: [FormKind], version: String, evidence: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = try Self.entry(approving: forms, version, evidence, at: moment, by: actor)
    try records.write(entry) { transaction in
      try Self.approve(forms, version: version, evidence: evidence, at: moment, in: transaction)
    }
  }

  /// The entry of an approval, for a transaction that uses the decision up as well.
  ///
  /// - Throws: `form-evidence`.
  package static func entry(
    approving forms: [FormKind], _ version: String, _ evidence: String, at moment: Time,
    by actor: Actor
  ) throws(Refusal) -> Entry {
    let names = forms.map(\.rawValue).joined(separator: ", ")
    guard !evidence.isEmpty else { throw .formEvidence(names) }
    return Entry(
      actor, "forms-approved", clause: "M4-org-info-form-c", at: moment,
      facts: ["forms": names, "version": version, "evidence": evidence])
  }

  /// M4-org-info-form-c: the same in the transaction of a decision.
  ///
  /// - Throws: `form-version-unknown`.
  package static func approve(
    _ forms: [FormKind], version: String, evidence: String, at moment: Time,
    in transaction: Transaction
  ) throws {
    for approved in try check(forms, version: version, in: transaction) {
      try transaction.keep(
        EnrolmentRecords.formVersion,
        [
          .text(approved.form.rawValue), .text(version), .text(approved.definition),
          .text(approved.proposer), .int(moment.milliseconds), .int(moment.milliseconds),
          .text(evidence),
        ])
    }
  }

  /// M4-org-info-form-c: the versions of forms that may be approved.
  ///
  /// - Throws: `form-version-unknown`.
  package static func check(
    _ forms: [FormKind], version: String, in reading: some Querying
  ) throws -> [FormVersion] {
    try forms.map { form in
      let known = try EnrolmentRecords.versions(of: form, in: reading)
        .first { $0.version == version }
      guard let found = known ?? first(of: form, version) else {
        throw Refusal.formVersionUnknown(form, version)
      }
      return found
    }
  }

  /// Every version of a form: the first one, and those that were proposed.
  package func versions(of form: FormKind) throws -> [FormVersion] {
    let known = try records.read { try EnrolmentRecords.versions(of: form, in: $0) }
    let isFirstKnown = known.contains { $0.version == FormKind.firstVersion }
    return (isFirstKnown ? [] : [Self.first(of: form, FormKind.firstVersion)].compactMap(\.self))
      + known
  }

  /// The version of a form that was approved last, or nil while none was.
  package func versionInForce(of form: FormKind) throws -> FormVersion? {
    try records.read { try Self.versionInForce(of: form, in: $0) }
  }

  static func versionInForce(
    of form: FormKind, in reading: some Querying
  ) throws -> FormVersion? {
    try EnrolmentRecords.versions(of: form, in: reading)
      .filter { $0.approved != nil }
      .max { ($0.approved ?? .noWellDefinedExpiry) < ($1.approved ?? .noWellDefinedExpiry) }
  }

  private static func first(of form: FormKind, _ version: String) -> FormVersion? {
    version == FormKind.firstVersion
      ? FormVersion(form: form, version: version, further: [], proposer: "the program") : nil
  }
}

/// Agreements and who accepted them.
extension Enrolment {
  /// C3-126: publishes a version of an agreement that is in force from a moment on.
  package func publish(_ agreement: Agreement, at moment: Time, by actor: Actor) throws {
    guard !agreement.version.isEmpty, !agreement.evidence.isEmpty else {
      throw Refusal.agreementEvidence(agreement.kind)
    }
    let entry = Entry(
      actor, "agreement-published", clause: "C3-126", at: moment,
      facts: [
        "agreement": agreement.kind.rawValue, "version": agreement.version,
        "in-force": agreement.inForce.rfc3339, "evidence": agreement.evidence,
      ])
    try records.write(entry) { transaction in
      guard
        try !EnrolmentRecords.agreements(in: transaction).contains(where: {
          $0.kind == agreement.kind && $0.version == agreement.version
        })
      else { throw Refusal.agreementExists(agreement.kind, agreement.version) }
      try transaction.keep(
        EnrolmentRecords.agreement,
        [
          .text(agreement.kind.rawValue), .text(agreement.version),
          .int(agreement.inForce.milliseconds), .text(agreement.evidence),
        ])
    }
  }

  /// Every version of every agreement.
  package func agreements() throws -> [Agreement] {
    try records.read { try EnrolmentRecords.agreements(in: $0) }
  }

  /// C3-126: the version of an agreement that is in force at a moment, or nil.
  package static func agreement(
    _ kind: AgreementKind, at moment: Time, in reading: some Querying
  ) throws -> Agreement? {
    try EnrolmentRecords.agreements(in: reading)
      .last { $0.kind == kind && $0.inForce <= moment }
  }

  /// C3-126: the agreement in force that a party has not accepted, or nil when it has, or when
  /// none is in force.
  package static func openAgreement(
    _ kind: AgreementKind, of party: String, at moment: Time, in reading: some Querying
  ) throws -> Agreement? {
    guard let agreement = try agreement(kind, at: moment, in: reading) else { return nil }
    let accepted = try reading.first(
      """
      SELECT accepted FROM agreement_acceptance WHERE party = \(party)
        AND kind = \(kind.rawValue) AND version = \(agreement.version)
      """)
    return accepted == nil ? agreement : nil
  }

  /// C3-126: when the next version of an agreement comes into force after a moment, or nil.
  package static func nextAgreement(
    _ kind: AgreementKind, after moment: Time, in reading: some Querying
  ) throws -> Time? {
    try EnrolmentRecords.agreements(in: reading)
      .filter { $0.kind == kind && $0.inForce > moment }.map(\.inForce).min()
  }
}
