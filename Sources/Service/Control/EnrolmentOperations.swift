// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Enrolment
import Parties
import Records
import Registration
package import SEC

/// RAPP-5.1 to RAPP-5.4: hands in a filled form.
package struct SubmitForm: ControlRequest {
  /// The form, as it was filled in.
  package let filled: FilledForm

  package static let name = "form-submit"
  package static let role = Actor.Role.registrationOfficer

  /// What became of it.
  package struct Answer: Codable, Sendable {
    /// The number of the submission; for a case, the number of the case.
    package let number: Int
    /// How it stands.
    package let state: String
    /// What it is about.
    package let party: String
    package let person: String
    /// When it should be decided, RFC 3339.
    package let due: String?
  }

  /// A form to be handed in.
  package init(filled: FilledForm) {
    self.filled = filled
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let form = try Control.word(filled.form, FormKind.init, "form")
    let it = try node.registration.enrolment.submit(
      form, version: filled.version, filled.plain, at: node.clock(), by: officer)
    return Answer(
      number: it.id, state: it.state.rawValue, party: it.party, person: it.person,
      due: it.due?.rfc3339)
  }
}

/// M4-org-info-form-c: proposes a version of a form.
package struct ProposeForm: ControlRequest {
  /// A question beyond those of all versions.
  package struct Question: Codable, Sendable {
    /// As a proposal has it; what is missing is 120 characters and false.
    package let name: String
    package let title: String
    package let characters: Int?
    package let required: Bool?
    package let repeated: Bool?
    package let personal: Bool?
  }

  /// The form, the name of the version, and its questions beyond those of all versions.
  package let form: String
  package let version: String
  package let further: [Question]

  package static let name = "form-propose"
  package static let role = Actor.Role.registrationOfficer

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.enrolment.propose(
      Control.word(form, FormKind.init, "form"), version: version,
      further: further.map { question in
        FormField(
          question.name, question.title, .text(question.characters ?? 120),
          isRequired: question.required ?? false, isRepeated: question.repeated ?? false,
          isPersonal: question.personal ?? false)
      }, at: node.clock(), by: officer)
    return Done(by: officer)
  }
}

/// M4-org-info-form-c: records that the PMA has approved a version of forms.
package struct ApproveForms: ControlRequest {
  /// The forms; none stands for all.
  package let forms: [String]
  package let version: String
  package let evidence: String

  package static let name = "form-approve"
  package static let role = Actor.Role.registrationOfficer

  /// Forms that were approved.
  package init(forms: [String], version: String, evidence: String) {
    self.forms = forms
    self.version = version
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let forms = try self.forms.map { try Control.word($0, FormKind.init, "form") }
    try node.registration.enrolment.approveForms(
      forms.isEmpty ? FormKind.allCases : forms, version: version, evidence: evidence,
      at: node.clock(), by: officer)
    return Done(by: officer)
  }
}

