// SPDX-License-Identifier: Apache-2.0

import DER
import Enrolment
import Registration
import SEC
import Service

extension Command {
  private static let number = Operand(name: "NUMBER", summary: "number of the case")
  private static let reason = Option.required("--reason", "TEXT", "why")

  static let applicationList = Command(
    name: "application list", summary: "list the cases: who applied for what, and how it stands",
    options: [
      .value("--party", "PARTY", "only those of this party"),
      .flag("--open", "only those that wait for a decision"),
    ], example: "smki application list --open"
  ) { invocation in
    let opening = try Opening(invocation)
    let cases = try opening.registration.enrolment.submissions(of: invocation.value("--party"))
      .filter { $0.form.effect == .opensCase }
      .filter { !invocation.has("--open") || $0.state == .submitted }
    let now = try opening.now()
    let rows = try cases.map { try CaseRow($0, opening, at: now) }
    try invocation.show(rows) {
      Table(
        headings: ["case", "form", "party", "person", "state", "due", "steps"],
        rows: rows.map { row in
          [
            "\(row.number)", row.form, row.party, row.person, row.state,
            row.due.map { String($0.prefix(10)) } ?? "-",
            row.steps.map { "\($0.form) \($0.standing)" }.joined(separator: ", "),
          ]
        }
      ).text()
    }
    return .done
  }

  static let applicationShow = Command(
    name: "application show", summary: "show a case: its answers, its steps, what is missing",
    notes: "Answers about persons are not shown; see smki person export.",
    operands: [number], example: "smki application show 12"
  ) { invocation in
    let opening = try Opening(invocation)
    let it = try opening.registration.enrolment.submission(try invocation.caseNumber())
    let row = try CaseRow(it, opening, at: opening.now())
    try invocation.show(row) {
      Table.pairs(
        [
          ("case", "\(row.number)"), ("form", "\(row.form), version \(row.version)"),
          ("state", row.state), ("party", row.party), ("person", row.person),
          ("entered", "\(row.submitted) by \(row.proposer)"), ("due", row.due ?? "-"),
          ("decided", row.decided.map { "\($0) by \(row.decider ?? "")" } ?? "-"),
          ("reason", row.reason ?? "-"),
          (
            "steps",
            row.steps.map { "\($0.form): \($0.standing), due \($0.due.prefix(10))" }
              .joined(separator: "\n")
          ), ("missing", row.missing.joined(separator: "\n")),
        ]
          + row.answers.sorted { $0.key < $1.key }.map {
            ($0.key, $0.value.joined(separator: "\n"))
          }
      )
    }
    return .done
  }

  static let applicationApprove = Command(
    name: "application approve", summary: "approve a case that somebody else has entered",
    notes: "It needs every step passed, and an officer who entered nothing of the case.",
    operands: [number], example: "smki application approve 12 --as second-officer"
  ) { invocation in
    try invocation.decide(.approve, reason: "")
  }

  static let applicationRefuse = Command(
    name: "application refuse", summary: "refuse a case because a step failed or is overdue",
    operands: [number], options: [reason],
    example: "smki application refuse 12 --reason 'screening failed'"
  ) { invocation in
    try invocation.decide(.refuse, reason: invocation.required("--reason"))
  }

  static let applicationWithdraw = Command(
    name: "application withdraw", summary: "take a case back at the wish of the applicant",
    operands: [number], options: [reason],
    example: "smki application withdraw 12 --reason 'wrong identifiers'"
  ) { invocation in
    try invocation.decide(.withdraw, reason: invocation.required("--reason"))
  }
}

extension Invocation {
  fileprivate func caseNumber() throws -> Int {
    guard let number = Int(operands[0]), number > 0 else {
      throw UsageError("\(operands[0]) is no number of a case", command)
    }
    return number
  }

  fileprivate func decide(_ decision: DecideCase.Decision, reason: String) throws -> ExitCode {
    let answer = try Channel(invocation: self).perform(
      DecideCase(number: caseNumber(), decision: decision, reason: reason))
    try show(answer) { answer.sentence }
    return .done
  }
}

/// A case with its steps.
private struct CaseRow: Encodable {
  struct Step: Encodable {
    let form: String
    let due: String
    let standing: String
  }

  let number: Int
  let form: String
  let version: String
  let party: String
  let person: String
  let state: String
  let submitted: String
  let proposer: String
  let due: String?
  let decider: String?
  let decided: String?
  let reason: String?
  let steps: [Step]
  /// L3.3: what an applicant for subscription has not done yet.
  let missing: [String]
  let answers: [String: [String]]

  init(_ it: Submission, _ opening: Opening, at moment: Time) throws {
    number = it.id
    form = it.form.rawValue
    version = it.version
    party = it.party
    person = it.person
    state = it.state.rawValue
    submitted = it.submitted.rfc3339
    proposer = it.proposer
    due = it.due?.rfc3339
    decider = it.decider
    decided = it.decided?.rfc3339
    reason = it.reason
    steps = try opening.registration.enrolment.steps(of: it).map {
      Step(form: $0.form.rawValue, due: $0.due.rfc3339, standing: $0.standing(at: moment))
    }
    let policy = it.answer("policy").flatMap(CertificatePolicyKind.init(rawValue:))
    missing =
      it.state == .submitted
      ? try policy.map {
        try opening.registration.missing(of: it.party, under: $0, at: moment)
      } ?? [] : []
    answers = it.answers
  }
}
