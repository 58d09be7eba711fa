// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
import Keys
package import Records
package import SEC

/// L1.17: the business of the PMA, from its beginning to those who are told.
package struct Matters: Sendable {
  let records: Records
  private let calendar: WorkingDays

  /// The business that these records hold, its days counted in a calendar.
  package init(records: Records, calendar: WorkingDays = WorkingDays()) {
    self.records = records
    self.calendar = calendar
  }

  /// L1.17: opens a matter; the edition in force says whether there is such business, and about
  /// what.
  ///
  /// - Throws: `no-such-business`, `matter-subject`, `matter-exists`.
  package func open(
    _ id: String, _ kind: MatterKind, about subject: String, version: String = "",
    cause: String, at moment: Time, by actor: Actor
  ) throws {
    let edition = Edition.at(moment)
    guard let rule = MatterRule.of(kind, in: edition) else {
      throw Refusal.noSuchBusiness(kind, edition)
    }
    let entry = Entry(
      actor, "pma-matter-opened", clause: rule.clause, at: moment,
      facts: ["subject": id, "kind": kind.rawValue, "about": subject, "version": version])
    try records.write(entry) { transaction in
      try open(
        id, kind, about: subject, version: version, cause: cause, on: Day(moment), edition,
        in: transaction)
    }
  }

  private func open(
    _ id: String, _ kind: MatterKind, about subject: String, version: String, cause: String,
    on day: Day, _ edition: Edition, in transaction: Transaction
  ) throws {
    guard let rule = MatterRule.of(kind, in: edition) else {
      throw Refusal.noSuchBusiness(kind, edition)
    }
    let subject = CodeDocument.named(subject)?.shortTitle ?? subject
    guard !id.isEmpty, !subject.isEmpty, rule.subjects.isEmpty || rule.subjects.contains(subject)
    else { throw Refusal.matterSubject(kind, subject, rule.subjects) }
    guard try GovernanceRecords.findMatter(id, in: transaction) == nil else {
      throw Refusal.matterExists(id)
    }
    try GovernanceRecords.keep(
      Matter(
        id: id, kind: kind, subject: subject, version: version, edition: edition, cause: cause,
        opened: day, due: rule.deadline.due(after: day, in: calendar), state: .open, outcome: "",
        vote: "", decided: nil, issued: nil), in: transaction)
  }

  /// L1.17(d), L1.17(f), L1.17(r): opens the review of a document that was incorporated or
  /// modified, in the transaction that reports it; nil for documents that no rule names.
  package func review(
    _ document: String, version: String, cause: String, on day: Day, at moment: Time,
    in transaction: Transaction
  ) throws -> String? {
    guard let document = CodeDocument.named(document), let clause = document.reviewedUnder,
      document.since.begins <= Edition.at(moment).begins
    else { return nil }
    let kind: MatterKind =
      clause.id.hasPrefix("L1.17(d)")
      ? .smkiDocumentReview
      : clause.id.hasPrefix("L1.17(f)") ? .dcckiDocumentReview : .s1spkmDocumentReview
    guard MatterRule.of(kind, in: Edition.at(moment)) != nil else { return nil }
    let id = "review-\(transaction.auditIndex)"
    try open(
      id, kind, about: document.shortTitle, version: version, cause: cause, on: day,
      Edition.at(moment), in: transaction)
    return id
  }

  /// L1.17: puts a paper to an open matter; a confidential one is kept as its digest (L9.12).
  ///
  /// - Throws: `matter-unknown`, `matter-stage`, `paper-unusable`.
  package func file(
    _ name: String, _ octets: [UInt8], to id: String, at moment: Time, by actor: Actor
  ) throws {
    let digest = Hex.encode(Digest.sha256(octets))
    let entry = Entry(
      actor, "pma-paper-filed", clause: "L1.17", at: moment,
      facts: ["subject": id, "paper": name, "sha256": digest])
    try records.write(entry) { transaction in
      let matter = try GovernanceRecords.matter(id, in: transaction)
      guard matter.state != .issued else { throw Refusal.matterStage(matter, "not issued") }
      let old = try GovernanceRecords.papers(of: id, in: transaction).first { $0.name == name }
      // What was voted on stays as it was.
      guard old == nil || matter.state == .open else { throw Refusal.matterStage(matter, "open") }
      let isConfidential = MatterRule.isConfidential(matter.kind, name)
      let text = isConfidential ? "" : String(validating: octets, as: UTF8.self)
      guard !octets.isEmpty, !name.isEmpty, isConfidential || octets.count <= Paper.octetsMax,
        let text
      else { throw Refusal.paperUnusable(name, octets.count) }
      try GovernanceRecords.keep(
        Paper(name: name, text: text, digest: digest, day: Day(moment)), of: id, in: transaction)
    }
  }

  /// M4-observation-class: enters what a review found, or closes a finding.
  ///
  /// - Throws: `matter-unknown`, `matter-stage`.
  package func observe(
    _ observation: Observation, in id: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-observed", clause: "M4-observation-class", at: moment,
      facts: ["subject": id, "number": String(observation.number)])
    try records.write(entry) { transaction in
      let matter = try GovernanceRecords.matter(id, in: transaction)
      let old = try GovernanceRecords.observations(of: id, in: transaction)
        .first { $0.number == observation.number }
      guard matter.state == .open || (old != nil && !observation.isOpen) else {
        throw Refusal.matterStage(matter, "open, or an observation to be closed")
      }
      try GovernanceRecords.keep(observation, of: id, in: transaction)
    }
  }

  /// L9.9(b)(ii), L9.15(b)(ii): an amendment that the DCC has to make first.
  ///
  /// - Throws: `matter-unknown`, `matter-stage`.
  package func direct(
    _ number: Int, _ text: String, in id: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-amendment-directed", clause: "L9.9(b)(ii)", at: moment,
      facts: ["subject": id, "number": String(number)])
    try records.write(entry) { transaction in
      let matter = try GovernanceRecords.matter(id, in: transaction)
      guard matter.state == .open, number > 0, !text.isEmpty else {
        throw Refusal.matterStage(matter, "open")
      }
      try GovernanceRecords.keep(
        Amendment(number: number, text: text, made: nil), of: id, in: transaction)
    }
  }

  /// L9.9(c), L9.15(c): the DCC has made an amendment; with the last one the statement is in force.
  ///
  /// - Throws: `matter-unknown`, `matter-stage`, `amendment-unknown`.
  package func amended(
    _ number: Int, in id: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-amendment-made", clause: "L9.9(c)", at: moment,
      facts: ["subject": id, "number": String(number)])
    try records.write(entry) { transaction in
      let matter = try GovernanceRecords.matter(id, in: transaction)
      guard matter.state == .amending else { throw Refusal.matterStage(matter, "amending") }
      let all = try GovernanceRecords.amendments(of: id, in: transaction)
      guard let amendment = all.first(where: { $0.number == number }), amendment.made == nil
      else { throw Refusal.amendmentUnknown(number, id) }
      try GovernanceRecords.keep(
        Amendment(number: number, text: amendment.text, made: Day(moment)), of: id,
        in: transaction)
      if all.allSatisfy({ $0.made != nil || $0.number == number }) {
        try GovernanceRecords.keep(
          matter.changed(state: .decided, decided: Day(moment)), in: transaction)
      }
    }
  }
}

