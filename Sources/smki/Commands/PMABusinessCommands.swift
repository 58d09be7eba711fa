// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import FoundationEssentials
import Governance
import SEC
import Service

/// L1.17: the business of the PMA, from its beginning to those who are told.
extension Command {
  static let matterOption = Option.required("--matter", "NUMBER", "number of the matter")

  static let pmaBusiness = Command(
    name: "pma business",
    summary: "list what the PMA and the Panel deal with: papers, time, vote, outcomes, recipients",
    options: [.value("--on", "DAY", "by the rules of a day, YYYY-MM-DD; today by default")],
    example: "smki pma business --on 2015-01-01"
  ) { invocation in
    let edition = Edition.at(try invocation.day("--on").begins)
    let rows = MatterKind.allCases.compactMap { kind in
      MatterRule.of(kind, in: edition).map { BusinessRow(kind, $0) }
    }
    try invocation.show(rows) {
      Table(
        headings: ["kind", "clause", "papers", "in", "vote", "outcomes", "told"],
        rows: rows.map {
          [
            $0.kind, $0.clause, $0.papers.joined(separator: ", "), $0.deadline, $0.vote ?? "Panel",
            $0.outcomes.joined(separator: ", "), $0.recipients.joined(separator: ", "),
          ]
        }
      ).text()
    }
    return .done
  }

