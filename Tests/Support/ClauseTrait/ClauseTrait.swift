// SPDX-License-Identifier: Apache-2.0

package import Testing

/// The clauses that a test or a suite holds, as `.clause("L8.2")` beside the test's sentence.
///
/// The trait does nothing when the test runs. The trace reads it from the source, so each clause is
/// a plain string literal that names a row of `Rules/clauses.tsv` or a stem of rows.
package struct ClauseTrait: TestTrait, SuiteTrait {
  /// The clauses as the register writes them.
  package let clauses: [String]

  /// Makes the trait of a suite count for the suites inside it too.
  package var isRecursive: Bool { true }
}

extension Trait where Self == ClauseTrait {
  /// Says which clauses of `Rules/clauses.tsv` the test or suite holds.
  package static func clause(_ clauses: String...) -> ClauseTrait {
    ClauseTrait(clauses: clauses)
  }
}
