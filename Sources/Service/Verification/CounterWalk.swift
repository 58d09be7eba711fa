// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Records
import Repository

extension StoreWalk {
  /// M8-2.3.1.8: the most certificates of one device; the hundredth is issued, the next is not.
  static let certificatesOfDeviceMax = 100

  /// Counters equal counts: each is held against rows, never against another counter.
  mutating func counters() throws {
    var classes = Set(totals.certificates.keys)
    for row in try reading.query("SELECT kind, lodged FROM certificate_count") {
      let kind = try row.text("kind")
      let count = totals.certificates[kind, default: 0]
      if classes.remove(kind) == nil && count == 0 {
        report.add("certificate_count", kind, "kind", "no certificate is of this class")
      } else if try row.value("lodged") != .int(Int64(count)) {
        report.add("certificate_count", kind, "lodged", "\(count) certificates were found")
      }
    }
    for kind in classes.sorted() {
      report.add("certificate_count", kind, nil, "the row is missing")
    }
    let credentials =
      try reading.first("SELECT count(*) AS count FROM system_credential")?.int("count")
    if credentials != totals.credentials {
      report.add(
        "system_credential", "", nil,
        "\(credentials ?? 0) rows for \(totals.credentials) certificates")
    }
  }

  /// C3-119: whose key is destroyed is spent, and signed nothing afterwards.
  private mutating func destroyedKeys() throws {
    for row in try reading.query(
      """
      SELECT id, state FROM issuing_authority JOIN issuing_key ON issuing_key.authority = id
      WHERE destroyed IS NOT NULL AND (state <> 'spent' OR EXISTS (
        SELECT 1 FROM issuance_chunk
        WHERE issuance_chunk.authority = issuing_authority.id AND recorded > destroyed))
      ORDER BY id
      """)
    {
      report.add(
        "issuing_key", "\(try row.int("id"))", "destroyed",
        "the authority is \(try row.text("state")), or signed after its key was destroyed")
    }
  }

  /// C3-118-4, M8-2.3.1.8: what was reserved is what the chunks say, and nobody went too far.
  mutating func limits() throws {
    try destroyedKeys()
    var left = signers
    for row in try reading.query("SELECT authority, reserved FROM issuing_volume") {
      let id = try row.int("authority")
      guard let authority = left.removeValue(forKey: id) else {
        report.add("issuing_volume", "\(id)", "authority", "there is no such authority")
        continue
      }
      let reserved = totals.reserved[id, default: 0]
      if try row.value("reserved") != .int(reserved) {
        report.add("issuing_volume", "\(id)", "reserved", "the chunks have \(reserved)")
      }
      if let most = authority.life.volumeMax, reserved > most {
        report.add("issuing_volume", "\(id)", "reserved", "\(reserved), at most \(most)")
      }
    }
    for id in left.keys.sorted() {
      report.add("issuing_volume", "\(id)", nil, "the row is missing")
    }
    for row in try reading.query(
      """
      SELECT entity, count(*) AS count FROM certificate WHERE entity IS NOT NULL
      GROUP BY entity HAVING count(*) > \(Self.certificatesOfDeviceMax)
      """)
    {
      let entity = try row.blob("entity")
      let ofDevices = try reading.first(
        """
        SELECT count(*) AS count FROM certificate
        WHERE entity = \(entity) AND kind = \(CertificateClass.device.rawValue)
        """)?.int("count")
      let raised = try reading.first(
        "SELECT certificates FROM device_limit WHERE entity = \(entity)"
      )?.optionalInt("certificates")
      let most = raised ?? Self.certificatesOfDeviceMax
      if let ofDevices, ofDevices > most {
        report.add(
          "certificate", Hex.encode(entity), "entity",
          "\(ofDevices) certificates of a device, at most \(most)")
      }
    }
  }
}
