// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import SEC

/// The tables of models and of who is told of a suspension; nobody else reads or writes them.
package enum ModelRecords {
  /// C3-292-2: until when a model is certified.
  package static let model = KeptTable(
    "device_model", key: ["name"], columns: ["certified_until", "evidence"],
    changesStanding: false)
  /// Which model a device is.
  package static let product = KeptTable(
    "device_product", key: ["device"], columns: ["model"], changesStanding: false)
  /// C3-292-4: who is registered for a meter.
  package static let meterParties = KeptTable(
    "meter_parties", key: ["device"], columns: ["supplier", "operator"], changesStanding: false)
  /// C3-292-4: who was told of which suspension.
  package static let notice = KeptTable(
    "suspension_notice", key: ["id"], columns: ["device", "party", "meter", "reason", "made"],
    changesStanding: false)

  /// Every kept table of models.
  package static let tables = [model, product, meterParties, notice]

  /// The tables' definitions.
  package static let migrations = [
    Migration(
      name: "registration-models",
      statements: [
        """
        CREATE TABLE device_model (
          name TEXT NOT NULL PRIMARY KEY, certified_until BIGINT NOT NULL, evidence TEXT NOT NULL)
        """,
        "CREATE TABLE device_product (device BLOB NOT NULL PRIMARY KEY, model TEXT NOT NULL)",
        "CREATE INDEX device_product_model ON device_product (model)",
        """
        CREATE TABLE meter_parties (
          device BLOB NOT NULL PRIMARY KEY, supplier TEXT NOT NULL, operator TEXT NOT NULL)
        """,
        """
        CREATE TABLE suspension_notice (
          id BIGINT NOT NULL PRIMARY KEY, device BLOB NOT NULL, party TEXT NOT NULL,
          meter BLOB NOT NULL, reason TEXT NOT NULL, made BIGINT NOT NULL)
        """,
      ])
  ]

  static func models(_ part: SQL, in reading: some Querying) throws -> [DeviceModel] {
    try reading.query("SELECT name, certified_until, evidence FROM device_model \(part)").map {
      try DeviceModel(
        name: $0.text("name"), certifiedUntil: $0.time("certified_until"),
        evidence: $0.text("evidence"))
    }
  }

  /// The model of a device, or nil.
  static func model(of device: EntityID, in reading: some Querying) throws -> DeviceModel? {
    try models(
      "WHERE name IN (SELECT model FROM device_product WHERE device = \(device.octets))",
      in: reading
    ).first
  }

  /// C3-292-2: devices whose model is certified no more at a moment, and which are not suspended.
  static func due(
    at moment: Time, most: Int, in reading: some Querying
  ) throws -> [(device: InventoryDevice, model: String)] {
    let statuses = DeviceModel.statusesWithout.map(\.rawValue).sorted()
    let rows = try reading.query(
      """
      SELECT p.device AS device, p.model AS model FROM device_product p
      JOIN device_model m ON m.name = p.model JOIN device d ON d.entity = p.device
      WHERE m.certified_until <= \(moment.milliseconds)
        AND d.status NOT IN (\(list: statuses.map { .text($0) }))
      ORDER BY p.device LIMIT \(most)
      """)
    return try rows.map { row in
      guard let entity = EntityID(octets: try row.blob("device")),
        let device = try InventoryRecords.device(entity, in: reading)
      else { throw DatabaseError.damaged("device_product.device") }
      return (device, try row.text("model"))
    }
  }

  static func parties(of meter: EntityID, in reading: some Querying) throws -> MeterParties? {
    try reading.first(
      "SELECT supplier, operator FROM meter_parties WHERE device = \(meter.octets)"
    ).map {
      MeterParties(
        device: meter, supplier: try $0.text("supplier"),
        networkOperator: try $0.text("operator"))
    }
  }

  static func keep(_ notices: [SuspensionNotice], in transaction: Transaction) throws {
    let last = try transaction.first("SELECT MAX(id) AS last FROM suspension_notice")
    var id = Int64(try last?.optionalInt("last") ?? 0)
    for it in notices {
      id += 1
      try transaction.keep(
        notice,
        [
          .int(id), .blob(it.device.octets), .text(it.party), .blob(it.meter.octets),
          .text(it.reason), .int(it.made.milliseconds),
        ])
    }
  }

  static func notices(in reading: some Querying) throws -> [SuspensionNotice] {
    try reading.query(
      "SELECT device, party, meter, reason, made FROM suspension_notice ORDER BY id"
    ).map { row in
      guard let device = EntityID(octets: try row.blob("device")),
        let meter = EntityID(octets: try row.blob("meter"))
      else { throw DatabaseError.damaged("suspension_notice.device") }
      return SuspensionNotice(
        device: device, party: try row.text("party"), meter: meter,
        reason: try row.text("reason"), made: try row.time("made"))
    }
  }
}
