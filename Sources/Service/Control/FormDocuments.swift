// SPDX-License-Identifier: Apache-2.0

package import Enrolment
import FoundationEssentials
package import SEC

/// A form as somebody filled it in: the content of a file, and later of a page.
package struct FilledForm: Codable, Sendable {
  /// The form as `FormKind` writes it.
  package var form: String
  /// The version that was filled in.
  package var version: String
  /// One answer or several, by question; nothing counts as no answer.
  package var answers: [String: Answers]

  /// What stands behind a question.
  package struct Answers: Codable, Sendable {
    /// The answers in their order.
    package var values: [String]

    /// Answers, whole.
    package init(_ values: [String]) {
      self.values = values
    }

    /// Reads a text, a number or a list of texts.
    package init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let list = try? container.decode([String].self) {
        values = list
      } else if let number = try? container.decode(Int.self) {
        values = ["\(number)"]
      } else {
        values = [try container.decode(String.self)]
      }
      values = values.filter { !$0.isEmpty }
    }

    /// Writes a text where there is one, a list otherwise.
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      if values.count == 1 {
        try container.encode(values[0])
      } else {
        try container.encode(values)
      }
    }
  }

  /// Reads a file.
  ///
  /// - Throws: `form-file`.
  package init(_ bytes: [UInt8]) throws(Refusal) {
    do {
      self = try JSONDecoder().decode(FilledForm.self, from: Data(bytes))
    } catch {
      throw .formFile("\(error)")
    }
  }

  /// An empty form, to be filled in.
  package init(template version: FormVersion) {
    form = version.form.rawValue
    self.version = version.version
    answers = [:]
    for field in version.fields {
      answers[field.name] = Answers(field.isRepeated ? [] : [""])
    }
  }

  /// The answers as the room takes them.
  package var plain: [String: [String]] {
    answers.mapValues(\.values).filter { !$0.value.isEmpty }
  }
}

/// A form as a JSON Schema, from which a page can be made.
package struct FormSchema: Encodable, Sendable {
  /// One question.
  package struct Property: Encodable, Sendable {
    var type = "string"
    let title: String
    var `enum`: [String]?
    var `const`: String?
    var pattern: String?
    var format: String?
    var minLength: Int?
    var maxLength: Int?
    /// Whether the answer is about a person.
    let personal: Bool
  }

  /// A question with one answer or with several.
  package enum Question: Encodable, Sendable {
    case one(Property)
    case several(Property)

    private enum CodingKeys: String, CodingKey {
      case type, title, items, minItems
    }

    /// Writes the question as JSON Schema has it.
    package func encode(to encoder: any Encoder) throws {
      switch self {
      case .one(let property): try property.encode(to: encoder)
      case .several(let property):
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("array", forKey: .type)
        try container.encode(property.title, forKey: .title)
        try container.encode(property, forKey: .items)
      }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case id = "$id"
    case title, description, type, properties, required, additionalProperties
  }

  let schema = "https://json-schema.org/draft/2020-12/schema"
  let id: String
  let title: String
  let description: String
  let type = "object"
  let properties: [String: Question]
  let required: [String]
  let additionalProperties = false

  /// The schema of a version.
  package init(_ version: FormVersion) {
    let form = version.form
    id = "urn:smki:form:\(form.rawValue):\(version.version)"
    title = form.rawValue + (form.annex.map { ", Annex \($0)" } ?? "")
    description = "Version \(version.version), under \(form.clause); it \(form.effect.rawValue)."
    properties = Dictionary(
      uniqueKeysWithValues: version.fields.map { field in
        let property = Property(field)
        return (field.name, field.isRepeated ? .several(property) : .one(property))
      })
    required = version.fields.filter(\.isRequired).map(\.name)
  }
}

extension FormSchema.Property {
  /// The question as JSON Schema has it.
  init(_ field: FormField) {
    title = field.title
    personal = field.isPersonal
    switch field.kind {
    case .text(let most):
      minLength = 1
      maxLength = most
    case .word(let words): `enum` = words
    case .identifier: pattern = "^[a-z0-9-]{1,64}$"
    case .date: format = "date"
    case .number: pattern = "^[1-9][0-9]*$"
    case .identifiers:
      pattern = "^[a-z+-]+ [0-9A-Fa-f+]+ [0-9A-Fa-f:-]{16,23} [0-9A-Fa-f:-]{16,23}$"
    case .confirmation: `const` = "yes"
    }
  }
}
