// SPDX-License-Identifier: Apache-2.0

package import DER
package import Records
import Repository
package import SEC

/// M8-2.3.1.8: a device at which a request was refused for the number of its certificates; it waits
/// until an officer has looked and raised the device's limit.
package struct IssuanceAnomaly: Hashable, Sendable {
  /// The device.
  package let device: EntityID
  /// Who asked last.
  package let party: String
  /// How many requests were refused, the first and the last of them.
  package let times: Int
  package let first: Time
  package let last: Time
  /// How many certificates it has, and how many it may have.
  package let certificates: Int
  package let limit: Int
  /// Whether a further request would be refused, until an officer raises the limit.
  package let isWaiting: Bool
}

extension AuthorityRecords {
  /// M8-2.3.1.8: devices at whose limit requests were refused.
  package static let anomaly = KeptTable(
    "issuance_anomaly", key: ["entity"], columns: ["party", "times", "first_asked", "last_asked"],
    changesStanding: false)

  /// The definition of the table of anomalies, which came later.
  package static let anomalyMigrations = [
    Migration(
      name: "authority-anomalies-1",
      statements: [
        """
        CREATE TABLE issuance_anomaly (
          entity BLOB NOT NULL PRIMARY KEY, party TEXT NOT NULL, times BIGINT NOT NULL,
          first_asked BIGINT NOT NULL, last_asked BIGINT NOT NULL)
        """
      ])
  ]

  /// Counts requests of a party that were refused at a device's limit.
  static func countAnomaly(
    of device: EntityID, _ times: Int, by party: String, at moment: Time,
    in transaction: Transaction
  ) throws {
    let before = try transaction.first(
      "SELECT times, first_asked FROM issuance_anomaly WHERE entity = \(device.octets)")
    try transaction.keep(
      anomaly,
      [
        .blob(device.octets), .text(party), .int(Int64(times + (try before?.int("times") ?? 0))),
        .int(try before?.int64("first_asked") ?? moment.milliseconds), .int(moment.milliseconds),
      ])
  }

  /// M8-2.3.1.8: the devices at whose limit requests were refused, the last one first.
  package static func anomalies(in records: Records) throws -> [IssuanceAnomaly] {
    try records.read { reading in
      try reading.query(
        """
        SELECT issuance_anomaly.entity, party, times, first_asked, last_asked, certificates, since
        FROM issuance_anomaly LEFT JOIN device_limit
          ON device_limit.entity = issuance_anomaly.entity
        ORDER BY last_asked DESC, issuance_anomaly.entity
        """
      ).map { row in
        guard let device = EntityID(octets: try row.blob("entity")) else {
          throw DatabaseError.damaged("issuance_anomaly.entity")
        }
        let limit = try row.optionalInt("certificates") ?? Recording.certificatesOfDeviceMax
        let last = try row.time("last_asked")
        let count = try Repository.count(of: device, most: limit, in: reading)
        return IssuanceAnomaly(
          device: device, party: try row.text("party"), times: try row.int("times"),
          first: try row.time("first_asked"), last: last,
          certificates: count, limit: limit,
          isWaiting: try count >= limit && row.optionalTime("since").map { $0 <= last } ?? true)
      }
    }
  }
}
