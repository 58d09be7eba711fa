// SPDX-License-Identifier: Apache-2.0

package import SEC

/// Every way in which the business of the PMA says no.
extension Refusal {
  /// L1.17: the list of the edition in force has no such business.
  package static func noSuchBusiness(_ kind: MatterKind, _ edition: Edition) -> Refusal {
    Refusal(
      "no-such-business", clause: "L1.17", field: "kind",
      expected: "business that the rules of the day give the PMA",
      found: "\(kind.rawValue), under the rules of \(edition.rawValue)",
      remedy: "List the business: smki pma business.")
  }

  /// L1.17: what it may be about.
  package static func matterSubject(
    _ kind: MatterKind, _ subject: String, _ allowed: [String]
  ) -> Refusal {
    Refusal(
      "matter-subject", clause: "L1.17", field: "subject",
      expected: allowed.isEmpty ? "something" : "one of \(allowed.joined(separator: ", "))",
      found: subject.isEmpty ? "nothing" : "\(subject), for \(kind.rawValue)",
      remedy: "List the business: smki pma business.")
  }

  /// L1.17: numbers are given once.
  package static func matterExists(_ id: String) -> Refusal {
    Refusal(
      "matter-exists", clause: "L1.17", field: "matter", expected: "a new number", found: id,
      remedy: "Choose another number.")
  }

  /// L1.17: no such matter.
  package static func matterUnknown(_ id: String) -> Refusal {
    Refusal(
      "matter-unknown", clause: "L1.17", field: "matter", expected: "the number of a matter",
      found: id, remedy: "List them: smki pma matters.")
  }

  /// L1.17: one step after the other.
  package static func matterStage(_ matter: Matter, _ expected: String) -> Refusal {
    Refusal(
      "matter-stage", clause: "L1.17", field: "matter", expected: expected,
      found: "\(matter.id), \(matter.state.rawValue)",
      remedy: "Look at it: smki pma matters.")
  }

  /// L1.17: a paper is a text that can be shown.
  package static func paperUnusable(_ name: String, _ octets: Int) -> Refusal {
    Refusal(
      "paper-unusable", clause: "L1.17", field: "paper",
      expected: "UTF-8 text of 1 to \(Paper.octetsMax) octets, under a name",
      found: "\(name), \(octets) octets", remedy: "Hand in the text, or its summary.")
  }

  /// L1.17: each matter is decided by its own kind of vote, to one of its outcomes.
  package static func matterVote(
    _ matter: Matter, _ kind: DecisionKind?, _ outcome: String
  ) -> Refusal {
    let rule = matter.rule
    return Refusal(
      "matter-vote", clause: rule?.clause ?? "L1.17", field: "outcome",
      expected: "\(rule?.decision?.rawValue ?? "a decision of the Panel") to "
        + (rule?.outcomes ?? []).joined(separator: ", "),
      found: "\(kind?.rawValue ?? "a decision of the Panel") to \(outcome)",
      remedy: "Put the motion as the rule has it: smki pma business.")
  }

  /// L1.17: nothing is decided before its papers are there.
  package static func papersMissing(
    _ matter: Matter, _ missing: [String], _ clause: Clause
  ) -> Refusal {
    Refusal(
      "papers-missing", clause: clause, field: "papers",
      expected: missing.joined(separator: ", "), found: "none of them for \(matter.id)",
      remedy: "File them: smki pma paper.")
  }

  /// L9.9(c): only what was directed is made, once.
  package static func amendmentUnknown(_ number: Int, _ matter: String) -> Refusal {
    Refusal(
      "amendment-unknown", clause: "L9.9(c)", field: "amendment",
      expected: "a directed amendment that was not made yet", found: "\(number) of \(matter)",
      remedy: "Look at them: smki pma report --kind matter.")
  }

  /// L1.17(e)(ii), L2.12: nobody is told before somebody has decided what must not be told to all.
  package static func redactionMissing(_ matter: Matter, _ clause: Clause) -> Refusal {
    Refusal(
      "redaction-missing", clause: clause, field: "redacted",
      expected: "the text for those who get a redacted copy", found: "none for \(matter.id)",
      remedy: "File it: smki pma paper --name redacted.")
  }

  /// M4-further-use: a direction is followed once, and something shows that it was.
  package static func directionNotStanding(_ vote: String, _ evidence: String) -> Refusal {
    Refusal(
      "direction-not-standing", clause: "M4-further-use", field: "vote",
      expected: "a direction that stands, and what shows that it was followed",
      found: evidence.isEmpty ? "\(vote), without evidence" : vote,
      remedy: "List them: smki pma directions. Another use takes another decision.")
  }

  /// L1.15: a motion says what is to be done.
  package static func termsMissing(_ kind: DecisionKind, _ missing: [String]) -> Refusal {
    Refusal(
      "terms-missing", clause: kind.clause, field: "term",
      expected: missing.joined(separator: ", "), found: "a motion without them",
      remedy: "Name them with --term NAME=VALUE.")
  }
}
