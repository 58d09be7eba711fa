// SPDX-License-Identifier: Apache-2.0

import DER
package import Records

/// The table of this room.
package enum EntryTestRecords {
  /// Completions, by party and purpose.
  package static let completion = KeptTable(
    "entry_test_completion", key: ["party", "purpose"],
    columns: ["confirmed", "confirmed_by", "evidence"])

  /// Every kept table of this room.
  package static let tables = [completion]

  /// The table's definition.
  package static let migrations = [
    Migration(
      name: "entry-testing-1",
      statements: [
        """
        CREATE TABLE entry_test_completion (
          party TEXT NOT NULL, purpose TEXT NOT NULL, confirmed BIGINT NOT NULL,
          confirmed_by TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (party, purpose))
        """
      ])
  ]

  static func find(
    _ purpose: EntryTestPurpose, of party: String, in reading: some Querying
  ) throws -> EntryTestCompletion? {
    try reading.query(
      """
      SELECT confirmed, confirmed_by, evidence FROM entry_test_completion
      WHERE party = \(party) AND purpose = \(purpose.rawValue)
      """
    ).first.map { row in
      EntryTestCompletion(
        party: party, purpose: purpose, confirmed: try row.time("confirmed"),
        confirmedBy: try row.text("confirmed_by"), evidence: try row.text("evidence"))
    }
  }
}
