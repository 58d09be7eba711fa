// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Governance
package import SEC

/// L1.18, L1.19: what the Secretariat and the Code Administrator enter about proposals.
package struct PMAModification: ControlRequest {
  /// One act.
  package enum Act: Codable, Sendable {
    case alone(vote: String, person: String)
    case register(
      proposal: String, title: String, party: String, documents: [String], day: String?)
    case screen(proposal: String, affects: Bool, reason: String)
    case release(day: String, cutOff: String?)
    case path(proposal: String, path: String)
    case plan(proposal: String, stage: String, day: String)
    case advance(
      proposal: String, stage: String, body: String, evidence: String, isApproved: Bool?,
      day: String?)
    case remark(proposal: String, topic: String, name: String, value: String, text: String)
    case consult(proposal: String, kind: String, from: String?, until: String)
    case respond(
      proposal: String, kind: String, organisation: String, text: String, objection: String,
      disposition: String, day: String?)
  }

  package let act: Act

  package static let name = "pma-modification"
  package static let role = Actor.Role.secretariat
  /// Texts of a report and redlines.
  package static let octetsMax = 4 * Control.requestOctetsMax

  /// An act to be entered.
  package init(_ act: Act) {
    self.act = act
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let now = node.clock()
    let room = node.proposals
    switch act {
    case .alone(let vote, let person):
      try room.raiseAlone(by: person, vote: vote, at: now, by: officer)
    case .register(let proposal, let title, let party, let documents, let day):
      try room.register(
        proposal, title: title, by: party, documents: documents, on: PMAAct.day(day, now),
        at: now, by: officer)
    case .screen(let proposal, let affects, let reason):
      try room.screen(proposal, affects: affects, reason: reason, at: now, by: officer)
    case .release(let day, let cutOff):
      try room.enter(
        release: PMAAct.day(day, now), cutOff: cutOff.map { try PMAAct.day($0, now) }, at: now,
        by: officer)
    case .path(let proposal, let path):
      try room.choose(
        Control.word(path, Proposal.Path.init, "path"), for: proposal, at: now, by: officer)
    default: try progress(room, now, officer)
    }
    return Done(by: officer)
  }

  private func progress(_ room: Proposals, _ now: Time, _ by: Actor) throws {
    switch act {
    case .plan(let proposal, let stage, let day):
      try room.plan(
        Control.word(stage, ProposalStage.init, "stage"), of: proposal,
        on: PMAAct.day(day, now), at: now, by: by)
    case .advance(
      let proposal, let stage, let body, let evidence, let isApproved, let day):
      try room.advance(
        proposal, to: Control.word(stage, ProposalStage.init, "stage"), by: body,
        evidence: evidence, isApproved: isApproved, on: PMAAct.day(day, now), at: now, by: by)
    case .remark(let proposal, let topic, let name, let value, let text):
      let remark = Remark(
        topic: try Control.word(topic, Remark.Topic.init, "topic"), name: name, value: value,
        text: text)
      try room.remark(remark, on: proposal, at: now, by: by)
    case .consult(let proposal, let kind, let from, let until):
      try room.consult(
        Control.word(kind, Consultation.Kind.init, "kind"), on: proposal,
        from: PMAAct.day(from, now), until: PMAAct.day(until, now), at: now, by: by)
    case .respond(
      let proposal, let kind, let organisation, let text, let objection, let disposition,
      let day):
      let response = ConsultationResponse(
        kind: try Control.word(kind, Consultation.Kind.init, "kind"),
        organisation: organisation, day: try PMAAct.day(day, now), text: text,
        isPublic: objection.isEmpty, objection: objection, disposition: disposition)
      try room.enter(response, on: proposal, at: now, by: by)
    default: preconditionFailure("every act has a room")
    }
  }
}
