// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
package import Records
package import SEC

extension Matters {
  /// L1.17: checks that a motion about a matter can be put: its kind of vote, its outcome, and
  /// every paper that has to lie there first.
  ///
  /// - Throws: `matter-unknown`, `matter-stage`, `matter-vote`, `papers-missing`.
  static func check(
    _ kind: DecisionKind, _ terms: [String: String], in reading: some Querying
  ) throws {
    guard let id = terms["matter"] else { return }
    let matter = try GovernanceRecords.matter(id, in: reading)
    guard matter.state == .open, let rule = matter.rule else {
      throw Refusal.matterStage(matter, "open")
    }
    let outcome = terms["outcome"] ?? ""
    var kinds = [rule.decision]
    // L1.17(i): each key has its own kind of vote.
    if matter.kind == .recoveryKey, outcome != "recovery-key" { kinds = [.useContingencyKey] }
    if matter.kind == .recoveryKey, outcome == "no-use" { kinds.append(.useRecoveryKey) }
    guard kinds.contains(kind), rule.outcomes.contains(outcome) else {
      throw Refusal.matterVote(matter, kind, outcome)
    }
    try checkPapers(of: matter, rule, outcome, in: reading)
  }

  private static func checkPapers(
    of matter: Matter, _ rule: MatterRule, _ outcome: String, in reading: some Querying
  ) throws {
    let filed = Set(try GovernanceRecords.papers(of: matter.id, in: reading).map(\.name))
    var needed = rule.papers
    // L1.17(h): the costs of assessments are thought of whenever the Compliance Policy is reviewed.
    if matter.kind == .smkiDocumentReview, matter.subject == "Compliance Policy" {
      needed.append("cost-liability")
    }
    let missing = needed.filter { !filed.contains($0) }
    guard missing.isEmpty else {
      throw Refusal.papersMissing(
        matter, missing, missing == ["cost-liability"] ? "L1.17(h)" : rule.clause)
    }
    if outcome == "approved-subject-to" {
      guard try !GovernanceRecords.amendments(of: matter.id, in: reading).isEmpty else {
        throw Refusal.papersMissing(matter, ["amendments"], "L9.9(b)(ii)")
      }
    }
  }

  /// L1.17, L9.9(b)(i), L9.15(b)(i): decides a matter by what was carried, in the transaction that
  /// uses the decision up.
  ///
  /// - Throws: `matter-unknown`, `matter-stage`.
  package static func decide(
    _ effect: borrowing Effect, on day: Day, in transaction: Transaction
  ) throws {
    guard let id = effect.terms["matter"], let outcome = effect.terms["outcome"] else { return }
    let matter = try GovernanceRecords.matter(id, in: transaction)
    guard matter.state == .open else { throw Refusal.matterStage(matter, "open") }
    let isAmending = outcome == "approved-subject-to"
    try GovernanceRecords.keep(
      matter.changed(
        state: isAmending ? .amending : .decided, outcome: outcome, vote: effect.vote,
        decided: isAmending ? nil : day), in: transaction)
  }

  /// Decides a matter of the Panel, whose minute lies there.
  ///
  /// - Throws: `matter-unknown`, `matter-stage`, `matter-vote`, `papers-missing`.
  package func enterPanelDecision(
    _ outcome: String, of id: String, at moment: Time, by actor: Actor
  ) throws {
    let known: Matter = try records.read { try GovernanceRecords.matter(id, in: $0) }
    let entry = Entry(
      actor, "panel-decision-entered", clause: known.rule?.clause ?? "L1.17(s)", at: moment,
      facts: ["subject": id, "outcome": outcome])
    try records.write(entry) { transaction in
      let matter = try GovernanceRecords.matter(id, in: transaction)
      guard matter.state == .open, let rule = matter.rule else {
        throw Refusal.matterStage(matter, "open")
      }
      guard rule.decision == nil, rule.outcomes.contains(outcome) else {
        throw Refusal.matterVote(matter, nil, outcome)
      }
      try Self.checkPapers(of: matter, rule, outcome, in: transaction)
      try GovernanceRecords.keep(
        matter.changed(state: .decided, outcome: outcome, decided: Day(moment)), in: transaction)
    }
  }

  /// L1.17(e)(i), L1.17(e)(ii), L1.17(q)(i), L1.17(q)(ii): tells everybody whom the rule names at
  /// once; where some get a redacted copy, nobody is told before it is there.
  ///
  /// Its entry is what discharges the duty.
  ///
  /// - Throws: `matter-unknown`, `matter-stage`, `redaction-missing`.
  package func issue(_ id: String, at moment: Time, by actor: Actor) throws {
    let known: Matter = try records.read { try GovernanceRecords.matter(id, in: $0) }
    let entry = Entry(
      actor, known.kind.action, clause: known.rule?.clause ?? "L1.17(s)", at: moment,
      facts: ["subject": known.subject, "matter": id, "outcome": known.outcome])
    try records.write(entry) { transaction in
      let matter = try GovernanceRecords.matter(id, in: transaction)
      guard matter.state == .decided, let rule = matter.rule else {
        throw Refusal.matterStage(matter, "decided")
      }
      let isQuiet = MatterKind.quiet.contains(matter.outcome)
      let papers = Set(try GovernanceRecords.papers(of: id, in: transaction).map(\.name))
      let isRedacted = papers.contains(MatterRule.redaction)
      let recipients = (isQuiet ? [] : rule.recipients).filter {
        $0.form == .full || isRedacted || !matter.mayKeepFromParties
      }
      if !isRedacted, let first = recipients.first(where: { $0.form == .redacted }) {
        throw Refusal.redactionMissing(matter, first.clause)
      }
      for recipient in recipients {
        try transaction.keep(
          GovernanceRecords.notice,
          [
            .text(id), .text(recipient.name), .text(recipient.form.rawValue),
            .text(recipient.clause.id), .day(Day(moment)),
          ])
      }
      try GovernanceRecords.keep(
        matter.changed(state: .issued, issued: Day(moment)), in: transaction)
    }
  }
}
