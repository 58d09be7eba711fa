// SPDX-License-Identifier: Apache-2.0

package import Duties
package import SEC

/// Every way in which proposals say no.
extension Refusal {
  /// L1.18: numbers are given once.
  package static func proposalExists(_ id: String) -> Refusal {
    Refusal(
      "proposal-exists", clause: "L1.18", field: "proposal", expected: "a new number",
      found: id.isEmpty ? "none" : id, remedy: "Choose another number.")
  }

  /// L1.18: no such proposal.
  package static func proposalUnknown(_ id: String) -> Refusal {
    Refusal(
      "proposal-unknown", clause: "L1.18", field: "proposal",
      expected: "the number of a proposal", found: id,
      remedy: "List them: smki pma proposals.")
  }

  /// L1.18: something that has to be named is not.
  package static func proposalUnusable(_ id: String, _ expected: String) -> Refusal {
    Refusal(
      "proposal-unusable", clause: "L1.18", field: "proposal", expected: expected,
      found: "\(id) without", remedy: "Name it.")
  }

  /// L1.19(a): which documents the PMA may propose to change.
  package static func proposalOutOfReach(_ document: String, _ edition: Edition) -> Refusal {
    Refusal(
      "proposal-out-of-reach", clause: "L1.19(a)", field: "documents",
      expected: edition == .current
        ? "SMKI SEC Documents and S1SPKM SEC Documents" : "SMKI SEC Documents",
      found: document, remedy: "List them: smki pma documents.")
  }

  /// L1.19(b): a Member goes alone only after the PMA voted not to.
  package static func noLostVote(_ vote: Vote) -> Refusal {
    Refusal(
      "no-lost-vote", clause: "L1.19(b)", field: "vote",
      expected: "a vote of the PMA not to propose it",
      found: "\(vote.id), \(vote.kind.rawValue), "
        + (vote.outcome == .open ? "open" : vote.outcome.rawValue),
      remedy: "Put it to the PMA first: smki pma vote --kind propose-modification.")
  }

  /// L1.19(b): only a Member may.
  package static func noMember(_ person: String) -> Refusal {
    Refusal(
      "no-member", clause: "L1.19(b)", field: "person", expected: "a Member of the PMA",
      found: person, remedy: "List the seats: smki pma seats.")
  }

  /// L1.18: a proposal is screened once.
  package static func screenedAlready(_ id: String) -> Refusal {
    Refusal(
      "screened-already", clause: "L1.18", field: "proposal",
      expected: "a proposal that was not screened yet", found: id,
      remedy: "Nothing has to be done.")
  }

  /// L1.18: what changes one of the PMA's documents affects them.
  package static func screeningContradicted(_ id: String, _ document: String) -> Refusal {
    Refusal(
      "screening-contradicted", clause: "L1.18", field: "affects",
      expected: "yes: \(document) is one of the documents that the PMA answers for",
      found: "no, for \(id)", remedy: "Flag it.")
  }

  /// M4-impl-a: the last day to decide comes before the release.
  package static func releaseUnusable(_ day: Day, _ cutOff: Day) -> Refusal {
    Refusal(
      "release-unusable", clause: "M4-impl-a", field: "cut-off",
      expected: "a day no later than \(day)", found: "\(cutOff)",
      remedy: "Give an earlier cut-off.")
  }

  /// M4-impl-b: no release is left for the day.
  package static func noRelease(_ proposal: Proposal, _ day: Day) -> Refusal {
    Refusal(
      "no-release", clause: "M4-impl-b", field: "release",
      expected: "a release whose cut-off is \(day) or later", found: "none for \(proposal.id)",
      remedy: "Enter the next release: smki pma release.")
  }

  /// M4-timetable: one step after the other.
  package static func stageOrder(
    _ proposal: Proposal, _ stage: ProposalStage, _ expected: String
  ) -> Refusal {
    Refusal(
      "stage-order", clause: "M4-timetable", field: "stage", expected: expected,
      found: "\(stage.rawValue) of \(proposal.id)",
      remedy: "Look at it: smki pma report --kind modification.")
  }

  /// M4-csc, R2-36: each step has its body, and the PMA decides no proposal.
  package static func notTheBody(
    _ stage: ProposalStage, _ expected: String, _ found: String
  ) -> Refusal {
    Refusal(
      "not-the-body", clause: stage == .decided ? "R2-36" : "M4-csc", field: "body",
      expected: expected, found: "\(found), for \(stage.rawValue)",
      remedy: "Enter it when that body has acted.")
  }

  /// M4-report-content: a report is whole before it is approved.
  package static func reportIncomplete(_ proposal: Proposal, _ missing: [String]) -> Refusal {
    Refusal(
      "report-incomplete", clause: "M4-report-content", field: "report",
      expected: missing.prefix(6).joined(separator: ", ")
        + (missing.count > 6 ? " and \(missing.count - 6) more" : ""),
      found: "nothing for \(proposal.id)", remedy: "Enter them: smki pma remark.")
  }

  /// M4-legal-text-consult: a consultation is over, and every comment was dealt with.
  package static func consultationOpen(
    _ proposal: Proposal, _ kind: Consultation.Kind
  ) -> Refusal {
    Refusal(
      "consultation-open", clause: "M4-legal-text-consult", field: "consultation",
      expected: "a consultation on the \(kind.rawValue) that was opened, for the step one that is "
        + "closed with each response dealt with",
      found: "none for \(proposal.id)", remedy: "Look at it: smki pma report --kind modification.")
  }

  /// C3-front-1: a consultation leaves time.
  package static func consultationDays(_ opened: Day, _ closes: Day) -> Refusal {
    Refusal(
      "consultation-days", clause: "C3-front-1", field: "closes",
      expected: "a day after \(opened)", found: "\(closes)", remedy: "Give more time.")
  }

  /// C3-front-2: who objects to publication says why, and nobody else does.
  package static func responseUnusable(_ response: ConsultationResponse) -> Refusal {
    Refusal(
      "response-unusable", clause: "C3-front-2", field: "response",
      expected: "an organisation and its text; a reason where it is not to be published",
      found: "\(response.organisation), \(response.isPublic ? "public" : "confidential")",
      remedy: "Name the reason, or leave it out.")
  }

  /// M4-report-content: what can stand in a report.
  package static func remarkUnusable(_ remark: Remark) -> Refusal {
    Refusal(
      "remark-unusable", clause: remark.topic.clause, field: remark.topic.rawValue,
      expected: "a name and a value of the list, and a text where one is asked for",
      found: "\(remark.name) \(remark.value)", remedy: "See smki pma remark --help.")
  }
}
