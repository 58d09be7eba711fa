// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// Every way in which enrolment says no.
extension Refusal {
  /// M4-org-info-form-c: the questions of a new version stand beside the old ones.
  package static func formQuestion(_ form: FormKind, _ name: String) -> Refusal {
    Refusal(
      "form-question", clause: "M4-org-info-form-c", field: "further",
      expected: "a new name of lower-case letters, digits and hyphens, a title in one line, and "
        + "1 to 1,000 characters for the answer", found: "\(name.prefix(40))",
      remedy: "See which questions each version asks: smki form show \(form.rawValue).")
  }

  /// M4-org-info-form-c: a version has a name of its own.
  package static func formVersionName(_ form: FormKind, _ version: String) -> Refusal {
    Refusal(
      "form-version-name", clause: "M4-org-info-form-c", field: "version",
      expected: "1 to 20 letters, digits and points", found: "“\(version.prefix(40))”",
      remedy: "Name it 2, or 2.1.")
  }

  /// M4-org-info-form-c: a version is never proposed twice.
  package static func formVersionExists(_ form: FormKind, _ version: String) -> Refusal {
    Refusal(
      "form-version-exists", clause: "M4-org-info-form-c", field: "version",
      expected: "a new version of \(form.rawValue)", found: version,
      remedy: "Give the version a name of its own.")
  }

  /// M4-org-info-form-c: only what was proposed is approved.
  package static func formVersionUnknown(_ form: FormKind, _ version: String) -> Refusal {
    Refusal(
      "form-version-unknown", clause: "M4-org-info-form-c", field: "version",
      expected: "a version of \(form.rawValue) that was proposed", found: version,
      remedy: "Propose it first: smki form propose.")
  }

  /// M4-org-info-form-c: an approval has something to show for it.
  package static func formEvidence(_ forms: String) -> Refusal {
    Refusal(
      "form-evidence", clause: "M4-org-info-form-c", field: "evidence",
      expected: "the number of the PMA's decision on \(forms)", found: "nothing",
      remedy: "Name the decision with --evidence.")
  }

  /// M4-org-info-form-c: a version that the PMA has not approved is not used.
  package static func formNotInForce(
    _ form: FormKind, _ version: String, _ inForce: String?
  ) -> Refusal {
    Refusal(
      "form-not-in-force", clause: "M4-org-info-form-c", field: "version",
      expected: inForce.map { "version \($0) of \(form.rawValue)" }
        ?? "a version of \(form.rawValue) that the PMA has approved",
      found: "version \(version.prefix(40))",
      remedy: "Fill in the version in force: smki form show \(form.rawValue) --template.")
  }

  /// M4-org-info-form: an answer to a question that the form does not ask.
  package static func formFieldUnknown(
    _ form: FormKind, _ name: String, _ known: [String]
  ) -> Refusal {
    Refusal(
      "form-field-unknown", clause: "M4-org-info-form", field: "\(name.prefix(40))",
      expected: known.joined(separator: ", "), found: "another name",
      remedy: "See the form: smki form show \(form.rawValue).")
  }

  /// M4-org-info-form-a: everything that is asked is answered.
  package static func formIncomplete(_ form: FormKind, _ missing: [String]) -> Refusal {
    Refusal(
      "form-incomplete", clause: "M4-org-info-form-a", field: missing.joined(separator: ", "),
      expected: "an answer to each required question of \(form.rawValue)", found: "none",
      remedy: "Complete the form and hand it in again.")
  }

  /// M4-org-info-form-a: an answer has the form that its question asks for.
  package static func formAnswer(_ field: FormField, found: String) -> Refusal {
    Refusal(
      "form-answer", clause: "M4-org-info-form-a", field: field.name, expected: field.form,
      found: found, remedy: "Correct the answer and hand the form in again.")
  }

  /// RAPP-5.1: there is no such case.
  package static func caseUnknown(_ number: Int) -> Refusal {
    Refusal(
      "case-unknown", clause: "RAPP-5.1", field: "case", expected: "the number of a case",
      found: "\(number)", remedy: "List them: smki application list.")
  }

  /// L3.3: a case is decided once.
  package static func caseDecided(_ it: Submission) -> Refusal {
    Refusal(
      "case-decided", clause: "L3.3", field: "case", expected: "a case that is open",
      found: "case \(it.id), \(it.state.rawValue) by \(it.decider ?? "nobody")",
      remedy: "Hand the form in again.")
  }

  /// RAPP-5.1: each case has steps of its own.
  package static func stepNotOfCase(_ form: FormKind, _ it: Submission) -> Refusal {
    Refusal(
      "step-not-of-case", clause: "RAPP-5.1", field: "case",
      expected: it.form.steps.isEmpty
        ? "a case with steps" : it.form.steps.map(\.rawValue).joined(separator: ", "),
      found: "\(form.rawValue) for case \(it.id), \(it.form.rawValue)",
      remedy: "Name the case that the step belongs to.")
  }

  /// RAPP-two-people: nobody approves what he or she asked for.
  package static func samePerson(_ it: Submission, _ officer: Actor) -> Refusal {
    Refusal(
      "same-person", clause: "RAPP-two-people", field: "officer",
      expected: "an officer who entered nothing of case \(it.id) and is not its subject",
      found: officer.name, remedy: "Have another registration officer decide.")
  }

