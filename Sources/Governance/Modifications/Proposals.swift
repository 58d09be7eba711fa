// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
package import Records
package import SEC

/// L1.18, L1.19 and the PMA's part of Section D: proposals, how they come in and how they are seen.
package struct Proposals: Sendable {
  /// R2-68: the one purpose for which the PMA may propose to change Section K.
  package static let chargePurpose = "audit explicit charge"

  let records: Records
  let rules: ProceedingRules
  let calendar: WorkingDays
  private let membership: Membership

  /// The proposals that these records hold.
  package init(
    records: Records, rules: ProceedingRules = ProceedingRules(),
    calendar: WorkingDays = WorkingDays()
  ) {
    self.records = records
    self.rules = rules
    self.calendar = calendar
    membership = Membership(records: records, rules: rules)
  }

  /// The documents that a motion names, by their short titles.
  static func documents(_ terms: [String: String]) -> [String] {
    (terms["documents"] ?? "").split(separator: ",").map { part in
      let name = part.drop { $0 == " " }
      let trimmed = String(name.reversed().drop { $0 == " " }.reversed())
      return CodeDocument.named(trimmed)?.shortTitle ?? trimmed
    }
  }

  /// L1.19(a), L1.19(a)@2014, R2-68: the PMA proposes changes of these sets of documents and of
  /// nothing else, Section K for one purpose excepted.
  ///
  /// - Throws: `proposal-exists`, `proposal-out-of-reach`.
  static func check(
    _ kind: DecisionKind, _ terms: [String: String], at moment: Time, in reading: some Querying
  ) throws {
    guard kind == .proposeModification else { return }
    let id = terms["proposal"] ?? ""
    guard try GovernanceRecords.findProposal(id, in: reading) == nil else {
      throw Refusal.proposalExists(id)
    }
    let edition = Edition.at(moment)
    for document in documents(terms) {
      let isCharge = document == "Section K" && terms["purpose"] == Self.chargePurpose
      guard isCharge || CodeDocument.named(document)?.mayBeProposed(under: edition) == true else {
        throw Refusal.proposalOutOfReach(document, edition)
      }
    }
  }

  /// L1.19(a): brings in what the PMA voted to propose, in the transaction that uses the vote up.
  package static func raise(
    _ effect: borrowing Effect, at moment: Time, in transaction: Transaction
  ) throws {
    let terms = effect.terms
    let proposal = Proposal(
      id: terms["proposal"] ?? "", title: terms["title"] ?? "", proposer: .pma,
      person: terms["proposer"] ?? "", documents: documents(terms), edition: Edition.at(moment),
      path: .selfGovernance, vote: effect.vote, source: terms["review"] ?? "",
      raised: Day(moment), isApproved: nil, release: nil)
    try enter(proposal, in: transaction)
  }

  private static func enter(_ proposal: Proposal, in transaction: Transaction) throws {
    guard try GovernanceRecords.findProposal(proposal.id, in: transaction) == nil else {
      throw Refusal.proposalExists(proposal.id)
    }
    try GovernanceRecords.keep(proposal, in: transaction)
    try GovernanceRecords.keep(
      Progress(
        stage: .raised, planned: nil, actual: proposal.raised, body: proposal.person,
        evidence: proposal.vote), of: proposal.id, in: transaction)
  }

  /// L1.19(b), L1.19(b)@2014: a Member brings in alone what the PMA has voted not to propose.
  ///
  /// - Throws: `vote-unknown`, `no-lost-vote`, `no-member`, `proposal-exists`.
  package func raiseAlone(
    by person: String, vote id: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-proposal-submitted", clause: "L1.19(b)", at: moment,
      facts: ["subject": id, "person": person])
    try records.write(entry) { transaction in
      let vote = try GovernanceRecords.vote(id, in: transaction)
      guard vote.kind == .proposeModification, vote.outcome == .lost else {
        throw Refusal.noLostVote(vote)
      }
      let board = try membership.board(on: Day(moment), in: transaction)
      guard let seat = board.seat(of: person), board.constitution.seat(seat)?.isMember == true
      else { throw Refusal.noMember(person) }
      let terms = try GovernanceRecords.terms(of: id, in: transaction)
      try Self.enter(
        Proposal(
          id: terms["proposal"] ?? "", title: terms["title"] ?? "", proposer: .member,
          person: person, documents: Self.documents(terms), edition: Edition.at(moment),
          path: .selfGovernance, vote: id, source: terms["review"] ?? "", raised: Day(moment),
          isApproved: nil, release: nil), in: transaction)
    }
  }

  /// L1.18, C3-67: the Code Administrator enters what others propose.
  ///
  /// - Throws: `proposal-exists`, `proposal-unusable`.
  package func register(
    _ id: String, title: String, by party: String, documents: [String], on day: Day,
    at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "proposal-registered", clause: "L1.18", at: moment,
      facts: ["subject": id, "party": party])
    try records.write(entry) { transaction in
      guard !id.isEmpty, !title.isEmpty, !party.isEmpty, !documents.isEmpty, day <= Day(moment)
      else { throw Refusal.proposalUnusable(id, "number, title, proposer, documents and a day") }
      try Self.enter(
        Proposal(
          id: id, title: title, proposer: .party, person: party,
          documents: documents.map { CodeDocument.named($0)?.shortTitle ?? $0 },
          edition: Edition.at(moment), path: .selfGovernance, vote: "", source: "", raised: day,
          isApproved: nil, release: nil), in: transaction)
    }
  }

  /// L1.18: the Code Administrator looks whether a proposal touches what the PMA answers for; one
  /// that does is flagged, and the PMA owes its advice (L1.17(k)).
  ///
  /// - Throws: `proposal-unknown`, `screened-already`, `screening-contradicted`,
  ///   `proposal-unusable`.
  package func screen(
    _ id: String, affects: Bool, reason: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, affects ? "proposal-flagged" : "proposal-screened", clause: "L1.18", at: moment,
      facts: ["subject": id, "reason": reason])
    try records.write(entry) { transaction in
      let proposal = try GovernanceRecords.proposal(id, in: transaction)
      guard try GovernanceRecords.screening(of: id, in: transaction) == nil else {
        throw Refusal.screenedAlready(id)
      }
      guard !reason.isEmpty else { throw Refusal.proposalUnusable(id, "the reason") }
      let ours = proposal.documents.first {
        !(CodeDocument.named($0)?.sets ?? []).isEmpty
      }
      if !affects, let ours { throw Refusal.screeningContradicted(id, ours) }
      try transaction.keep(
        GovernanceRecords.screening,
        [.text(id), .day(Day(moment)), .bool(affects), .text(reason)])
    }
  }

  /// L1.18: by when a proposal is to be screened.
  package func screeningDue(_ proposal: Proposal) -> Day {
    calendar.adding(rules.screeningWorkingDays, to: proposal.raised)
  }

  /// L1.18: proposals that nobody has screened in time.
  package func unscreened(on day: Day) throws -> [Proposal] {
    try records.read { reading in
      try GovernanceRecords.proposals(in: reading).filter { proposal in
        try screeningDue(proposal) < day
          && GovernanceRecords.screening(of: proposal.id, in: reading) == nil
      }
    }
  }

  /// M4-impl-a: enters a release; its cut-off is so many days before it, unless another is given.
  ///
  /// - Throws: `release-unusable`.
  package func enter(
    release day: Day, cutOff: Day?, at moment: Time, by actor: Actor
  ) throws {
    let cutOff = cutOff ?? day.adding(days: -rules.releaseCutOffDays)
    let entry = Entry(
      actor, "release-entered", clause: "M4-impl-a", at: moment,
      facts: ["subject": day.description, "cut-off": cutOff.description])
    try records.write(entry) { transaction in
      guard cutOff <= day else { throw Refusal.releaseUnusable(day, cutOff) }
      try transaction.keep(GovernanceRecords.release, [.day(day), .day(cutOff)])
    }
  }

  /// Every proposal, oldest first.
  package func all() throws -> [Proposal] {
    try records.read { try GovernanceRecords.proposals(in: $0) }
  }

  /// Every release, oldest first.
  package func releases() throws -> [Release] {
    try records.read { try GovernanceRecords.releases(in: $0) }
  }
}
