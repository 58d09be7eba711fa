// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// A version of a form, which may be used once the PMA has approved it.
package struct FormVersion: Hashable, Sendable {
  /// The form of which it is a version.
  package let form: FormKind
  /// Its number or name, such as `2`.
  package let version: String
  /// The questions beyond those that every version asks.
  package let further: [FormField]
  /// Who proposed it.
  package let proposer: String
  /// When the PMA approved it, or nil while it has not.
  package let approved: Time?
  /// What shows the approval.
  package let evidence: String?

  /// A version, whole.
  package init(
    form: FormKind, version: String, further: [FormField], proposer: String,
    approved: Time? = nil, evidence: String? = nil
  ) {
    self.form = form
    self.version = version
    self.further = further
    self.proposer = proposer
    self.approved = approved
    self.evidence = evidence
  }

  /// Every question, those of all versions first.
  package var fields: [FormField] { form.coreFields + further }

  /// M4-org-info-form-a: checks that answers are complete and that each has its form.
  ///
  /// - Throws: `form-field-unknown`, `form-incomplete`, `form-answer`.
  package func check(_ answers: [String: [String]]) throws(Refusal) {
    let names = Set(fields.map(\.name))
    if let other = answers.keys.filter({ !names.contains($0) }).min() {
      throw .formFieldUnknown(form, other, fields.map(\.name))
    }
    let missing = fields.filter { $0.isRequired && (answers[$0.name] ?? []).isEmpty }
    guard missing.isEmpty else { throw .formIncomplete(form, missing.map(\.name)) }
    for field in fields {
      let given = answers[field.name] ?? []
      guard given.count <= 1 || field.isRepeated else {
        throw .formAnswer(field, found: "\(given.count) answers")
      }
      for answer in given where !field.takes(answer) {
        // What a person said of himself or herself is not repeated.
        throw .formAnswer(
          field, found: field.isPersonal ? "something else" : "“\(answer.prefix(60))”")
      }
    }
  }

  /// The further questions as a record keeps them, a line each.
  var definition: String {
    further.map { field in
      let most = if case .text(let most) = field.kind { most } else { 120 }
      let flags = [
        field.isRequired ? "required" : "", field.isRepeated ? "repeated" : "",
        field.isPersonal ? "personal" : "",
      ].filter { !$0.isEmpty }.joined(separator: "+")
      return "\(field.name)\t\(most)\t\(flags)\t\(field.title)"
    }.joined(separator: "\n")
  }

  /// Reads what `definition` wrote; nil when something else did.
  static func fields(_ definition: String) -> [FormField]? {
    var fields: [FormField] = []
    for line in definition.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, let most = Int(parts[1]) else { return nil }
      let flags = parts[2].split(separator: "+")
      fields.append(
        FormField(
          String(parts[0]), String(parts[3]), .text(most),
          isRequired: flags.contains("required"), isRepeated: flags.contains("repeated"),
          isPersonal: flags.contains("personal")))
    }
    return fields
  }
}
