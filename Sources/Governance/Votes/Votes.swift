// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Duties
import Keys
package import Records
package import SEC

/// The votes of the PMA: who could vote is frozen at the opening, and the result is computed.
package struct Votes: Sendable {
  let records: Records
  let meetings: Meetings
  let rules: ProceedingRules

  /// The votes that these records hold.
  package init(records: Records, rules: ProceedingRules = ProceedingRules()) {
    self.records = records
    self.rules = rules
    meetings = Meetings(records: records, rules: rules)
  }

  /// L1.13: puts a motion to the vote in a meeting, when there is a quorum for its item.
  package func open(
    _ id: String, in meeting: String, item number: Int, kind: DecisionKind, motion: String,
    subject: String = "", terms: [String: String] = [:], at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-vote-opened", clause: kind.clause, at: moment,
      facts: ["subject": id, "meeting": meeting, "kind": kind.rawValue])
    try records.write(entry) { transaction in
      try checkNew(id, in: transaction)
      try keep(terms, of: id, kind, at: moment, in: transaction)
      try meetings.openMeeting(meeting, in: transaction)
      let item = try GovernanceRecords.item(number, of: meeting, in: transaction)
      let quorum = try meetings.quorum(
        for: item, concerning: Self.concerned(subject, terms, in: transaction), of: meeting,
        at: moment, in: transaction)
      guard quorum.isMet else { throw Refusal.notQuorate(quorum) }
      try keep(
        Vote(
          id: id, meeting: meeting, item: number, kind: kind, motion: motion, subject: subject,
          edition: Edition.at(moment), threshold: rules.threshold(of: kind), opened: moment,
          closed: nil,
          outcome: .open, reasons: quorum.explained, effect: nil),
        electors: quorum.counted, in: transaction)
    }
  }

  /// L1.15: puts a motion to the vote in writing: all who hold a seat may sign.
  package func openInWriting(
    _ id: String, kind: DecisionKind, motion: String, subject: String = "",
    terms: [String: String] = [:], at moment: Time, by actor: Actor
  ) throws {
    guard rules.allowsWriting(kind) else {
      throw Refusal.notInWriting(kind)
    }
    let entry = Entry(
      actor, "pma-vote-opened", clause: kind.clause, at: moment,
      facts: ["subject": id, "meeting": "", "kind": kind.rawValue])
    try records.write(entry) { transaction in
      try checkNew(id, in: transaction)
      try keep(terms, of: id, kind, at: moment, in: transaction)
      let board = try meetings.membership.board(on: Day(moment), in: transaction)
      let members = Set(board.constitution.members.map(\.name))
      let people = try GovernanceRecords.people(in: transaction)
      let organisations = try GovernanceRecords.organisations(in: transaction)
      let concerned = try Self.concerned(subject, terms, in: transaction)
      let entitled = board.holders.filter { seat, person in
        members.contains(seat)
          && !Board.isAffiliate(people[person]?.employer ?? "", ofAny: concerned, organisations)
      }
      try keep(
        Vote(
          id: id, meeting: "", item: 0, kind: kind, motion: motion, subject: subject,
          edition: Edition.at(moment), threshold: .majorityOfEntitled, opened: moment,
          closed: nil, outcome: .open, reasons: "in writing", effect: nil),
        electors: entitled, in: transaction)
    }
  }

  /// The name of the term with the organisations that a motion concerns besides its subject.
  package static let concernedTerm = "concerned"

  /// R2-26: every organisation that a motion is about: its subject, that of its matter, and those
  /// whose certificates it names.
  private static func concerned(
    _ subject: String, _ terms: [String: String], in reading: some Querying
  ) throws -> Set<String> {
    var names = Set((terms[concernedTerm] ?? "").split(separator: " ").map(String.init))
    names.insert(subject)
    if let matter = terms["matter"] {
      names.insert(try GovernanceRecords.matter(matter, in: reading).subject)
    }
    return names
  }

  private func checkNew(_ id: String, in reading: some Querying) throws {
    try Refusal.check(identifier: id, of: "vote")
    guard try GovernanceRecords.find(id, in: reading) == nil else {
      throw Refusal.voteExists(id)
    }
  }

  /// L1.15: what is to be done stands fast when the motion is put; it must be possible then.
  private func keep(
    _ terms: [String: String], of id: String, _ kind: DecisionKind, at moment: Time,
    in transaction: Transaction
  ) throws {
    let missing = kind.terms.filter { (terms[$0] ?? "").isEmpty }
    guard missing.isEmpty else { throw Refusal.termsMissing(kind, missing) }
    try Matters.check(kind, terms, in: transaction)
    try Standards.check(kind, terms, at: moment, in: transaction)
    try Proposals.check(kind, terms, at: moment, in: transaction)
    for (name, value) in terms.sorted(by: { $0.key < $1.key }) {
      try transaction.keep(GovernanceRecords.term, [.text(id), .text(name), .text(value)])
    }
  }

  private func keep(
    _ vote: Vote, electors: [Seat.Name: String], in transaction: Transaction
  ) throws {
    try GovernanceRecords.keep(vote, in: transaction)
    let constitution = Constitution.of(vote.edition)
    for (name, person) in electors.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard let seat = constitution.seat(name) else { continue }
      try transaction.keep(
        GovernanceRecords.elector,
        [
          .text(vote.id), .text(name.rawValue), .text(person),
          .text(rules.vote(of: seat, in: constitution).rawValue),
        ])
    }
  }

  /// L1.15, R2-29-v, R2-29-n: takes the vote of somebody who could vote when the motion was put.
  ///
  /// Of a Chair with only a casting vote it is taken when the votes are equal, and not before
  /// everybody else who is there has voted.
  package func cast(
    _ choice: Choice, by person: String, in id: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-vote-cast", clause: "L1.15", at: moment,
      facts: ["subject": id, "person": person, "choice": choice.rawValue])
    try records.write(entry) { transaction in
      let vote = try GovernanceRecords.vote(id, in: transaction)
      guard vote.closed == nil else { throw Refusal.voteClosed(vote) }
      let electors = try GovernanceRecords.electors(of: id, in: transaction)
      guard let elector = electors.first(where: { $0.person == person }) else {
        throw Refusal.noVote(person, vote)
      }
      if !vote.meeting.isEmpty {
        guard try meetings.present(at: moment, in: vote.meeting, transaction).contains(person)
        else { throw Refusal.notThere(person) }
        // A conflict that came to light after the opening.
        guard
          try !GovernanceRecords.conflicted(in: vote.item, of: vote.meeting, transaction)
            .contains(person)
        else { throw Refusal.conflicted(person, vote) }
      }
      let casts = try GovernanceRecords.casts(of: id, in: transaction)
      let hasCasting = try GovernanceRecords.casting(of: id, in: transaction) != nil
      guard !casts.contains(where: { $0.seat == elector.seat }),
        !hasCasting || elector.right != .casting
      else { throw Refusal.votedTwice(person, vote) }
      guard !hasCasting else { throw Refusal.castingVoteGiven(vote) }
      switch elector.right {
      case .none: throw Refusal.noVote(person, vote)
      case .full:
        try transaction.keep(
          GovernanceRecords.cast,
          [
            .text(id), .text(elector.seat.rawValue), .text(person), .text(choice.rawValue),
            .time(moment),
          ])
      case .casting:
        let waiting = try waiting(electors, casts, vote, at: moment, in: transaction)
        guard choice != .abstain, vote.threshold == .majorityOfCast, waiting.isEmpty,
          Tally.isTie(casts.map(\.choice))
        else {
          throw try Refusal.castingVoteOnlyInTie(
            vote, Given(of: vote, in: transaction), waiting: waiting)
        }
        try transaction.keep(
          GovernanceRecords.casting,
          [.text(id), .text(person), .text(choice.rawValue), .time(moment)])
      }
    }
  }

  /// Those who are there, could vote, and have not.
  private func waiting(
    _ electors: [Elector], _ casts: [Cast], _ vote: Vote, at moment: Time,
    in reading: some Querying
  ) throws -> [String] {
    guard !vote.meeting.isEmpty else { return [] }
    let present = try meetings.present(at: moment, in: vote.meeting, reading)
    let voted = Set(casts.map(\.seat))
    return electors.filter {
      $0.right == .full && !voted.contains($0.seat) && present.contains($0.person)
    }.map(\.person)
  }

  /// L1.13, L1.15: closes a vote and computes its result; without a quorum it cannot be closed.
  ///
  /// Equal votes are closed with the Chair's casting vote, or with word that it is not used.
  ///
  /// - Throws: `vote-unknown`, `vote-closed`, `casting-vote-due`, `casting-vote-only-in-tie`,
  ///   `not-quorate`.
  package func close(
    _ id: String, casting: CastingVote? = nil, at moment: Time, by actor: Actor
  ) throws -> Tally {
    // The result is known before the entry is written, so that its name can say it.
    let (vote, tally, given): (Vote, Tally, Given) = try records.read { reading in
      let vote = try GovernanceRecords.vote(id, in: reading)
      guard vote.closed == nil else { throw Refusal.voteClosed(vote) }
      let result = try result(of: vote, casting: casting, at: moment, in: reading)
      return (vote, result.tally, result.given)
    }
    let entry = Entry(
      actor,
      tally.outcome == .carried ? "pma-resolution-carried" : "pma-resolution-lost",
      clause: vote.kind.clause, at: moment,
      facts: [
        "subject": vote.subject, "vote": id, "kind": vote.kind.rawValue,
        "outcome": tally.outcome.rawValue,
      ])
    try records.write(entry) { transaction in
      let vote = try GovernanceRecords.vote(id, in: transaction)
      guard vote.closed == nil else { throw Refusal.voteClosed(vote) }
      if !vote.meeting.isEmpty {
        try meetings.openMeeting(vote.meeting, in: transaction)
        let item = try GovernanceRecords.item(vote.item, of: vote.meeting, in: transaction)
        let terms = try GovernanceRecords.terms(of: id, in: transaction)
        let quorum = try meetings.quorum(
          for: item, concerning: Self.concerned(vote.subject, terms, in: transaction),
          of: vote.meeting, at: moment, in: transaction)
        guard quorum.isMet else { throw Refusal.notQuorate(quorum) }
      }
      let now = try result(of: vote, casting: casting, at: moment, in: transaction)
      guard now.given == given else { throw Refusal.voteMoved(vote) }
      if let choice = now.choice, let chair = now.given.holder {
        try transaction.keep(
          GovernanceRecords.casting,
          [.text(id), .text(chair.person), .text(choice.rawValue), .time(moment)])
      }
      try GovernanceRecords.keep(
        vote.changed(
          closed: moment, outcome: tally.outcome,
          reasons: ([vote.reasons + "."] + tally.reasons).joined(separator: " ")),
        in: transaction)
      try transaction.keep(
        GovernanceRecords.decided, [.text(id), .int(Int64(transaction.auditIndex))])
      // The entry tells of what is signed, so that one proof covers both.
      let statement = try Self.statement(of: id, in: transaction)
      transaction.note("statement", Hex.encode(Digest.sha256(Array(statement.utf8))))
    }
    return tally
  }

  /// Takes a motion back before it is decided.
  package func withdraw(_ id: String, at moment: Time, by actor: Actor) throws {
    let entry = Entry(
      actor, "pma-motion-withdrawn", clause: "L1.15", at: moment, facts: ["subject": id])
    try records.write(entry) { transaction in
      let vote = try GovernanceRecords.vote(id, in: transaction)
      guard vote.closed == nil else { throw Refusal.voteClosed(vote) }
      try GovernanceRecords.keep(
        vote.changed(closed: moment, outcome: .withdrawn, reasons: "withdrawn"), in: transaction)
    }
  }

  /// The decision of a carried vote, to be carried out in this transaction and never again.
  ///
  /// - Throws: `not-decided` unless a vote of that kind on that subject was carried;
  ///   `already-carried-out` when it was carried out before.
  package func effect(
    of id: String, kind: DecisionKind, in transaction: Transaction
  ) throws -> Effect {
    let vote = try GovernanceRecords.vote(id, in: transaction)
    guard vote.outcome == .carried, vote.kind == kind else { throw Refusal.notDecided(vote, kind) }
    guard vote.effect == nil else { throw Refusal.alreadyCarriedOut(vote) }
    try checkSignatures(of: vote, in: transaction)
    try GovernanceRecords.keep(vote.changed(effect: transaction.auditIndex), in: transaction)
    return Effect(vote, terms: try GovernanceRecords.terms(of: id, in: transaction))
  }

  /// What a motion said is to be done, by name.
  package func terms(of id: String) throws -> [String: String] {
    try records.read { try GovernanceRecords.terms(of: id, in: $0) }
  }

  /// Every vote, oldest first.
  package func all() throws -> [Vote] {
    try records.read { try GovernanceRecords.votes(in: $0) }
  }

  /// Who could vote and who did.
  package func roll(of id: String) throws -> (electors: [Elector], casts: [Cast], casting: Choice?)
  {
    try records.read { reading in
      (
        try GovernanceRecords.electors(of: id, in: reading),
        try GovernanceRecords.casts(of: id, in: reading),
        try GovernanceRecords.casting(of: id, in: reading)
      )
    }
  }
}
