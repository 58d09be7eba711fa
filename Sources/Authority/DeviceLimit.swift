// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
import Registration
import Repository
package import SEC

/// M8-2.3.1.8: a device that has more certificates than usual, because an officer has looked.
package struct DeviceLimit: Hashable, Sendable {
  /// The device.
  package let device: EntityID
  /// How many certificates it may have.
  package let certificates: Int
  package let reason: String
  package let since: Time
}

extension AuthorityRecords {
  /// The definition of the table of limits, which came later.
  package static let limitMigrations = [
    Migration(
      name: "authority-limits-1",
      statements: [
        """
        CREATE TABLE device_limit (
          entity BLOB NOT NULL PRIMARY KEY, certificates BIGINT NOT NULL, reason TEXT NOT NULL,
          since BIGINT NOT NULL)
        """
      ])
  ]

  /// The limit that an officer set for a device, or nil.
  static func deviceLimit(_ device: EntityID, in reading: some Querying) throws -> Int? {
    try reading.first(
      "SELECT certificates FROM device_limit WHERE entity = \(device.octets)"
    )?.int("certificates")
  }

  /// M8-2.3.1.8: every limit that was raised, by device.
  package static func deviceLimits(in records: Records) throws -> [DeviceLimit] {
    try records.read { reading in
      try reading.query(
        "SELECT entity, certificates, reason, since FROM device_limit ORDER BY entity"
      ).map { row in
        guard let device = EntityID(octets: try row.blob("entity")) else {
          throw DatabaseError.damaged("device_limit.entity")
        }
        return DeviceLimit(
          device: device, certificates: try row.int("certificates"),
          reason: try row.text("reason"), since: try row.time("since"))
      }
    }
  }
}

extension Authority {
  /// M8-2.3.1.8: raises the limit of one device after a manual review.
  ///
  /// - Throws: `notARegistrationOfficer`, `deviceLimitTooLow`.
  package func raiseLimit(
    of device: EntityID, to certificates: Int, because reason: String, by officer: Actor
  ) throws {
    guard officer.role == .registrationOfficer else {
      throw Refusal.notARegistrationOfficer(officer)
    }
    guard certificates > Recording.certificatesOfDeviceMax else {
      throw Refusal.deviceLimitTooLow(certificates, Recording.certificatesOfDeviceMax)
    }
    let moment = clock()
    let entry = Entry(
      officer, "device-limit-raised", clause: "M8-2.3.1.8", at: moment,
      facts: [
        "device": device.description, "certificates": String(certificates), "reason": reason,
      ])
    try records.write(entry) { transaction in
      try transaction.keep(
        AuthorityRecords.deviceLimit,
        [
          .blob(device.octets), .int(Int64(certificates)), .text(reason),
          .int(moment.milliseconds),
        ])
    }
  }
}
