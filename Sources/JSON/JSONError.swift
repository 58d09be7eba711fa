// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON, or not what was expected of it.
package struct JSONError: Error, Hashable, Sendable {
  /// What went wrong, for a program.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// The text is not JSON of the kind that is taken here (RFC 8259 without fractions).
    case malformed
    /// An object has two members of one name.
    case twice
    /// Values lie deeper within each other than is taken.
    case tooDeep
    /// A member has a name that nobody asked for.
    case unknownMember
    /// A member is not there.
    case missingMember
    /// A value is of another type, or outside what it may be.
    case wrongValue
  }

  /// What went wrong, for a program.
  package let code: Code
  /// Where: the members from the top, such as `acts[2].name`, or `octet 17`.
  package let place: String
  /// What was expected, for a person.
  package let expected: String
  /// What stands there.
  package let found: String

  /// An error, whole.
  package init(_ code: Code, at place: String, expected: String, found: String) {
    self.code = code
    self.place = place
    self.expected = expected
    self.found = found
  }
}
