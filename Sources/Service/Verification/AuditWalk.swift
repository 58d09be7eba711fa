// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Records

/// What the entries of the audit say about the other tables.
struct ToldByAudit {
  /// Certificates that were lodged by a ceremony, in one transaction.
  struct Ceremony {
    let auditIndex: Int
    let count: Int
    let root: MerkleTree.Hash
  }

  /// Every row that is known to the audit.
  var rows = KeptRows()
  /// One more than the place of the last entry that changed what somebody may do.
  var generation = 0
  /// Ceremonies, in order.
  var ceremonies: [Ceremony] = []
}

extension StoreWalk {
  /// The audit itself, and on the way what it tells of the rest.
  mutating func audit() throws {
    var told = ToldByAudit()
    var faults: [VerificationReport.Fault] = []
    var access = verification.accessLog.map(AccessWalk.init)
    let changing = Set(Store.keptTables.filter(\.changesStanding).map(\.name))
    let audit = try verification.records.verifyAudit(
      keys: verification.keys, origin: verification.origin
    ) { index, entry in
      try access?.visit(entry, index)
      let tables = told.rows.replay(entry.facts)
      if !tables.isDisjoint(with: changing) { told.generation = index + 1 }
      if entry.facts["chunk"] == "0" {
        guard let root = entry.facts["certificate-root"].flatMap({ Hex.decode($0) }),
          let count = entry.facts["count"].flatMap({ Int($0) })
        else { return }
        told.ceremonies.append(.init(auditIndex: index, count: count, root: root))
      }
      for serial in (entry.facts["serials"] ?? "").split(separator: " ") {
        guard let octets = Hex.decode(serial), try isLodged(octets) else { continue }
        faults.append(
          .init(
            table: "certificate", row: String(serial), column: "serial",
            detail: "a serial number that was voided, entry \(index)"))
      }
    }
    self.told = told
    report.counts.entries = audit.entries
    report.counts.checkpoints = audit.checkpoints
    report.auditRoot = Hex.encode(audit.root)
    report.add(
      audit.faults.map {
        .init(table: $0.table, row: $0.row, column: $0.column, detail: $0.detail)
      })
    report.faultCount += audit.faultCount - audit.faults.count
    report.add(faults)
    if var access {
      access.finish()
      report.counts.accessSegments = access.sound
      report.counts.openAccessSegments = access.openCount
      report.add(access.faults)
    }
    try keptRows()
    try standing()
  }

  private func isLodged(_ serial: [UInt8]) throws -> Bool {
    try reading.first("SELECT 1 AS one FROM certificate WHERE serial = \(serial)") != nil
  }

  /// Rows that the audit knows, against those that are there.
  private mutating func keptRows() throws {
    let (sound, faults) = try told.rows.differences(Store.keptTables, in: reading)
    report.counts.keptRows = sound
    report.add(
      faults.map { .init(table: $0.table, row: $0.row, column: $0.column, detail: $0.detail) })
    // What they cost is not needed any longer.
    told.rows = KeptRows()
  }

  private mutating func standing() throws {
    let rows = try reading.query("SELECT generation FROM standing")
    guard rows.count == 1, let row = rows.first else {
      report.add("standing", "", nil, "\(rows.count) rows, not one")
      return
    }
    if try row.value("generation") != .int(Int64(told.generation)) {
      report.add(
        "standing", "", "generation",
        "\(told.generation) expected after the last entry that changes a standing")
    }
  }
}
