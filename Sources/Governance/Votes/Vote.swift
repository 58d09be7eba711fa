// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// A motion that was put to the vote.
package struct Vote: Hashable, Sendable {
  /// Its number, such as `2031-04-3`.
  package let id: String
  /// The meeting, or empty for a written resolution; and the item of its agenda.
  package let meeting: String
  package let item: Int
  package let kind: DecisionKind
  package let motion: String
  /// Whom or what it is about: a party, a seat, a document; empty when nothing.
  package let subject: String
  /// The constitution and the majority that were in force when it was opened.
  package let edition: Edition
  package let threshold: Threshold
  package let opened: Time
  package let closed: Time?
  package let outcome: Outcome
  package let reasons: String
  /// The place in the audit of the act that it brought about, once it did.
  package let effect: Int?

  func changed(
    closed: Time? = nil, outcome: Outcome? = nil, reasons: String? = nil, effect: Int? = nil
  ) -> Vote {
    Vote(
      id: id, meeting: meeting, item: item, kind: kind, motion: motion, subject: subject,
      edition: edition, threshold: threshold, opened: opened, closed: closed ?? self.closed,
      outcome: outcome ?? self.outcome, reasons: reasons ?? self.reasons,
      effect: effect ?? self.effect)
  }
}

/// Somebody who may vote on one motion: frozen when it is opened.
package struct Elector: Hashable, Sendable {
  /// For which seat, who, and with which right.
  package let seat: Seat.Name
  package let person: String
  package let right: Seat.Vote
}

/// A vote that was given.
package struct Cast: Hashable, Sendable {
  /// For which seat, who, how and when.
  package let seat: Seat.Name
  package let person: String
  package let choice: Choice
  /// When it was given.
  package let moment: Time
}

/// A decision that may be carried out, once, in the transaction in which the token was made.
///
/// It cannot be copied and nobody else can make one: an act that takes it was decided.
package struct Effect: ~Copyable {
  /// The number of the vote.
  package let vote: String
  package let kind: DecisionKind
  /// Whom or what it is about.
  package let subject: String
  /// What the motion said is to be done, by name.
  package let terms: [String: String]
  /// The rule that gives the PMA the decision.
  package var clause: Clause { kind.clause }

  init(_ vote: Vote, terms: [String: String]) {
    self.vote = vote.id
    self.terms = terms
    kind = vote.kind
    subject = vote.subject
  }
}
