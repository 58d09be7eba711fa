// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
package import SEC

/// L7.1: the SMKI and Repository Entry Process Tests, so far as they open a gate.
///
/// Until the tests themselves are run here, a registration officer records their confirmation
/// together with its evidence.
package struct EntryTests: Sendable {
  private let records: Records

  /// The tests that these records know.
  package init(records: Records) {
    self.records = records
  }

  /// L7.1: records that a party has completed the tests for a purpose.
  package func confirm(
    _ purpose: EntryTestPurpose, of party: String, at moment: Time, evidence: String,
    by actor: Actor
  ) throws {
    guard actor.role == .registrationOfficer else { throw Refusal.entryTestConfirmation(actor) }
    guard !evidence.isEmpty else { throw Refusal.entryTestEvidence(party) }
    let entry = Entry(
      actor, "entry-tests-confirmed", clause: "L7.1", at: moment,
      facts: ["party": party, "purpose": purpose.rawValue, "evidence": evidence])
    try records.write(entry) { transaction in
      try transaction.keep(
        EntryTestRecords.completion,
        [
          .text(party), .text(purpose.rawValue), .int(moment.milliseconds),
          .text(actor.name), .text(evidence),
        ])
    }
  }

  /// L7.1: the completion of the tests for a purpose, or nil while there is none.
  package func completion(
    of purpose: EntryTestPurpose, by party: String
  ) throws -> EntryTestCompletion? {
    try records.read { try EntryTestRecords.find(purpose, of: party, in: $0) }
  }
}