  /// L3.3: a case is approved when all its steps have passed.
  package static func stepsOpen(_ it: Submission, _ steps: [CaseStep], at moment: Time) -> Refusal {
    Refusal(
      "steps-open", clause: "L3.3", field: "case", expected: "every step of case \(it.id) passed",
      found: steps.map { "\($0.form.rawValue) \($0.standing(at: moment))" }
        .joined(separator: ", "),
      remedy: "Record the steps: smki form submit.")
  }

  /// L3.3: who has completed the steps cannot be refused.
  package static func refusalWithoutStep(_ it: Submission) -> Refusal {
    Refusal(
      "refusal-without-failed-step", clause: "L3.3", field: "case",
      expected: "a step of case \(it.id) that failed or is overdue", found: "none",
      remedy: "Approve it, or record the step that failed.")
  }

  /// RAPP-5.3: who asks for a party is a Senior Responsible Officer of it.
  package static func notASeniorOfficer(
    _ id: String, of party: String, _ field: String
  ) -> Refusal {
    Refusal(
      "not-a-senior-officer", clause: "RAPP-5.3", field: field,
      expected: "an active Senior Responsible Officer of \(party)", found: id,
      remedy: "See who is enrolled: smki person list --party \(party).")
  }

  /// RAPP-5.3: somebody who is enrolled is not nominated again before the last year.
  package static func personEnrolled(_ person: EnrolledPerson) -> Refusal {
    Refusal(
      "person-enrolled", clause: "RAPP-5.3", field: "person",
      expected: "somebody who is not enrolled, or whose enrolment ends within a year",
      found: "\(person.id) of \(person.party), until \(person.expires.rfc3339)",
      remedy: "Choose another identifier for another person.")
  }

  /// N4-1-aro: there is no such person.
  package static func personUnknown(_ id: String, _ party: String?) -> Refusal {
    Refusal(
      "person-unknown", clause: "N4-1-aro", field: "person",
      expected: party.map { "somebody enrolled for \($0)" } ?? "somebody enrolled",
      found: "\(id.prefix(80))", remedy: "See who is enrolled: smki person list.")
  }

  /// C3-126: an agreement is accepted in the version in force.
  package static func agreementNotInForce(_ kind: String, _ inForce: String?) -> Refusal {
    Refusal(
      "agreement-not-in-force", clause: "C3-126", field: "version",
      expected: inForce.map { "version \($0) of the \(kind) agreement" }
        ?? "an agreement that is in force", found: "another",
      remedy: "See which is in force: smki agreement list.")
  }

  /// C3-126: a version is published once.
  package static func agreementExists(_ kind: AgreementKind, _ version: String) -> Refusal {
    Refusal(
      "agreement-exists", clause: "C3-126", field: "version",
      expected: "a new version of the \(kind.rawValue) agreement", found: version,
      remedy: "Give the version a name of its own.")
  }

  /// C3-126: an agreement has a version and something to show for it.
  package static func agreementEvidence(_ kind: AgreementKind) -> Refusal {
    Refusal(
      "agreement-evidence", clause: "C3-126", field: "evidence",
      expected: "a version, and where it was published", found: "nothing",
      remedy: "Name both: smki agreement publish --version --evidence.")
  }

  /// RAPP-8.3.3: any member of the PMA, or the manager, and nobody else.
  package static func revocationRequester(_ found: String) -> Refusal {
    Refusal(
      "revocation-requester", clause: "RAPP-8.3.3", field: "requester",
      expected: Enrolment.requestersOfRevocation.joined(separator: " or "),
      found: "\(found.prefix(60))",
      remedy: "Have a member of the SMKI PMA or the Registration Authority Manager ask.")
  }

  /// ENG-personal-data: what a person said is needed while the person acts.
  package static func personActive(_ person: EnrolledPerson) -> Refusal {
    Refusal(
      "person-active", clause: "ENG-personal-data", field: "person",
      expected: "somebody who has left", found: "\(person.id), who acts for \(person.party)",
      remedy: "Record the leaving first: smki form submit, form leaving.")
  }

  /// ENG-personal-data: there is nothing to erase.
  package static func nothingKept(_ subject: String) -> Refusal {
    Refusal(
      "nothing-kept", clause: "ENG-personal-data", field: "person",
      expected: "somebody of whom something is kept", found: "\(subject.prefix(80))",
      remedy: "Nothing has to be done.")
  }

  /// P3-2.2-service-desk: a call has a channel, a request and what was done.
  package static func deskNote(_ channel: String) -> Refusal {
    Refusal(
      "desk-note", clause: "P3-2.2-service-desk", field: "channel",
      expected: DeskNote.channels.joined(separator: ", ") + "; a request; what was done",
      found: "\(channel.prefix(40))", remedy: "Say how the call came, what for, and what was done.")
  }

  /// M4-ra-revoke-how: a revoked officer does nothing any more.
  package static func officerRevoked(_ name: String, _ revoked: Time) -> Refusal {
    Refusal(
      "officer-revoked", clause: "M4-ra-revoke-how", field: "officer",
      expected: "an officer whose credentials are in force",
      found: "\(name), revoked \(revoked.rfc3339)",
      remedy: "Ask the Registration Authority Manager.")
  }

  /// M4-ra-revoke-how: while there is a manager, who acts as registration officer is enrolled.
  package static func officerNotEnrolled(_ name: String) -> Refusal {
    Refusal(
      "officer-not-enrolled", clause: "M4-ra-revoke-how", field: "officer",
      expected: "an officer who is enrolled with the form personnel-nomination", found: name,
      remedy: "Hand in the form, and have an enrolled officer approve it: smki officer list.")
  }
}
