// SPDX-License-Identifier: Apache-2.0

/// What somebody with the power to do so has directed: by whom, by which decision, shown by what.
///
/// C3-71: the SMKI PMA directs revocations. The number of a decision and its evidence are what the
/// officer who carries it out has at hand.
package struct Direction: Hashable, Sendable {
  /// Who directs, such as `SMKI PMA`.
  package let by: String
  /// The number of the decision.
  package let decision: String
  /// What shows it: minutes, a letter, a digest of a document.
  package let evidence: String
  /// The rule under which it was directed.
  package let clause: Clause

  /// A direction; who, decision and evidence must be named.
  ///
  /// - Throws: `direction-incomplete`.
  package init(
    by: String, decision: String, evidence: String, clause: Clause
  ) throws(Refusal) {
    for (name, text) in [("by", by), ("decision", decision), ("evidence", evidence)]
    where text.allSatisfy(\.isWhitespace) {
      throw .directionIncomplete(name)
    }
    self.by = by
    self.decision = decision
    self.evidence = evidence
    self.clause = clause
  }
}
