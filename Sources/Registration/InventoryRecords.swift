// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import SEC

/// The tables of the Inventory beside `device`; nobody else reads or writes them.
package enum InventoryRecords {
  /// Which device belongs to which hub or meter.
  package static let link = KeptTable(
    "device_link", key: ["device"], columns: ["anchor", "since"], changesStanding: false)
  /// When two-way communication with a device was shown, and what shows it.
  package static let communication = KeptTable(
    "device_communication", key: ["device"], columns: ["since", "evidence"],
    changesStanding: false)
  /// What was said of devices, word for word.
  package static let change = KeptTable(
    "device_change", key: ["id"],
    columns: ["device", "type", "status", "moment", "officer", "cause"], changesStanding: false)

  /// Every kept table of the Inventory but `device`.
  package static let tables = [link, communication, change]

  /// The tables' definitions.
  package static let migrations = [
    Migration(
      name: "registration-4",
      statements: [
        """
        CREATE TABLE device_link (
          device BLOB NOT NULL PRIMARY KEY, anchor BLOB NOT NULL, since BIGINT NOT NULL)
        """,
        "CREATE INDEX device_link_anchor ON device_link (anchor)",
        """
        CREATE TABLE device_communication (
          device BLOB NOT NULL PRIMARY KEY, since BIGINT NOT NULL, evidence TEXT NOT NULL)
        """,
        """
        CREATE TABLE device_change (
          id BIGINT NOT NULL PRIMARY KEY, device BLOB NOT NULL, type TEXT NOT NULL,
          status TEXT NOT NULL, moment BIGINT NOT NULL, officer TEXT NOT NULL, cause BLOB)
        """,
        "CREATE INDEX device_change_device ON device_change (device)",
      ])
  ]

  static func keep(
    _ device: EntityID, _ type: DeviceType, _ status: SMIStatus, at moment: Time,
    by officer: String, cause: EntityID?, in transaction: Transaction
  ) throws {
    try transaction.keep(
      RegistrationRecords.device,
      [
        .blob(device.octets), .text(type.rawValue), .text(status.rawValue),
        .int(moment.milliseconds),
      ])
    let last = try transaction.first("SELECT MAX(id) AS last FROM device_change")
    try transaction.keep(
      change,
      [
        .int(Int64((try last?.optionalInt("last") ?? 0) + 1)), .blob(device.octets),
        .text(type.rawValue), .text(status.rawValue), .int(moment.milliseconds), .text(officer),
        cause.map { .blob($0.octets) } ?? .null,
      ])
  }

  static func keep(_ it: DeviceLink, in transaction: Transaction) throws {
    try transaction.keep(
      link, [.blob(it.device.octets), .blob(it.anchor.octets), .int(it.since.milliseconds)])
  }

  static func device(
    _ device: EntityID, in reading: some Querying
  ) throws -> InventoryDevice? {
    try devices("WHERE d.entity = \(device.octets)", in: reading).first
  }

  static func devices(_ part: SQL, in reading: some Querying) throws -> [InventoryDevice] {
    try reading.query(
      """
      SELECT d.entity AS entity, d.type AS type, d.status AS status, d.since AS since,
        c.since AS communicated
      FROM device d LEFT JOIN device_communication c ON c.device = d.entity \(part)
      """
    ).map { row in
      InventoryDevice(
        device: try entity(row, "entity"), type: try word(row, "type"),
        status: try word(row, "status"), since: try row.time("since"),
        communicated: try row.optionalTime("communicated"))
    }
  }

  static func links(_ part: SQL, in reading: some Querying) throws -> [DeviceLink] {
    try reading.query("SELECT device, anchor, since FROM device_link \(part)").map { row in
      DeviceLink(
        device: try entity(row, "device"), anchor: try entity(row, "anchor"),
        since: try row.time("since"))
    }
  }

  /// Whether a device belongs to something, or something to it.
  static func isLinked(_ device: EntityID, in reading: some Querying) throws -> Bool {
    try !links(
      "WHERE device = \(device.octets) OR anchor = \(device.octets)", in: reading
    ).isEmpty
  }

  /// What belongs to a device, directly or through a meter.
  static func belonging(
    to device: EntityID, in reading: some Querying
  ) throws -> [InventoryDevice] {
    var found: [InventoryDevice] = []
    var anchors = [device]
    while let anchor = anchors.popLast() {
      let part: SQL =
        """
        WHERE d.entity IN (SELECT device FROM device_link WHERE anchor = \(anchor.octets))
        ORDER BY d.entity
        """
      let direct = try devices(part, in: reading)
      found += direct
      anchors += direct.map(\.device)
    }
    return found
  }

  static func changes(
    of device: EntityID, in reading: some Querying
  ) throws -> [DeviceChange] {
    try reading.query(
      """
      SELECT device, type, status, moment, officer, cause FROM device_change
      WHERE device = \(device.octets) ORDER BY id
      """
    ).map { row in
      DeviceChange(
        device: try entity(row, "device"), type: try word(row, "type"),
        status: try word(row, "status"), moment: try row.time("moment"),
        officer: try row.text("officer"),
        cause: try row.optionalBlob("cause").flatMap { EntityID(octets: $0) })
    }
  }

  private static func entity(_ row: Row, _ column: String) throws -> EntityID {
    guard let entity = EntityID(octets: try row.blob(column)) else {
      throw DatabaseError.damaged(column)
    }
    return entity
  }

  private static func word<Word: RawRepresentable<String>>(
    _ row: Row, _ column: String
  ) throws -> Word {
    guard let word = Word(rawValue: try row.text(column)) else {
      throw DatabaseError.damaged("device.\(column)")
    }
    return word
  }
}
