// SPDX-License-Identifier: Apache-2.0

package import SEC

/// Every way in which entry testing says no.
extension Refusal {
  /// L7.1: tests first, certificates afterwards.
  package static func entryTestsOpen(_ party: String, _ purpose: EntryTestPurpose) -> Refusal {
    Refusal(
      "entry-tests-open", clause: "L7.1", field: "party",
      expected: "completed entry process tests for \(purpose.rawValue) certificates",
      found: "\(party) without a confirmed completion",
      remedy: "Complete the tests; a registration officer then records them: "
        + "smki party entry-tests.")
  }

  /// L7.1: only a registration officer confirms tests.
  package static func entryTestConfirmation(_ actor: Actor) -> Refusal {
    Refusal(
      "entry-test-confirmation", clause: "L7.1", field: "actor",
      expected: "a registration officer", found: "\(actor.name), \(actor.role.rawValue)",
      remedy: "Have a registration officer confirm the tests.")
  }

  /// L7.1: a confirmation needs something to show for it.
  package static func entryTestEvidence(_ party: String) -> Refusal {
    Refusal(
      "entry-test-evidence", clause: "L7.1", field: "evidence",
      expected: "the number of a test report", found: "nothing for \(party)",
      remedy: "Name the report with --evidence.")
  }
}