/// Reading.
extension Matters {
  /// Every matter, in the order of their opening.
  package func all() throws -> [Matter] {
    try records.read { try GovernanceRecords.matters(in: $0) }
  }

  /// One matter with its papers, observations, amendments and notices.
  package func file(
    of id: String
  ) throws -> (
    matter: Matter, papers: [Paper], observations: [Observation], amendments: [Amendment],
    notices: [Notice]
  ) {
    try records.read { reading in
      (
        try GovernanceRecords.matter(id, in: reading),
        try GovernanceRecords.papers(of: id, in: reading),
        try GovernanceRecords.observations(of: id, in: reading),
        try GovernanceRecords.amendments(of: id, in: reading),
        try GovernanceRecords.notices(of: id, in: reading)
      )
    }
  }

  /// L1.17(a), L9.8(d), L9.14(d): the version of a practice statement that is in force on a day:
  /// the last one that the PMA approved as it stood, or whose amendments were all made.
  package func statementInForce(_ subject: String, on day: Day) throws -> Matter? {
    let kinds: [MatterKind] = [.practiceStatement, .s1spkiPracticeStatement]
    let approved = try all().filter {
      kinds.contains($0.kind) && $0.subject == subject && $0.outcome != "rejected"
        && [.decided, .issued].contains($0.state) && ($0.decided.map { $0 <= day } ?? false)
    }
    // Of two on one day the one with the later number.
    return approved.reduce(nil as Matter?) { latest, next in
      guard let latest, (latest.decided ?? day) > (next.decided ?? day) else { return next }
      return latest
    }
  }
}