/// L3.3, RAPP-two-people: decides a case.
package struct DecideCase: ControlRequest {
  /// What an officer can say to a case.
  package enum Decision: String, Codable, Sendable, CaseIterable {
    case approve
    case refuse
    case withdraw
  }

  /// The number of the case, and why it is refused or withdrawn.
  package let number: Int
  package let decision: Decision
  package let reason: String

  package static let name = "case-decide"
  package static let role = Actor.Role.registrationOfficer

  /// A decision.
  package init(number: Int, decision: Decision, reason: String = "") {
    self.number = number
    self.decision = decision
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> SubmitForm.Answer {
    let now = node.clock()
    let registration = node.registration
    let it =
      switch decision {
      case .approve: try registration.approve(number, at: now, by: officer)
      case .refuse: try registration.refuse(number, because: reason, at: now, by: officer)
      case .withdraw:
        try registration.enrolment.withdraw(number, because: reason, at: now, by: officer)
      }
    return SubmitForm.Answer(
      number: it.id, state: it.state.rawValue, party: it.party, person: it.person,
      due: it.due?.rfc3339)
  }
}

/// C3-126: publishes a version of an agreement.
package struct PublishAgreement: ControlRequest {
  /// The agreement, its version, the day from which it is in force (nil: now), and what shows it.
  package let agreement: String
  package let version: String
  package let from: String?
  package let evidence: String

  package static let name = "agreement-publish"
  package static let role = Actor.Role.registrationOfficer

  /// An agreement to be published.
  package init(agreement: String, version: String, from: String?, evidence: String) {
    self.agreement = agreement
    self.version = version
    self.from = from
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let now = node.clock()
    let inForce = try from.map { try Control.word($0, Day.time, "from") }
    try node.registration.enrolment.publish(
      Agreement(
        kind: Control.word(agreement, AgreementKind.init, "agreement"), version: version,
        inForce: inForce ?? now, evidence: evidence), at: now, by: officer)
    return Done(by: officer)
  }
}

/// ENG-personal-data: erases what a person said.
package struct ErasePersonalData: ControlRequest {
  /// The person, or the form or call on which somebody else is named; and why.
  package let subject: String
  package let reason: String

  package static let name = "person-erase"
  package static let role = Actor.Role.registrationOfficer

  /// How many answers went.
  package struct Answer: Codable, Sendable {
    /// Answers that are gone.
    package let erased: Int
  }

  /// Something to be erased.
  package init(subject: String, reason: String) {
    self.subject = subject
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    Answer(
      erased: try node.registration.enrolment.erase(
        subject, because: reason, at: node.clock(), by: officer))
  }
}

/// ENG-personal-data: hands over everything that is kept of a person; that it was is in the audit.
package struct ExportPersonalData: ControlRequest {
  /// The person, or the form or call on which somebody else is named.
  package let subject: String

  package static let name = "person-export"
  package static let role = Actor.Role.registrationOfficer

  /// One thing that is or was known.
  package struct Datum: Codable, Sendable {
    /// Where it was said, and what; times are RFC 3339.
    package let source: String
    package let field: String
    package let kind: String
    package let collected: String
    package let value: String?
    package let keptUntil: String?
    package let erased: String?
  }

  /// A person whose data are wanted.
  package init(subject: String) {
    self.subject = subject
  }

  package func run(in node: Node, by officer: Actor) throws -> [Datum] {
    let enrolment = node.registration.enrolment
    let data = try enrolment.personalData(of: subject)
    guard !data.isEmpty else { throw Refusal.nothingKept(subject) }
    try node.records.write(
      Entry(
        officer, "personal-data-exported", clause: "ENG-personal-data", at: node.clock(),
        facts: ["subject": subject])
    ) { _ in }
    return try data.map { datum in
      Datum(
        source: datum.source, field: datum.field, kind: datum.kind.rawValue,
        collected: datum.collected.rfc3339, value: datum.value,
        keptUntil: datum.erased == nil ? try enrolment.keptUntil(datum)?.rfc3339 : nil,
        erased: datum.erased?.rfc3339)
    }
  }
}

/// P3-2.2-service-desk: keeps a call to the Service Desk.
package struct LogCall: ControlRequest {
  /// How the call came, for whom the caller speaks, and who that is, if enrolled.
  package let channel: String
  package let party: String
  package let person: String?
  /// The name of somebody who is not enrolled.
  package let caller: String?
  /// What the caller answered, by question of the nomination form.
  package let answers: [String: String]
  package let request: String
  package let action: String

  package static let name = "desk-log"
  package static let role = Actor.Role.registrationOfficer

  /// Whether the caller was identified.
  package struct Answer: Codable, Sendable {
    /// The number of the call, and how the caller was identified or why not.
    package let number: Int
    package let identified: String
  }

  /// A call to be kept.
  package init(
    channel: String, party: String, person: String?, caller: String?, answers: [String: String],
    request: String, action: String
  ) {
    self.channel = channel
    self.party = party
    self.person = person
    self.caller = caller
    self.answers = answers
    self.request = request
    self.action = action
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let call = try node.registration.enrolment.log(
      DeskNote(
        channel: channel, party: party, person: person, name: caller, answers: answers,
        request: request, action: action), at: node.clock(), by: officer)
    return Answer(number: call.id, identified: call.identified)
  }
}
