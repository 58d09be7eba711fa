// SPDX-License-Identifier: Apache-2.0

/// The Code says no, with its reason: everything a person needs to put the matter right.
///
/// Each room lists its ways of saying no in its own `Refusals.swift`. A failure of ours (a disk, a
/// key store) is some other error and never a refusal.
package struct Refusal: Error, Sendable {
  /// Stable name for machines, lower case with hyphens, such as `not-eligible`.
  package let code: String
  /// The rule that is enforced.
  package let clause: Clause
  /// The part of the request that is meant, such as `subjectAltName` or `EUI-64`.
  package let field: String
  /// What the rule asks for.
  package let expected: String
  /// What was there instead; never a secret.
  package let found: String
  /// What the asker can do about it.
  package let remedy: String

  /// A refusal, whole.
  package init(
    _ code: String, clause: Clause, field: String, expected: String, found: String, remedy: String
  ) {
    self.code = code
    self.clause = clause
    self.field = field
    self.expected = expected
    self.found = found
    self.remedy = remedy
  }
}

extension Refusal: Equatable {
  /// Two refusals are the same when they say no by the same code and clause.
  package static func == (left: Refusal, right: Refusal) -> Bool {
    left.code == right.code && left.clause == right.clause
  }
}

extension Refusal: CustomStringConvertible {
  /// One sentence for people.
  package var description: String {
    "\(code) [\(clause)] \(field): expected \(expected); found \(found). \(remedy)"
  }
}
