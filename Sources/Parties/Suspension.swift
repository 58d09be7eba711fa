// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// A time during which a party may not ask for certificates.
///
/// Who may direct it is a matter of Governance; here it is a fact with its authority and evidence.
package struct Suspension: Hashable, Sendable {
  /// The party that is suspended.
  package let party: String
  /// First moment at which the party is suspended.
  package let from: Time
  /// First moment at which it no longer is, or nil while nobody has lifted it.
  package let until: Time?
  /// The rule under which it was directed.
  package let clause: Clause
  /// What shows the direction: the number of a decision or a letter.
  package let evidence: String

  /// A suspension, whole.
  package init(party: String, from: Time, until: Time?, clause: Clause, evidence: String) {
    self.party = party
    self.from = from
    self.until = until
    self.clause = clause
    self.evidence = evidence
  }

  /// Whether it is in force at a moment.
  package func isInForce(at moment: Time) -> Bool {
    from <= moment && until.map { moment < $0 } ?? true
  }
}
