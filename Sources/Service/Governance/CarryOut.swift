// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Duties
import Enrolment
package import FoundationEssentials
import Governance
import Keys
import Parties
import Records
import Registration
import Repository
import Revocation
package import SEC

/// L2.14, L1.17, C3-71: carries out what the PMA decided, in one transaction with the use of its
/// decision.
package struct CarryOut: ControlRequest {
  /// The number of the carried vote, and what is carried out, as `DecisionKind` writes it.
  package let vote: String
  package let kind: String
  /// The document that is lodged; nil for everything else.
  package let document: Data?

  package static let name = "pma-carry-out"
  package static let role = Actor.Role.secretariat
  /// A document as Base64 in JSON.
  package static let octetsMax = Document.octetsMax / 3 * 4 + Control.requestOctetsMax

  /// A decision to be carried out.
  package init(vote: String, kind: String, document: Data? = nil) {
    self.vote = vote
    self.kind = kind
    self.document = document
  }

  /// What a decision does, with the entry under which it does it.
  private struct Deed {
    let entry: Entry
    let perform: @Sendable (borrowing Effect, Transaction) throws -> Void
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let kind = try Control.word(kind, DecisionKind.init, "kind")
    let now = node.clock()
    let (votes, vote) = (node.votes, vote)
    guard let decision = try votes.all().first(where: { $0.id == vote }) else {
      throw Refusal.voteUnknown(vote)
    }
    let terms = try votes.terms(of: vote)
    let deed = try deed(kind, decision, terms, in: node, at: now, by: officer)
    try node.records.write(deed.entry) { transaction in
      let effect = try votes.effect(of: vote, kind: kind, in: transaction)
      try deed.perform(effect, transaction)
      try Matters.decide(effect, on: Day(now), in: transaction)
    }
    switch kind {
    case .orderRevocation: node.publishAtOnce()
    case .delayRevocation: node.schedule?.hurry("revocation-delays")
    default: break
    }
    return Done(by: officer)
  }

  private func deed(
    _ kind: DecisionKind, _ decision: Vote, _ terms: [String: String], in node: Node,
    at now: Time, by officer: Actor
  ) throws -> Deed {
    let vote = vote
    func entry(_ action: String, _ facts: [String: String]) -> Entry {
      Entry(officer, action, clause: kind.clause, at: now, facts: facts)
    }
    switch kind {
    case .suspend, .reinstate: return suspension(kind, decision, in: node, at: now, by: officer)
    case .orderRevocation, .delayRevocation:
      return try revocation(kind, decision, terms, at: now, by: officer)
    case .lodgeDocument, .approveForm: return try document(kind, terms, at: now, by: officer)
    case .standardDate:
      return Deed(
        entry: entry(
          "pma-standard-set",
          [
            "subject": terms["standard"] ?? "", "version": terms["version"] ?? "",
            "from": terms["from"] ?? "", "evidence": vote,
          ])
      ) { effect, transaction in try Standards.determine(effect, in: transaction) }
    case .proposeModification:
      return Deed(
        entry: entry(
          "pma-proposal-submitted", ["subject": terms["proposal"] ?? "", "evidence": vote])
      ) { effect, transaction in try Proposals.raise(effect, at: now, in: transaction) }
    case .useRecoveryKey, .useContingencyKey:
      return Deed(
        entry: entry(
          "pma-key-directed",
          [
            "subject": terms["matter"] ?? "", "outcome": terms["outcome"] ?? "",
            "evidence": vote,
          ])
      ) { effect, transaction in try KeyDirection.give(effect, at: now, in: transaction) }
    case .removeMember:
      let membership = node.membership
      let seat = try Control.word(terms["seat"] ?? "", Seat.Name.init, "seat")
      return Deed(entry: entry("pma-removed", ["subject": seat.rawValue, "evidence": vote])) {
        _, transaction in
        try membership.leave(
          seat, because: .removed, on: Day(now), evidence: "vote \(vote)", today: Day(now),
          in: transaction)
      }
    default:
      guard let matter = terms["matter"] else { throw Refusal.notDecided(decision, kind) }
      return Deed(
        entry: entry(
          "pma-matter-decided",
          ["subject": matter, "outcome": terms["outcome"] ?? "", "evidence": vote])
      ) { _, _ in }
    }
  }

  /// L2.14: only the PMA suspends, and only the PMA reinstates.
  private func suspension(
    _ kind: DecisionKind, _ decision: Vote, in node: Node, at now: Time, by officer: Actor
  ) -> Deed {
    let register = node.registration.register
    let entry = Entry(
      officer, kind == .suspend ? "party-suspended" : "party-reinstated", clause: "L2.14",
      at: now, facts: ["party": decision.subject, "evidence": vote])
    return Deed(entry: entry) { effect, transaction in
      if effect.kind == .suspend {
        try register.suspend(
          effect.subject, from: now, under: effect.clause, evidence: effect.vote,
          in: transaction)
      } else {
        try register.reinstate(effect.subject, from: now, in: transaction)
      }
    }
  }

  /// C3-71, M4-solr: what the PMA orders to be revoked, and what it delays.
  private func revocation(
    _ kind: DecisionKind, _ decision: Vote, _ terms: [String: String], at now: Time,
    by officer: Actor
  ) throws -> Deed {
    let direction = try Direction(
      by: "SMKI PMA", decision: vote, evidence: "vote \(vote)", clause: kind.clause)
    if kind == .delayRevocation {
      let until = try Control.moment(terms["until"] ?? "", "until")
      let entry = Revocation.entry(
        delaying: decision.subject, until: until, direction, at: now, by: officer)
      return Deed(entry: entry) { effect, transaction in
        try Revocation.delay(
          effect.subject, until: until, direction, at: now, in: transaction)
      }
    }
    let ground = try Self.ground(terms)
    let serials = try Self.words(terms["serials"] ?? "", Hex.decode, "serials")
    let entry = Revocation.entry(ordering: direction, serials, at: now, by: officer)
    return Deed(entry: entry) { _, transaction in
      try Revocation.order(
        direction, serials: serials, ground: ground, at: now, by: officer, in: transaction)
    }
  }

  /// The words of a term that lists some.
  static func words<Value>(
    _ text: String, _ read: (String) -> Value?, _ field: String
  ) throws -> [Value] {
    try text.split { $0 == "," || $0 == " " }.map { try Control.word(String($0), read, field) }
  }

  /// The ground of a revocation that the PMA orders: its own request, unless a term says otherwise.
  static func ground(_ terms: [String: String]) throws -> RevocationGround {
    try Control.word(
      terms["ground"] ?? RevocationGround.pmaRequest.rawValue, RevocationGround.init, "ground")
  }

  /// L5.3(b): the document that a motion names, with its octets.
  static func submission(
    of terms: [String: String], _ octets: [UInt8], by vote: String
  ) throws -> Library.Submission {
    Library.Submission(
      kind: try DocumentKind(named: terms["kind"] ?? ""), version: terms["version"] ?? "",
      title: terms["title"] ?? terms["kind"] ?? "", fileEnding: terms["ending"] ?? "pdf",
      reason: "vote \(vote)", octets: octets)
  }

  /// L5.3(b), M4-org-info-form-c: what the PMA lodges, and the forms that it lets be used.
  private func document(
    _ kind: DecisionKind, _ terms: [String: String], at now: Time, by officer: Actor
  ) throws -> Deed {
    let version = terms["version"] ?? ""
    if kind == .approveForm {
      let forms = try Self.words(terms["forms"] ?? "", FormKind.init, "forms")
      let evidence = "vote \(vote)"
      let entry = try Enrolment.entry(
        approving: forms, version, evidence, at: now, by: officer)
      return Deed(entry: entry) { _, transaction in
        try Enrolment.approve(
          forms, version: version, evidence: evidence, at: now, in: transaction)
      }
    }
    let octets = Array(document ?? Data())
    let digest = Hex.encode(Digest.sha256(octets))
    guard digest.lowercased() == (terms["sha256"] ?? "").lowercased() else {
      throw Refusal.otherDocument(expected: terms["sha256"] ?? "", found: digest)
    }
    let submission = try Self.submission(of: terms, octets, by: vote)
    let lodged = try Library.document(submission, at: now, by: officer)
    return Deed(entry: Library.entry(lodging: lodged, at: now, by: officer)) { _, transaction in
      try Library.lodge(lodged, octets, in: transaction)
    }
  }
}