  static let pmaDocuments = Command(
    name: "pma documents", summary: "list the documents that the PMA answers for, by set",
    options: [
      .value(
        "--set", "SET", "only those of a set",
        words: CodeDocument.DocumentSet.allCases.map(\.rawValue)),
      .value("--on", "DAY", "by the rules of a day, YYYY-MM-DD; today by default"),
    ], example: "smki pma documents --set dccki"
  ) { invocation in
    let edition = Edition.at(try invocation.day("--on").begins)
    let set = invocation.value("--set").flatMap { CodeDocument.DocumentSet(rawValue: $0) }
    let rows = CodeDocument.all.filter { document in
      set.map { document.isIn($0, under: edition) } ?? (document.since.begins <= edition.begins)
    }.map { DocumentRow($0, edition) }
    try invocation.show(rows) {
      Table(
        headings: ["appendix", "title", "also", "clause", "sets", "reviewed under"],
        rows: rows.map {
          [
            $0.appendix, $0.title, $0.shortTitle, $0.clause, $0.sets.joined(separator: ", "),
            $0.reviewedUnder ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }

  static let pmaMatters = Command(
    name: "pma matters", summary: "list matters with their state, the last day, and the outcome",
    options: [
      .value("--on", "DAY", "what is late on a day, YYYY-MM-DD; today by default"),
      .value(
        "--state", "STATE", "only these", words: Matter.State.allCases.map(\.rawValue)),
    ], example: "smki pma matters --state open"
  ) { invocation in
    let day = try invocation.day("--on")
    let state = invocation.value("--state")
    let rows = try Matters(records: Opening(invocation).records).all()
      .filter { state == nil || $0.state.rawValue == state }.map { MatterRow($0, on: day) }
    try invocation.show(rows) {
      Table(
        headings: ["matter", "kind", "about", "version", "due", "state", "outcome", "vote"],
        rows: rows.map {
          [
            $0.matter, $0.kind, $0.subject, $0.version, $0.due + ($0.isLate ? " late" : ""),
            $0.state, $0.outcome, $0.vote,
          ]
        }
      ).text()
    }
    return .done
  }

  static let pmaBegin = Command(
    name: "pma begin", summary: "open a matter of the PMA's or the Panel's",
    notes: "smki pma business says what each kind asks for. The review of a document that was "
      + "incorporated or modified begins by itself: smki duties event.",
    options: [
      matterOption,
      .required("--kind", "KIND", "what it is", words: MatterKind.allCases.map(\.rawValue)),
      .required("--subject", "TEXT", "what it is about: a document, a party, a service"),
      .value("--version", "VERSION", "which version of it"),
      .value("--cause", "TEXT", "what began it: a letter, a direction of the Panel, the calendar"),
    ],
    example: "smki pma begin --matter cps-7 --kind practice-statement --subject 'Device CPS' "
      + "--version 7.0"
  ) { invocation in
    try invocation.perform(
      PMABusiness(
        .begin(
          matter: invocation.required("--matter"), kind: invocation.required("--kind"),
          subject: invocation.required("--subject"), version: invocation.value("--version") ?? "",
          cause: invocation.value("--cause") ?? "")))
  }

  static let pmaPaper = Command(
    name: "pma paper", summary: "file a paper of a matter",
    notes: "Of a Certification Practice Statement no more than the digest is kept (L9.12). The "
      + "paper 'redacted' is the text for those who get a redacted copy.",
    options: [
      matterOption,
      .required("--name", "NAME", "which paper: see smki pma business"),
      .value("--text", "TEXT", "what it says"),
      .value("--file", "FILE", "the paper as a file of UTF-8 text; a statement in any form"),
    ], example: "smki pma paper --matter cps-7 --name statement --file device-cps.pdf"
  ) { invocation in
    let octets: [UInt8]
    switch (invocation.value("--text"), invocation.value("--file")) {
    case (let text?, nil): octets = Array(text.utf8)
    case (nil, let file?): octets = try Files.read(file, octetsMax: 8 << 20)
    default: throw UsageError("give --text or --file", invocation.command)
    }
    return try invocation.perform(
      PMABusiness(
        .paper(
          matter: invocation.required("--matter"), name: invocation.required("--name"),
          octets: Data(octets))))
  }

  static let pmaObserve = Command(
    name: "pma observe", summary: "enter what a review found in a document, or close a finding",
    options: [
      matterOption,
      .required("--number", "NUMBER", "number of the observation"),
      .required("--document", "TITLE", "the document"),
      .required(
        "--class", "CLASS", "of what sort", words: Observation.Class.allCases.map(\.rawValue)),
      .required("--text", "TEXT", "what was found"),
      .value("--recommendation", "TEXT", "what should be done"),
      .flag("--closed", "it is settled"),
    ],
    example: "smki pma observe --matter review-20 --number 5 --document L --class "
      + "recovery-clarity --text 'Order of steps in section 5'"
  ) { invocation in
    try invocation.perform(
      PMABusiness(
        .observe(
          matter: invocation.required("--matter"), number: invocation.number("--number") ?? 0,
          document: invocation.required("--document"), sort: invocation.required("--class"),
          text: invocation.required("--text"),
          recommendation: invocation.value("--recommendation") ?? "",
          isOpen: !invocation.has("--closed"))))
  }

  static let pmaAmend = Command(
    name: "pma amend",
    summary: "direct an amendment of a practice statement, or enter that it is made",
    options: [
      matterOption,
      .required("--number", "NUMBER", "number of the amendment"),
      .value("--text", "TEXT", "what the DCC has to amend"),
      .flag("--made", "the DCC has made it"),
    ], example: "smki pma amend --matter cps-7 --number 1 --text 'Name the custodians of 6.2.2'"
  ) { invocation in
    let matter = try invocation.required("--matter")
    let number = try invocation.number("--number") ?? 0
    return try invocation.perform(
      PMABusiness(
        invocation.has("--made")
          ? .amended(matter: matter, number: number)
          : .direct(
            matter: matter, number: number, text: invocation.value("--text") ?? "")))
  }

  static let pmaPanel = Command(
    name: "pma panel", summary: "enter what the Panel decided in a matter of its own",
    options: [
      matterOption, .required("--outcome", "OUTCOME", "what it decided: see smki pma business"),
    ], example: "smki pma panel --matter chair-3 --outcome notified"
  ) { invocation in
    try invocation.perform(
      PMABusiness(
        .panelDecision(
          matter: invocation.required("--matter"), outcome: invocation.required("--outcome"))))
  }

  static let pmaIssue = Command(
    name: "pma issue", summary: "tell everybody whom the rule names what came of a matter",
    notes: "smki pma report --kind letter prints what each is told.",
    options: [matterOption], example: "smki pma issue --matter cps-7"
  ) { invocation in
    try invocation.perform(PMABusiness(.issue(matter: invocation.required("--matter"))))
  }
}

private struct BusinessRow: Encodable {
  let kind: String
  let clause: String
  let subjects: [String]
  let papers: [String]
  let deadline: String
  let vote: String?
  let outcomes: [String]
  let recipients: [String]

  init(_ kind: MatterKind, _ rule: MatterRule) {
    self.kind = kind.rawValue
    clause = rule.clause.id
    subjects = rule.subjects
    papers = rule.papers
    deadline = "\(rule.deadline.count) \(rule.deadline.unit.rawValue)"
    vote = rule.decision?.rawValue
    outcomes = rule.outcomes
    recipients = rule.recipients.map { $0.name + ($0.form == .full ? "" : " (redacted)") }
  }
}

private struct DocumentRow: Encodable {
  let appendix: String
  let title: String
  let shortTitle: String
  let clause: String
  let sets: [String]
  let reviewedUnder: String?

  init(_ document: CodeDocument, _ edition: Edition) {
    appendix = document.appendix
    title = document.title
    shortTitle = document.shortTitle
    clause = document.clause.id
    sets = CodeDocument.DocumentSet.allCases.filter { document.isIn($0, under: edition) }
      .map(\.rawValue)
    reviewedUnder = document.reviewedUnder?.id
  }
}

private struct MatterRow: Encodable {
  let matter: String
  let kind: String
  let clause: String?
  let subject: String
  let version: String
  let cause: String
  let opened: String
  let due: String
  let isLate: Bool
  let state: String
  let outcome: String
  let vote: String

  init(_ matter: Matter, on day: Day) {
    self.matter = matter.id
    kind = matter.kind.rawValue
    clause = matter.rule?.clause.id
    subject = matter.subject
    version = matter.version
    cause = matter.cause
    opened = matter.opened.description
    due = matter.due.description
    isLate = matter.state == .open && matter.due < day
    state = matter.state.rawValue
    outcome = matter.outcome
    vote = matter.vote
  }
}
