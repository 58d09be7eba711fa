// SPDX-License-Identifier: Apache-2.0

/// Why a text is not taken as XML, and where that was seen.
package struct XMLError: Error, Equatable, CustomStringConvertible {
  /// The kinds of refusal, stable for callers to switch over.
  package enum Code: Sendable {
    /// It breaks the rules of XML 1.0, names an entity that XML itself does not define, or is not
    /// UTF-8.
    case notWellFormed
    /// It has a document type declaration, which is where entities are made.
    case documentType
    /// It has a processing instruction.
    case processingInstruction
    /// It says that it is in another encoding than UTF-8.
    case encoding
    /// It is larger than allowed.
    case tooLarge
    /// Its elements stand deeper in each other than allowed.
    case tooDeep
    /// It has more elements than allowed.
    case tooManyElements
    /// An element has more attributes than allowed.
    case tooManyAttributes
    /// The name of an element or attribute is longer than allowed.
    case nameTooLong
    /// The text of an element or attribute is longer than allowed.
    case textTooLong
  }

  /// What kind of refusal it is.
  package let code: Code
  /// The line, from 1; 0 when it is about the whole.
  package let line: Int
  /// The column in octets, from 1; 0 when it is about the whole line or text.
  package let column: Int
  /// What was found there, in one line.
  package let detail: String

  /// A refusal of the stated kind at a place.
  package init(_ code: Code, line: Int = 0, column: Int = 0, _ detail: String) {
    self.code = code
    self.line = line
    self.column = column
    self.detail = detail
  }

  /// Place and detail in one line.
  package var description: String {
    line == 0 ? detail : "line \(line), column \(column): \(detail)"
  }
}
