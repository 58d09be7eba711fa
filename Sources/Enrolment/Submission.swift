// SPDX-License-Identifier: Apache-2.0

package import DER
import SEC

/// A form that was filled in and handed to the Registration Authority.
package struct Submission: Hashable, Sendable {
  /// How it stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// A case that waits for its steps and its decision.
    case submitted
    case approved
    case refused
    case withdrawn
    /// A step, or a form that holds at once: there is nothing to decide.
    case recorded

    /// Where it can go from here.
    package var next: Set<State> {
      switch self {
      case .submitted: [.approved, .refused, .withdrawn]
      case .approved, .refused, .withdrawn, .recorded: []
      }
    }
  }

  /// Counted from 1.
  package let id: Int
  package let form: FormKind
  package let version: String
  /// The party that it is about; empty for a registration officer's.
  package let party: String
  /// The person that it is about, or empty.
  package let person: String
  /// The case of which this is a step.
  package let about: Int?
  /// The officer who entered it.
  package let proposer: String
  package let submitted: Time
  /// When it should be decided, or the step done.
  package let due: Time?
  package let state: State
  /// The officer who decided.
  package let decider: String?
  package let decided: Time?
  /// Why it was refused or withdrawn.
  package let reason: String?
  /// The answers that are about nobody, by question.
  package let answers: [String: [String]]

  /// The first answer to a question, or nil.
  package func answer(_ name: String) -> String? { answers[name]?.first }

  /// Under which name what persons said here is kept: the person's own, or the form's.
  package var subject: String { person.isEmpty ? "form-\(id)" : person }

  /// The same, decided.
  func becoming(
    _ state: State, at moment: Time, by officer: Actor, because reason: String?
  )
    -> Submission
  {
    Submission(
      id: id, form: form, version: version, party: party, person: person, about: about,
      proposer: proposer, submitted: submitted, due: due, state: state, decider: officer.name,
      decided: moment, reason: reason, answers: answers)
  }
}

/// A step of a case: its form, when it is due, and what was recorded.
package struct CaseStep: Hashable, Sendable {
  /// What records it, and by when it is to be done.
  package let form: FormKind
  package let due: Time
  /// The newest form that records it, or nil.
  package let record: Submission?

  /// How it stands at a moment, in a word.
  package func standing(at moment: Time) -> String {
    switch record?.answer("outcome") {
    case "passed": "passed"
    case .some: "failed"
    case nil: moment > due ? "overdue" : "open"
    }
  }

  /// Whether it was done and passed.
  package var isPassed: Bool { record?.answer("outcome") == "passed" }
}

/// Somebody who may act for a party, known here by an identifier that says nothing of him or her.
package struct EnrolledPerson: Hashable, Sendable {
  /// What somebody may do for a party.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    /// Nominates others and confirms requests.
    case seniorResponsibleOfficer = "sro"
    /// Uses the interfaces.
    case authorisedResponsibleOfficer = "aro"
    /// Verifies, decides and issues for the Registration Authority.
    case registrationOfficer = "registration-officer"
    /// Runs the Registration Authority.
    case registrationManager = "registration-manager"

    /// M4-ra-revoke-how: the roles of the Registration Authority's own people.
    package static let personnel: [Role] = [.registrationOfficer, .registrationManager]
  }

  /// Under which name the Registration Authority's own people stand beside those of parties.
  package static let registrationAuthority = "registration-authority"

  /// The person's identifier, and for whom and as what he or she acts.
  package let id: String
  package let party: String
  package let role: Role
  /// The case by which the person was enrolled.
  package let application: Int
  package let since: Time
  /// When the enrolment ends unless it is done again.
  package let expires: Time
  /// When the person left, or nil.
  package let left: Time?

  /// Whether the person may act at a moment.
  package func isActive(at moment: Time) -> Bool { left == nil && moment < expires }
}

/// The agreements that a party accepts.
package enum AgreementKind: String, Hashable, Sendable, CaseIterable {
  /// C3-126-1: between the DCC and those who subscribe.
  case subscriber
  /// C3-126-2: for those who rely on certificates.
  case relyingParty = "relying-party"
}

/// A version of an agreement, in force until the next one is.
package struct Agreement: Hashable, Sendable {
  /// Which agreement, which version, and its first moment in force.
  package let kind: AgreementKind
  package let version: String
  package let inForce: Time
  /// What shows that the PMA published it.
  package let evidence: String

  /// An agreement, whole.
  package init(kind: AgreementKind, version: String, inForce: Time, evidence: String) {
    self.kind = kind
    self.version = version
    self.inForce = inForce
    self.evidence = evidence
  }
}
