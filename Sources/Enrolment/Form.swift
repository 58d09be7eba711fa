// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// The forms of the Registration Authority Policies and Procedures, and what each is for.
package enum FormKind: String, Hashable, Sendable, CaseIterable {
  /// Annex A1: who the organisation is, and which identifiers serve which User Role.
  case organisationInformation = "organisation-information"
  /// Annex A2: nominates a Senior Responsible Officer.
  case officerNomination = "sro-nomination"
  /// Annex A3: nominates an Authorised Responsible Officer.
  case responsibleNomination = "aro-nomination"
  /// M4-ra-revoke-how: nominates an officer or the manager of the Registration Authority.
  case personnelNomination = "personnel-nomination"
  /// Asks that the party become an Authorised Subscriber under a policy.
  case subscriberApplication = "subscriber-application"
  /// Annex A7: asks that the credentials of a registration officer be revoked.
  case officerRevocation = "officer-revocation"
  /// How the identity of the organisation was verified.
  case organisationIdentity = "organisation-identity"
  /// How the identity of a person was verified.
  case individualIdentity = "individual-identity"
  /// How a person was screened.
  case screening
  /// The meeting with the person, face to face.
  case meeting
  /// How whoever asks for a revocation was verified.
  case requesterCheck = "requester-check"
  /// The party accepts an agreement in the version in force.
  case agreementAcceptance = "agreement-acceptance"
  /// A person ceases to act for the party.
  case leaving
  /// C3-131: what a supplier that has opted out agreed with the DCC.
  case optedOutArrangement = "opted-out-arrangement"

  /// The annex of the document, where one is known.
  package var annex: String? {
    switch self {
    case .organisationInformation: "A1"
    case .officerNomination: "A2"
    case .responsibleNomination: "A3"
    case .officerRevocation: "A7"
    default: nil
    }
  }

  /// What submitting it does.
  package enum Effect: String, Hashable, Sendable {
    /// Opens a case that somebody else decides.
    case opensCase = "opens a case"
    /// Records a step of a case.
    case recordsStep = "records a step"
    /// Holds at once.
    case holdsAtOnce = "holds at once"
  }

  /// What submitting it does.
  package var effect: Effect {
    switch self {
    case .organisationInformation, .officerNomination, .responsibleNomination,
      .personnelNomination, .subscriberApplication, .officerRevocation:
      .opensCase
    case .organisationIdentity, .individualIdentity, .screening, .meeting, .requesterCheck:
      .recordsStep
    case .agreementAcceptance, .leaving, .optedOutArrangement: .holdsAtOnce
    }
  }

  /// RAPP-5.1, RAPP-5.2, RAPP-5.3: the steps that a case of this form needs, each with a form.
  package var steps: [FormKind] {
    switch self {
    case .organisationInformation: [.organisationIdentity]
    case .officerNomination: [.individualIdentity, .meeting]
    case .responsibleNomination, .personnelNomination: [.individualIdentity, .screening, .meeting]
    case .officerRevocation: [.requesterCheck]
    default: []
    }
  }

  /// The rule that asks for it.
  package var clause: Clause {
    switch self {
    case .organisationInformation, .organisationIdentity: "RAPP-5.1"
    case .officerNomination: "RAPP-5.2"
    case .responsibleNomination, .individualIdentity, .meeting, .leaving: "RAPP-5.3"
    case .screening: "MP127-screening"
    case .subscriberApplication: "L3.2"
    case .officerRevocation, .requesterCheck: "RAPP-8.3.3"
    case .personnelNomination: "M4-ra-revoke-how"
    case .agreementAcceptance: "C3-126"
    case .optedOutArrangement: "C3-131"
    }
  }

  /// How long what persons say on it is kept once the person has left.
  package var retention: PersonalKind {
    switch self {
    case .screening: .screening
    case .organisationIdentity, .individualIdentity, .requesterCheck: .identity
    case .officerNomination, .responsibleNomination, .personnelNomination: .contact
    default: .declaration
    }
  }
}

