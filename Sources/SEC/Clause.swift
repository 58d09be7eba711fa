// SPDX-License-Identifier: Apache-2.0

/// A citation of a rule: a row of `Rules/clauses.tsv` or the stem of several rows.
///
/// The tidy test fails when a citation in the sources has no row.
package struct Clause: Hashable, Sendable {
  /// The identifier as the register writes it, such as `L8.2` or `C3-118-4a`.
  package let id: String

  /// Names a clause read from a record or a person's input.
  package init(_ id: String) {
    self.id = id
  }
}

extension Clause: ExpressibleByStringLiteral, CustomStringConvertible {
  package init(stringLiteral id: String) {
    self.init(id)
  }

  package var description: String { id }
}
