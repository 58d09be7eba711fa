// SPDX-License-Identifier: Apache-2.0

import DER
import Enrolment
import FoundationEssentials
import Registration
import SEC
import Service

extension Command {
  private static let form = Operand(name: "FORM", summary: "name of the form: smki form list")
  private static let evidence = Option.required(
    "--evidence", "TEXT", "what shows it: the number of a decision or publication")

  static let formList = Command(
    name: "form list", summary: "list the forms of registration, their versions and steps",
    example: "smki form list"
  ) { invocation in
    let enrolment = try Opening(invocation).registration.enrolment
    let rows = try FormKind.allCases.map { try FormRow($0, enrolment) }
    try invocation.show(rows) {
      Table(
        headings: ["form", "annex", "in force", "it", "steps"],
        rows: rows.map {
          [
            $0.form, $0.annex ?? "-", $0.inForce ?? "none", $0.effect,
            $0.steps.joined(separator: ", "),
          ]
        }
      ).text()
    }
    return .done
  }

  static let formShow = Command(
    name: "form show", summary: "show the questions of a form, as text, JSON Schema or to fill in",
    operands: [form],
    options: [
      .value("--version", "VERSION", "another version than the one in force"),
      .flag("--schema", "as JSON Schema, for a page"),
      .flag("--template", "empty, as a file to be filled in"),
    ], example: "smki form show organisation-information --template"
  ) { invocation in
    guard let form = FormKind(rawValue: invocation.operands[0]) else {
      throw UsageError("there is no form \(invocation.operands[0])", invocation.command)
    }
    let versions = try Opening(invocation).registration.enrolment.versions(of: form)
    let wanted = invocation.value("--version")
    let inForce = versions.filter { $0.approved != nil }
      .max { ($0.approved?.milliseconds ?? 0) < ($1.approved?.milliseconds ?? 0) }
    guard
      let version = wanted == nil
        ? inForce ?? versions.first : versions.first(where: { $0.version == wanted })
    else { throw Refusal.formVersionUnknown(form, wanted ?? "") }
    if invocation.has("--schema") {
      Terminal.print(try JSON.text(FormSchema(version)))
    } else if invocation.has("--template") {
      Terminal.print(try JSON.text(FilledForm(template: version)))
    } else {
      let rows = version.fields.map(QuestionRow.init)
      try invocation.show(rows) { text(of: version, rows) }
    }
    return .done
  }

  private static func text(of version: FormVersion, _ rows: [QuestionRow]) -> String {
    "\(version.form.rawValue), version \(version.version)"
      + (version.approved.map { ", approved \($0.rfc3339): \(version.evidence ?? "")" }
        ?? ", not approved") + "\n\n"
      + Table(
        headings: ["question", "what", "answer", ""],
        rows: rows.map { row in
          let marks = [
            row.required ? "" : "optional", row.repeated ? "several" : "",
            row.personal ? "personal" : "",
          ]
          return [
            row.name, row.title, row.form,
            marks.filter { !$0.isEmpty }.joined(separator: ", "),
          ]
        }
      ).text()
  }

  static let formSubmit = Command(
    name: "form submit", summary: "hand in filled forms from files",
    notes: """
      A file is JSON with form, version and answers; smki form show FORM --template prints an \
      empty one, and - is standard input. Answers about persons are kept outside the audit tree.
      """,
    operands: [Operand(name: "FILE", summary: "a filled form, or several", isRepeated: true)],
    options: [
      Option(
        name: "--answer", value: "NAME=TEXT",
        summary: "an answer in the place of the file's; may be repeated", isRepeated: true)
    ],
    example: "smki form submit Examples/forms/organisation-information.json"
  ) { invocation in
    let answers = try invocation.pairs("--answer")
    let channel = Channel(invocation: invocation)
    let results = try invocation.operands.map { file in
      var filled = try FilledForm(try Files.read(file))
      for (name, given) in Dictionary(grouping: answers, by: \.0) {
        filled.answers[name] = FilledForm.Answers(given.map(\.1).filter { !$0.isEmpty })
      }
      return try channel.perform(SubmitForm(filled: filled))
    }
    try invocation.show(results) { results.map(\.sentence).joined(separator: "\n") }
    return .done
  }

