// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
import Records
package import SEC

extension Proposals {
  /// M4-timetable: plans a step; no step is planned before the one that comes first.
  ///
  /// - Throws: `proposal-unknown`, `stage-order`.
  package func plan(
    _ stage: ProposalStage, of id: String, on day: Day, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "proposal-planned", clause: "M4-timetable", at: moment,
      facts: ["subject": id, "stage": stage.rawValue, "day": day.description])
    try records.write(entry) { transaction in
      let proposal = try GovernanceRecords.proposal(id, in: transaction)
      let progress = try GovernanceRecords.progress(of: id, in: transaction)
      let stages = stages(of: proposal)
      guard let place = stages.firstIndex(of: stage) else {
        throw Refusal.stageOrder(proposal, stage, "a step of its time")
      }
      for (other, known) in stages.enumerated() {
        guard let step = progress.first(where: { $0.stage == known }),
          let at = step.actual ?? step.planned, other != place
        else { continue }
        guard other < place ? at <= day : at >= day else {
          throw Refusal.stageOrder(proposal, stage, "\(known.rawValue) on \(at)")
        }
      }
      let old = progress.first { $0.stage == stage }
      try GovernanceRecords.keep(
        Progress(
          stage: stage, planned: day, actual: old?.actual, body: old?.body ?? "",
          evidence: old?.evidence ?? ""), of: id, in: transaction)
    }
  }

  /// M4-csc, M4-timetable, M4-report-content, R2-36: takes the next step, by whom the rule says.
  ///
  /// The step that decides says what was decided.
  ///
  /// - Throws: `proposal-unknown`, `stage-order`, `not-the-body`, `report-incomplete`,
  ///   `consultation-open`, `no-release`.
  package func advance(
    _ id: String, to stage: ProposalStage, by body: String, evidence: String,
    isApproved: Bool? = nil, on day: Day, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "proposal-\(stage.rawValue)", clause: stage == .decided ? "R2-36" : "M4-csc",
      at: moment, facts: ["subject": id, "body": body, "evidence": evidence])
    try records.write(entry) { transaction in
      let proposal = try GovernanceRecords.proposal(id, in: transaction)
      let progress = try GovernanceRecords.progress(of: id, in: transaction)
      try checkOrder(proposal, progress, stage, on: day, today: Day(moment))
      if let expected = stage.body(proposal, ofSubCommittee: hasSubCommittee(proposal)),
        expected != body
      {
        throw Refusal.notTheBody(stage, expected, body)
      }
      guard !evidence.isEmpty else { throw Refusal.proposalUnusable(id, "what shows the step") }
      var changed = proposal
      switch stage {
      case .reportApproved:
        let remarks = try GovernanceRecords.remarks(of: id, in: transaction)
        let missing = Remark.missing(in: remarks, about: proposal.documents)
        guard missing.isEmpty else { throw Refusal.reportIncomplete(proposal, missing) }
      case .legalTextConsulted:
        try checkClosed(.legalText, of: proposal, on: day, in: transaction)
      case .reportConsulted: try checkClosed(.report, of: proposal, on: day, in: transaction)
      case .decided: changed = try decided(proposal, isApproved, on: day, in: transaction)
      case .implemented:
        guard proposal.isApproved == true, let release = proposal.release, release <= day else {
          throw Refusal.stageOrder(
            proposal, stage, proposal.release.map { "release on \($0)" } ?? "approved")
        }
      case .raised, .commented, .converted: break
      }
      try GovernanceRecords.keep(changed, in: transaction)
      let planned = progress.first { $0.stage == stage }?.planned
      try GovernanceRecords.keep(
        Progress(stage: stage, planned: planned, actual: day, body: body, evidence: evidence),
        of: id, in: transaction)
    }
  }

  /// M4-csc: whether the Change Sub-Committee has a part in a proposal.
  private func hasSubCommittee(_ proposal: Proposal) -> Bool {
    Day(rules.changeSubCommitteeSince).map { $0 <= proposal.raised } ?? true
  }

  private func stages(of proposal: Proposal) -> [ProposalStage] {
    ProposalStage.all(ofSubCommittee: hasSubCommittee(proposal))
  }

  private func checkOrder(
    _ proposal: Proposal, _ progress: [Progress], _ stage: ProposalStage, on day: Day, today: Day
  ) throws(Refusal) {
    let stages = stages(of: proposal)
    guard let place = stages.firstIndex(of: stage), place > 0 else {
      throw .stageOrder(proposal, stage, "a step of its time after the first")
    }
    let previous = stages[place - 1]
    guard let before = progress.first(where: { $0.stage == previous })?.actual, before <= day,
      day <= today, progress.first(where: { $0.stage == stage })?.actual == nil
    else { throw .stageOrder(proposal, stage, "\(previous.rawValue), no later, and not twice") }
  }

  private func checkClosed(
    _ kind: Consultation.Kind, of proposal: Proposal, on day: Day, in reading: some Querying
  ) throws {
    let consultation = try GovernanceRecords.consultations(of: proposal.id, in: reading)
      .first { $0.kind == kind }
    let responses = try GovernanceRecords.responses(of: proposal.id, in: reading)
    guard let consultation, consultation.closes <= day,
      responses.allSatisfy({ $0.kind != kind || !$0.disposition.isEmpty })
    else { throw Refusal.consultationOpen(proposal, kind) }
  }

  /// M4-impl-a, M4-impl-b: the day of the decision picks the release.
  private func decided(
    _ proposal: Proposal, _ isApproved: Bool?, on day: Day, in reading: some Querying
  ) throws -> Proposal {
    guard let isApproved else {
      throw Refusal.proposalUnusable(proposal.id, "whether it was approved")
    }
    guard isApproved else { return proposal.changed(isApproved: false) }
    let releases = try GovernanceRecords.releases(in: reading)
    guard let release = Release.chosen(decided: day, from: releases) else {
      throw Refusal.noRelease(proposal, day)
    }
    return proposal.changed(isApproved: true, release: release.day)
  }

  /// M4-self-gov: chooses by whom it will be decided, before it is.
  ///
  /// - Throws: `proposal-unknown`, `stage-order`.
  package func choose(
    _ path: Proposal.Path, for id: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "proposal-path-chosen", clause: "M4-self-gov", at: moment,
      facts: ["subject": id, "path": path.rawValue])
    try records.write(entry) { transaction in
      let proposal = try GovernanceRecords.proposal(id, in: transaction)
      guard proposal.isApproved == nil else {
        throw Refusal.stageOrder(proposal, .decided, "before the decision")
      }
      try GovernanceRecords.keep(proposal.changed(path: path), in: transaction)
    }
  }

  /// M4-report-content: enters what the report says of something, before it is approved.
  ///
  /// - Throws: `proposal-unknown`, `remark-unusable`, `stage-order`.
  package func remark(
    _ remark: Remark, on id: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "proposal-remarked", clause: remark.topic.clause, at: moment,
      facts: ["subject": id, "topic": remark.topic.rawValue, "name": remark.name])
    try records.write(entry) { transaction in
      let proposal = try GovernanceRecords.proposal(id, in: transaction)
      guard remark.fits(proposal.documents) else { throw Refusal.remarkUnusable(remark) }
      let progress = try GovernanceRecords.progress(of: id, in: transaction)
      // M4-cost: costs are estimated again when changes are bundled in a release.
      let isApproved = progress.contains { $0.stage == .reportApproved && $0.actual != nil }
      guard !isApproved || remark.topic == .cost else {
        throw Refusal.stageOrder(proposal, .reportApproved, "before the report is approved")
      }
      try transaction.keep(
        GovernanceRecords.remark,
        [
          .text(id), .text(remark.topic.rawValue), .text(remark.name), .text(remark.value),
          .text(remark.text),
        ])
    }
  }

  /// M4-csc, M4-legal-text-consult: opens a consultation; the one on the report after its approval.
  ///
  /// - Throws: `proposal-unknown`, `stage-order`, `consultation-days`.
  package func consult(
    _ kind: Consultation.Kind, on id: String, from day: Day, until closes: Day, at moment: Time,
    by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "consultation-opened", clause: "M4-legal-text-consult", at: moment,
      facts: ["subject": id, "kind": kind.rawValue, "closes": closes.description])
    try records.write(entry) { transaction in
      let proposal = try GovernanceRecords.proposal(id, in: transaction)
      let progress = try GovernanceRecords.progress(of: id, in: transaction)
      let before: ProposalStage = kind == .legalText ? .raised : .reportApproved
      guard let taken = progress.first(where: { $0.stage == before })?.actual, taken <= day else {
        throw Refusal.stageOrder(proposal, .reportConsulted, "\(before.rawValue) first")
      }
      guard closes > day else { throw Refusal.consultationDays(day, closes) }
      try transaction.keep(
        GovernanceRecords.consultation,
        [.text(id), .text(kind.rawValue), .day(day), .day(closes)])
    }
  }

  /// C3-front-1, C3-front-2, R2-front: enters what an organisation answered, or what was made of
  /// it.
  ///
  /// - Throws: `proposal-unknown`, `consultation-open` when there is none, `response-unusable`.
  package func enter(
    _ response: ConsultationResponse, on id: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "response-entered", clause: "C3-front-1", at: moment,
      facts: ["subject": id, "organisation": response.organisation])
    try records.write(entry) { transaction in
      let proposal = try GovernanceRecords.proposal(id, in: transaction)
      let known = try GovernanceRecords.consultations(of: id, in: transaction)
      guard known.contains(where: { $0.kind == response.kind && $0.opened <= response.day }) else {
        throw Refusal.consultationOpen(proposal, response.kind)
      }
      guard !response.organisation.isEmpty, !response.text.isEmpty,
        response.isPublic == response.objection.isEmpty
      else { throw Refusal.responseUnusable(response) }
      try GovernanceRecords.keep(response, of: id, in: transaction)
    }
  }

  /// One proposal with all that is known of it.
  package func file(
    of id: String
  ) throws -> (
    proposal: Proposal, progress: [Progress], remarks: [Remark], consultations: [Consultation],
    responses: [ConsultationResponse], screening: Screening?
  ) {
    try records.read { reading in
      (
        try GovernanceRecords.proposal(id, in: reading),
        try GovernanceRecords.progress(of: id, in: reading),
        try GovernanceRecords.remarks(of: id, in: reading),
        try GovernanceRecords.consultations(of: id, in: reading),
        try GovernanceRecords.responses(of: id, in: reading),
        try GovernanceRecords.screening(of: id, in: reading)
      )
    }
  }
}