/// One question of a form.
package struct FormField: Hashable, Sendable {
  /// What an answer has to look like.
  package enum Kind: Hashable, Sendable {
    /// Text of so many characters at most.
    case text(Int)
    /// One of these words.
    case word([String])
    /// An identifier: lower-case letters, digits and hyphens.
    case identifier
    /// A day, `YYYY-MM-DD`.
    case date
    /// A whole number.
    case number
    /// The User Roles joined by `+`, the Remote Party Role Codes joined by `+`, first and last
    /// EUI-64, with a blank between.
    case identifiers
    /// `yes`, and nothing else will do.
    case confirmation
  }

  package let name: String
  /// The question, for people.
  package let title: String
  package let kind: Kind
  package let isRequired: Bool
  /// Whether it takes several answers.
  package let isRepeated: Bool
  /// ENG-personal-data: whether the answer is about a person and stays outside the audit tree.
  package let isPersonal: Bool

  /// A question, whole.
  package init(
    _ name: String, _ title: String, _ kind: Kind = .text(120), isRequired: Bool = true,
    isRepeated: Bool = false, isPersonal: Bool = false
  ) {
    self.name = name
    self.title = title
    self.kind = kind
    self.isRequired = isRequired
    self.isRepeated = isRepeated
    self.isPersonal = isPersonal
  }

  /// What an answer looks like, for people.
  package var form: String {
    switch kind {
    case .text(let most): "text of 1 to \(most) characters"
    case .word(let words): "one of " + words.joined(separator: ", ")
    case .identifier: "lower-case letters, digits and hyphens"
    case .date: "a day as YYYY-MM-DD"
    case .number: "a whole number"
    case .identifiers: "ROLE+… CODE+… FIRST LAST"
    case .confirmation: "yes"
    }
  }

  /// Whether an answer has the form that the question asks for.
  package func takes(_ answer: String) -> Bool {
    switch kind {
    case .text(let most):
      (1...most).contains(answer.count)
        && answer.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    case .word(let words): words.contains(answer)
    case .identifier:
      (1...64).contains(answer.utf8.count)
        && answer.utf8.allSatisfy {
          (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
        }
    case .date: Day.time(answer) != nil
    case .number: Int(answer).map { $0 > 0 } ?? false
    case .identifiers: IdentifierClaim(answer) != nil
    case .confirmation: answer == "yes"
    }
  }
}

/// A day of the calendar as forms have it.
package enum Day {
  /// The first moment of a day, `YYYY-MM-DD`, in UTC.
  package static func time(_ text: String) -> Time? {
    text.utf8.count == 10 ? Time(rfc3339: "\(text)T00:00:00Z") : nil
  }

  /// The day of a moment.
  package static func text(_ moment: Time) -> String { String(moment.rfc3339.prefix(10)) }
}

/// M4-org-info-form-c: one line of the map from identifiers to User Roles.
///
/// Several roles in one line share the identifiers, as H1.5 allows for some.
package struct IdentifierClaim: Hashable, Sendable {
  /// The roles that share the identifiers, their Remote Party Roles, and both ends.
  package let roles: Set<UserRole>
  package let codes: [RoleCode]
  package let first: EntityID
  package let last: EntityID

  /// Reads a line; nil when it has another form.
  ///
  /// Whether the range is backwards is asked later.
  package init?(_ text: String) {
    let parts = text.split(separator: " ").map(String.init)
    guard parts.count == 4, let first = EntityID(parts[2]), let last = EntityID(parts[3]) else {
      return nil
    }
    let roles = parts[0].split(separator: "+").map { UserRole(rawValue: String($0)) }
    let codes = parts[1].split(separator: "+").map { RoleCode(hex: String($0)) }
    guard !roles.isEmpty, !codes.isEmpty, !roles.contains(nil), !codes.contains(nil) else {
      return nil
    }
    self.roles = Set(roles.compactMap(\.self))
    self.codes = codes.compactMap(\.self)
    self.first = first
    self.last = last
  }
}
