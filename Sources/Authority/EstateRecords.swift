// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
package import SEC

/// Which estate a store belongs to: written once, checked at each start (C3-84-2).
package enum EstateRecords {
  /// The one row.
  package static let estate = KeptTable(
    "estate", key: ["name"],
    columns: ["kind", "device_policy", "organisation_policy", "iki_policy"])

  /// Every kept table of this file.
  package static let tables = [estate]

  /// The table's definition.
  package static let migrations = [
    Migration(
      name: "estate-1",
      statements: [
        """
        CREATE TABLE estate (
          name TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, device_policy TEXT NOT NULL,
          organisation_policy TEXT NOT NULL, iki_policy TEXT NOT NULL)
        """
      ])
  ]

  static func keep(_ estate: Estate, in transaction: Transaction) throws {
    try transaction.keep(
      self.estate,
      [
        .text(estate.name), .text(estate.kind.rawValue), .text(estate.devicePolicy.description),
        .text(estate.organisationPolicy.description), .text(estate.ikiPolicy.description),
      ])
  }

  /// The estate of a store, or nil while it is empty.
  package static func find(in records: Records) throws -> Estate? {
    try records.read { reading in
      try reading.first(
        "SELECT name, kind, device_policy, organisation_policy, iki_policy FROM estate"
      ).map { row in
        guard let kind = Estate.Kind(rawValue: try row.text("kind")),
          let device = ObjectIdentifier(try row.text("device_policy")),
          let organisation = ObjectIdentifier(try row.text("organisation_policy")),
          let iki = ObjectIdentifier(try row.text("iki_policy"))
        else { throw DatabaseError.damaged("estate") }
        return Estate(
          kind: kind, name: try row.text("name"), devicePolicy: device,
          organisationPolicy: organisation, ikiPolicy: iki)
      }
    }
  }
}