  static let formPropose = Command(
    name: "form propose", summary: "propose a version of a form, from a file",
    notes: """
      The file is JSON with form, version and further: the questions beyond those that every \
      version asks, each with name and title, and characters, required, repeated or personal \
      where they differ from 120 and false.
      """,
    operands: [Operand(name: "FILE", summary: "the proposal")],
    example: "smki form propose Examples/forms/new-version.json"
  ) { invocation in
    let proposal: ProposeForm
    do {
      proposal = try JSONDecoder().decode(
        ProposeForm.self, from: Data(try Files.read(invocation.operands[0])))
    } catch let error as DecodingError {
      throw Refusal.formFile("\(error)")
    }
    return try invocation.perform(proposal)
  }

  static let formApprove = Command(
    name: "form approve", summary: "record that the PMA has approved a version of forms",
    options: [
      Option(
        name: "--form", value: "FORM", summary: "a form; may be repeated; all when none is named",
        words: FormKind.allCases.map(\.rawValue), isRepeated: true),
      .required("--version", "VERSION", "the version that was approved"), evidence,
    ], example: "smki form approve --version 1 --evidence PMA-2031-02"
  ) { invocation in
    try invocation.perform(
      ApproveForms(
        forms: invocation.values("--form"), version: invocation.required("--version"),
        evidence: invocation.required("--evidence")))
  }

  static let agreementPublish = Command(
    name: "agreement publish", summary: "publish a version of an agreement that parties accept",
    options: [
      .required(
        "--agreement", "KIND", "which agreement", words: AgreementKind.allCases.map(\.rawValue)),
      .required("--version", "VERSION", "its version"),
      .value("--from", "DAY", "first day in force, YYYY-MM-DD; now by default"), evidence,
    ],
    example: "smki agreement publish --agreement subscriber --version 3 --evidence PMA-2031-05"
  ) { invocation in
    try invocation.perform(
      PublishAgreement(
        agreement: invocation.required("--agreement"), version: invocation.required("--version"),
        from: invocation.value("--from"), evidence: invocation.required("--evidence")))
  }

  static let agreementList = Command(
    name: "agreement list", summary: "list the agreements and from when each version is in force",
    example: "smki agreement list"
  ) { invocation in
    let rows = try Opening(invocation).registration.enrolment.agreements().map { agreement in
      [
        "agreement": agreement.kind.rawValue, "version": agreement.version,
        "inForce": agreement.inForce.rfc3339, "evidence": agreement.evidence,
      ]
    }
    try invocation.show(rows) {
      let names = ["agreement", "version", "inForce", "evidence"]
      return Table(
        headings: ["agreement", "version", "in force from", "evidence"],
        rows: rows.map { row in names.map { row[$0] ?? "" } }
      ).text()
    }
    return .done
  }
}

extension Invocation {
  /// The values of an option as names and texts, split at the first `=`.
  func pairs(_ option: String) throws -> [(String, String)] {
    try values(option).map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw UsageError("\(option) is NAME=TEXT, not \(text)", command)
      }
      return (String(parts[0]), String(parts[1]))
    }
  }
}

extension SubmitForm.Answer {
  /// For people.
  var sentence: String {
    let whom = [party, person].filter { !$0.isEmpty }.joined(separator: ", ")
    return "\(number): \(state)" + (whom.isEmpty ? "" : " (\(whom))")
      + (state == "submitted" ? due.map { ", to be decided by \($0)" } ?? "" : "")
  }
}

/// A form in one line.
private struct FormRow: Encodable {
  let form: String
  let annex: String?
  let inForce: String?
  let versions: [String]
  let effect: String
  let steps: [String]
  let clause: String

  init(_ form: FormKind, _ enrolment: Enrolment) throws {
    self.form = form.rawValue
    annex = form.annex
    inForce = try enrolment.versionInForce(of: form)?.version
    versions = try enrolment.versions(of: form).map(\.version)
    effect = form.effect.rawValue
    steps = form.steps.map(\.rawValue)
    clause = form.clause.id
  }
}

/// A question of a form in one line.
private struct QuestionRow: Encodable {
  let name: String
  let title: String
  let form: String
  let required: Bool
  let repeated: Bool
  let personal: Bool

  init(_ field: FormField) {
    name = field.name
    title = field.title
    form = field.form
    required = field.isRequired
    repeated = field.isRepeated
    personal = field.isPersonal
  }
}
