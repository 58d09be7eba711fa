// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Duties
import Governance
import Keys
import Records
import SEC
import TestEstate
import Testing

/// Something in every table of the PMA's business.
extension GovernanceRows {
  func business() throws {
    try matter()
    try standard()
    try proposal()
    try direction()
    let (serial, key) = signer
    try votes.enrol(credential: serial, of: "p-security", at: now, by: by)
    let statement = Array(try votes.statement(of: "v-1").utf8)
    try votes.sign(
      "v-1", as: "p-security", serial: serial, key.sign(statement), key: key.publicKey, at: now,
      by: by)
  }

  private func matter() throws {
    let matters = Matters(records: estate.records)
    try matters.open("x", .chairNotice, about: "p-chair", cause: "vacancy", at: now, by: by)
    try matters.observe(
      Observation(
        number: 1, document: "A", sort: .cosmetic, text: "a comma", recommendation: "remove it"),
      in: "x", at: now, by: by)
    try matters.direct(1, "Amend it", in: "x", at: now, by: by)
    for paper in ["proposed-chair", "independence", MatterRule.minute] {
      try matters.file(paper, [65], to: "x", at: now, by: by)
    }
    try matters.enterPanelDecision("notified", of: "x", at: now, by: by)
    try matters.issue("x", at: now, by: by)
  }

  private func standard() throws {
    let standards = Standards(records: estate.records)
    for (version, follows) in [("1", ""), ("2", "1")] {
      try standards.note(
        "S", version: version, issuer: "BSI", obligation: "A 1", follows: follows, on: today,
        at: now, by: by)
    }
    try votes.open(
      "v-3", in: "m", item: 1, kind: .standardDate, motion: "That it apply",
      terms: ["standard": "S", "version": "2", "from": today.adding(days: 1).description], at: now,
      by: by)
    try votes.cast(.yes, by: "p-security", in: "v-3", at: now, by: by)
    _ = try votes.close("v-3", at: now, by: by)
    let votes = votes
    try estate.records.write(Entry(by, "pma-standard-set", clause: "L1.23(a)", at: now)) {
      transaction in
      try Standards.determine(
        votes.effect(of: "v-3", kind: .standardDate, in: transaction), in: transaction)
    }
    try standards.appeal(
      "S", version: "2", by: "DCC", as: .dcc, grounds: "too soon", at: now, by: by)
  }

  private func direction() throws {
    let matters = Matters(records: estate.records)
    try matters.open("k", .recoveryKey, about: "incident 1", cause: "a report", at: now, by: by)
    for paper in ["compromise", "recovery-key-guidance"] {
      try matters.file(paper, [65], to: "k", at: now, by: by)
    }
    try votes.open(
      "v-4", in: "m", item: 1, kind: .useRecoveryKey, motion: "That it be used",
      terms: ["matter": "k", "outcome": "recovery-key"], at: now, by: by)
    try votes.cast(.yes, by: "p-security", in: "v-4", at: now, by: by)
    _ = try votes.close("v-4", at: now, by: by)
    let (votes, now) = (votes, now)
    try estate.records.write(Entry(by, "pma-key-directed", clause: "L1.17(i)", at: now)) {
      transaction in
      let effect = try votes.effect(of: "v-4", kind: .useRecoveryKey, in: transaction)
      try KeyDirection.give(effect, at: now, in: transaction)
      try Matters.decide(effect, on: Day(now), in: transaction)
    }
    try matters.follow(direction: "v-4", evidence: "a report", at: now, by: by)
  }

  private func proposal() throws {
    let proposals = Proposals(records: estate.records)
    try proposals.register(
      "MP1", title: "A change", by: "North Gas", documents: ["A"], on: today, at: now, by: by)
    try proposals.screen("MP1", affects: true, reason: "of A", at: now, by: by)
    try proposals.enter(release: today.adding(days: 90), cutOff: nil, at: now, by: by)
    try proposals.remark(
      Remark(topic: .view, name: "PMA", text: "none"), on: "MP1", at: now, by: by)
    try proposals.consult(
      .legalText, on: "MP1", from: today, until: today.adding(days: 9), at: now, by: by)
    try proposals.enter(
      ConsultationResponse(
        kind: .legalText, organisation: "North Gas", day: today, text: "yes", isPublic: true,
        objection: "", disposition: ""), on: "MP1", at: now, by: by)
  }
}
