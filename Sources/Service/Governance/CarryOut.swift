// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Governance
import Parties
import Records
import Registration
package import SEC

/// L2.14: carries out what the PMA decided, in one transaction with the use of its decision.
package struct CarryOut: ControlRequest {
  /// The number of the carried vote, and what is carried out: `suspend` or `reinstate`.
  package let vote: String
  package let kind: String

  package static let name = "pma-carry-out"
  package static let role = Actor.Role.secretariat

  /// A decision to be carried out.
  package init(vote: String, kind: String) {
    self.vote = vote
    self.kind = kind
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let kind = try Control.word(kind, Self.kinds, "kind")
    let now = node.clock()
    let register = node.registration.register
    let votes = node.votes
    let vote = vote
    guard let decision = try votes.all().first(where: { $0.id == vote }) else {
      throw Refusal.voteUnknown(vote)
    }
    let entry = Entry(
      officer, kind == .suspend ? "party-suspended" : "party-reinstated", clause: "L2.14",
      at: now, facts: ["party": decision.subject, "evidence": vote])
    try node.records.write(entry) { transaction in
      try Self.carryOut(
        votes.effect(of: vote, kind: kind, in: transaction), on: register, at: now,
        in: transaction)
    }
    return Done(by: officer)
  }

  private static func kinds(_ word: String) -> DecisionKind? {
    DecisionKind(rawValue: word).flatMap { [.suspend, .reinstate].contains($0) ? $0 : nil }
  }

  /// L2.14: only the PMA suspends, and only the PMA reinstates.
  private static func carryOut(
    _ effect: consuming Effect, on register: Register, at now: Time, in transaction: Transaction
  ) throws {
    let (party, evidence) = (effect.subject, effect.vote)
    if effect.kind == .suspend {
      try register.suspend(
        party, from: now, under: effect.clause, evidence: evidence, in: transaction)
    } else {
      try register.reinstate(party, from: now, in: transaction)
    }
  }
}
