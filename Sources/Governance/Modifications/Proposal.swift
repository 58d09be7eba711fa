// SPDX-License-Identifier: Apache-2.0

package import Duties
package import SEC

/// A proposal to change the Code, so far as it concerns the PMA.
package struct Proposal: Hashable, Sendable {
  /// Who brought it in.
  package enum Proposer: String, Hashable, Sendable, CaseIterable {
    /// L1.19(a): the PMA, by a vote.
    case pma
    /// L1.19(b): one Member, after the PMA voted not to.
    case member
    /// C3-67: a Party, whose right to propose stands beside the PMA's.
    case party
  }

  /// How it is decided.
  package enum Path: String, Hashable, Sendable, CaseIterable {
    /// M4-self-gov: the vote of the Change Board.
    case selfGovernance = "self-governance"
    case authority = "authority-determined"

    /// Who decides on this path; never the PMA (R2-36).
    package var decider: String { self == .selfGovernance ? "Change Board" : "Authority" }
  }

  /// A number, such as `MP173`.
  package let id: String
  package let title: String
  package let proposer: Proposer
  /// M4-proposer: the person who brought it in, on the PMA's behalf or alone.
  package let person: String
  /// The documents that it changes, by their short titles.
  package let documents: [String]
  /// The edition in force when it was raised.
  package let edition: Edition
  package let path: Path
  /// The vote of the PMA to propose it, or not to; empty for a Party's.
  package let vote: String
  /// M4-review-trigger: the review that it came from; empty when none.
  package let source: String
  package let raised: Day
  /// What was decided; nil before.
  package let isApproved: Bool?
  /// M4-impl-a, M4-impl-b: the release that the day of the decision picks.
  package let release: Day?

  /// L1.17(d)@2014, L1.19(a)@2014: what it is called under the rules of the day.
  package var form: String {
    edition == .current ? "Draft Proposal" : "Modification Proposal"
  }

  func changed(
    path: Path? = nil, isApproved: Bool? = nil, release: Day? = nil
  ) -> Proposal {
    Proposal(
      id: id, title: title, proposer: proposer, person: person, documents: documents,
      edition: edition, path: path ?? self.path, vote: vote, source: source, raised: raised,
      isApproved: isApproved ?? self.isApproved, release: release ?? self.release)
  }
}

/// A step of a proposal, in the order in which they are taken.
package enum ProposalStage: String, Hashable, Sendable, CaseIterable {
  case raised
  /// M4-csc: the Change Sub-Committee comments on the issue.
  case commented
  /// M4-legal-text-consult
  case legalTextConsulted = "legal-text-consulted"
  /// M4-csc: from Draft Proposal to Modification Proposal.
  case converted
  /// M4-csc: the Modification Report is approved for consultation.
  case reportApproved = "report-approved"
  case reportConsulted = "report-consulted"
  case decided
  case implemented

  /// The steps of a proposal: before there was a Change Sub-Committee it took none.
  package static func all(ofSubCommittee hasSubCommittee: Bool) -> [ProposalStage] {
    allCases.filter { hasSubCommittee || ($0 != .commented && $0 != .converted) }
  }

  /// Who takes it; nil where anybody enters it.
  func body(_ proposal: Proposal, ofSubCommittee hasSubCommittee: Bool) -> String? {
    switch self {
    case .commented, .converted: "Change Sub-Committee"
    case .reportApproved: hasSubCommittee ? "Change Sub-Committee" : "Panel"
    case .decided: proposal.path.decider
    case .raised, .legalTextConsulted, .reportConsulted, .implemented: nil
    }
  }
}

/// M4-timetable: when a step is planned, and when it was taken.
package struct Progress: Hashable, Sendable {
  /// Which step, for when it was planned, and when it was taken.
  package let stage: ProposalStage
  package let planned: Day?
  package let actual: Day?
  /// Who took it, and what shows it.
  package let body: String
  package let evidence: String
}

/// L1.18: whether a proposal touches what the PMA answers for.
package struct Screening: Hashable, Sendable {
  /// When somebody looked, what was found, and why.
  package let day: Day
  package let affects: Bool
  package let reason: String
}

/// M4-impl-a: a day on which changes take effect, and the last day to decide on one for it.
package struct Release: Hashable, Sendable {
  /// When it takes effect, and the last day to decide for it.
  package let day: Day
  package let cutOff: Day

  /// A release, whole.
  package init(day: Day, cutOff: Day) {
    self.day = day
    self.cutOff = cutOff
  }

  /// M4-impl-a, M4-impl-b: the first release whose cut-off has not passed on the day of the
  /// decision; the cut-off itself is in time.
  package static func chosen(decided day: Day, from releases: [Release]) -> Release? {
    releases.filter { $0.cutOff >= day }.min { $0.day < $1.day }
  }
}

/// A consultation on a proposal.
package struct Consultation: Hashable, Sendable {
  /// On what.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case legalText = "legal-text"
    case report
  }

  /// On what, and its first and last day.
  package let kind: Kind
  package let opened: Day
  package let closes: Day
}

/// What an organisation answered; names of people and how to reach them are not kept (R2-front).
package struct ConsultationResponse: Hashable, Sendable {
  /// To which consultation, by whom, when, and what was said.
  package let kind: Consultation.Kind
  package let organisation: String
  package let day: Day
  package let text: String
  /// C3-front-2: published unless the respondent objects and says why.
  package let isPublic: Bool
  package let objection: String
  /// M4-legal-text-consult: what was made of it.
  package let disposition: String

  /// A response, whole.
  package init(
    kind: Consultation.Kind, organisation: String, day: Day, text: String, isPublic: Bool,
    objection: String, disposition: String
  ) {
    self.kind = kind
    self.organisation = organisation
    self.day = day
    self.text = text
    self.isPublic = isPublic
    self.objection = objection
    self.disposition = disposition
  }

  /// C3-front-1: whether it came after the consultation was closed.
  package func isLate(for consultation: Consultation) -> Bool { day > consultation.closes }
}
