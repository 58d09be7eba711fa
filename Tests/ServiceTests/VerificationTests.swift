// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Foundation
import Records
import SEC
import Service
import TestEstate
import TestStore
import Testing

@Suite("A store is proven, and one changed value is found", .serialized)
struct VerificationTests {
  /// Columns that no verification can find changed, each with its reason: there are none.
  static let exempt: Set<String> = []

  @Test("a store with something in every table is sound, and the report counts it")
  func sound() throws {
    let store = try FullStore.once.get()
    let report = try store.verify(store.folder)
    #expect(report.faults == [])
    #expect(report.counts.certificates == 16)
    #expect(report.counts.soundCertificates == 16)
    #expect(report.counts.lodgedChunks == 5)
    #expect(report.counts.voidedChunks == 1)
    #expect(report.counts.openChunks == 1)
    #expect(report.counts.checkpoints == 2)
    #expect(report.estate == Founded.estate.name)
    let records = try Records.examine(
      TestStore.place(store.folder + "/smki.sqlite"), migrations: Store.migrations)
    try records.read { reading in
      for table in try reading.tables() {
        var rows = 0
        try reading.each(of: table) { _ in rows += 1 }
        #expect(rows > 0, "\(table.name): a table without rows would not be tried")
      }
    }
  }

  /// A value to be changed.
  struct Change {
    let table, column, type, row: String

    /// What changes it behind the program's back.
    var statement: String { VerificationTests.statement(table, column, type, row: row) }
  }

  /// What may be spoilt in one copy, as each is told from the others.
  ///
  /// A row that the audit knows is held against its entry alone, so that one column of each such
  /// table goes into one copy; every other value has a copy of its own.
  static func rounds(of store: FullStore, rows: [String]) throws -> [[Change]] {
    let kept = Set(Store.keptTables.map(\.name))
    var alone: [[Change]] = []
    var together: [[Change]] = []
    for (table, columns) in try columns(in: store.folder) {
      // The only row of a table is its first and its last.
      let isOne = try FullStore.sqlite(store.folder, "SELECT count(*) FROM \(table);") == "1\n"
      for row in isOne ? Array(rows.prefix(1)) : rows {
        for (number, (name, type)) in columns.enumerated()
        where !exempt.contains("\(table).\(name)") {
          let change = Change(table: table, column: name, type: type, row: row)
          guard kept.contains(table) else {
            alone.append([change])
            continue
          }
          let round = number * rows.count + (rows.firstIndex(of: row) ?? 0)
          while together.count <= round { together.append([]) }
          together[round].append(change)
        }
      }
    }
    return alone + together.filter { !$0.isEmpty }
  }

  @Test("each column of each table: one changed value is found, and its table named", .onFile)
  func everyColumn() throws {
    let store = try FullStore.once.get()
    let rounds = try Self.rounds(of: store, rows: ["min(rowid)", "max(rowid)"])
    let copies = try store.copies(
      spoiltBy: rounds.map { $0.map(\.statement).joined(separator: "\n") })
    defer { for copy in copies { try? FileManager.default.removeItem(atPath: copy) } }
    let ofRow: Set = ["the audit has no entry for it", "differs from its audit entry"]
    for (round, copy) in zip(rounds, copies) {
      let report = try store.verify(copy)
      for change in round {
        // A row that the audit knows is located as a whole; a certificate by its column too.
        let isFound = report.faults.contains { fault in
          fault.table == change.table && (round.count == 1 || ofRow.contains(fault.detail))
            && (change.table != "certificate" || fault.column.map { $0 == change.column } ?? true)
        }
        #expect(
          isFound, "\(change.table).\(change.column) of the row \(change.row): \(report.faults)")
      }
    }
    #expect(rounds.map(\.count).reduce(0, +) > 150)
  }

  /// Tables whose last row may be missing without a trace, each with its reason.
  ///
  /// The last checkpoint says no more than the entries themselves; that it was handed out before is
  /// known to whoever has it, by a proof of consistency.
  static let lastRowExempt: Set<String> = ["audit_checkpoint"]

  @Test("each table: a row that is missing is found", .onFile)
  func everyRow() throws {
    let store = try FullStore.once.get()
    let kept = Set(Store.keptTables.map(\.name))
    let tables = try Self.tables(store.folder).filter { !Self.lastRowExempt.contains($0) }
    // A row that the audit knows is missed for itself: all of them in one copy.
    let rounds = [tables.filter(kept.contains)] + tables.filter { !kept.contains($0) }.map { [$0] }
    let copies = try store.copies(
      spoiltBy: rounds.map { tables in
        tables.map {
          "DELETE FROM \($0) WHERE rowid = (SELECT max(rowid) FROM \($0));"
        }.joined(separator: "\n")
      })
    defer { for copy in copies { try? FileManager.default.removeItem(atPath: copy) } }
    for (tables, copy) in zip(rounds, copies) {
      let report = try store.verify(copy)
      for table in tables {
        // An entry too few is told by the state of the tree, which counts one more.
        let told = table == "audit_entry" ? "audit_tree" : table
        let isFound = report.faults.contains {
          $0.table == told && (tables.count == 1 || $0.detail == "is missing from the table")
        }
        #expect(isFound, "\(table): \(report.faults)")
      }
    }
  }

  @Test("a table, an index or a copy of a row that somebody added is found", .onFile)
  func additions() throws {
    let store = try FullStore.once.get()
    for (statement, table) in [
      ("CREATE TABLE note (text TEXT);", "note"),
      ("INSERT INTO device SELECT x'FFFF', type, status, since FROM device LIMIT 1;", "device"),
      (
        """
        DROP INDEX certificate_serial;
        INSERT INTO certificate (serial, kind, entity, key_identifier, usage, role, chunk, position,
          party, request_hash, issued, not_after, der)
        SELECT serial, kind, entity, key_identifier, usage, role, chunk, position, party,
          request_hash, issued, not_after, der FROM certificate ORDER BY id DESC LIMIT 1;
        """, "certificate"
      ),
    ] {
      let copy = try store.copy()
      defer { try? FileManager.default.removeItem(atPath: copy) }
      try FullStore.sqlite(copy, statement)
      let report = try store.verify(copy)
      #expect(report.faults.contains { $0.table == table }, "\(statement): \(report.faults)")
    }
  }

  @Test("open chunks are right only while a process holds the store")
  func openChunks() throws {
    let store = try FullStore.once.get()
    let copy = try store.copy()
    defer { try? FileManager.default.removeItem(atPath: copy) }
    func verify() throws -> VerificationReport {
      try Verification(
        records: Records.examine(
          TestStore.place(copy + "/smki.sqlite"), migrations: Store.migrations),
        keys: store.keys
      ).run()
    }
    let faults = try verify().faults
    #expect(faults.map(\.table) == ["issuance_chunk"])
    #expect(faults.map(\.column) == ["state"])
    let holder = try Records.open(
      TestStore.place(copy + "/smki.sqlite"), clock: { TestEstate.beginning },
      migrations: Store.migrations)
    #expect(try verify().isSound)
    holder.close()
    // The next start voids it.
    let estate = try TestEstate(opening: copy)
    estate.close()
    let report = try verify()
    #expect(report.faults == [])
    #expect(report.counts.openChunks == 0)
    #expect(report.counts.voidedChunks == 2)
  }

  @Test("a store of another estate is told from the one that was asked for")
  func otherEstate() throws {
    let store = try FullStore.once.get()
    let other = Estate(
      kind: .live, name: "another", devicePolicy: "1.2.3", organisationPolicy: "1.2.4",
      ikiPolicy: "1.2.5")
    let report = try Verification(
      records: Records.examine(
        TestStore.place(store.folder + "/smki.sqlite"), migrations: Store.migrations),
      estate: other, keys: store.keys, openChunks: .allowed
    ).run()
    #expect(report.faults.map(\.table) == ["estate"])
  }

  /// Every table with names and types of its columns, as the schema has them now.
  static func columns(in folder: String) throws -> [(table: String, columns: [(String, String)])] {
    let lines = try FullStore.sqlite(
      folder,
      """
      SELECT m.name || '|' || c.name || '|' || c.type
      FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid;
      """
    ).split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
    return Dictionary(grouping: lines, by: { $0[0] }).sorted { $0.key < $1.key }.map {
      (table: $0.key, columns: $0.value.map { ($0[1], $0[2]) })
    }
  }

  /// Changes one value behind the program's back.
  static func statement(
    _ table: String, _ column: String, _ type: String, row: String
  ) -> String {
    """
    UPDATE \(table) SET \(column) = \(other(column, type))
    WHERE rowid = (SELECT \(row) FROM \(table));
    """
  }

  /// A value of the same type that is not the one that is there.
  private static func other(_ column: String, _ type: String) -> String {
    switch type {
    case "BLOB":
      """
      CASE WHEN \(column) IS NULL THEN x'01'
      ELSE CAST(substr(\(column), 1, length(\(column)) - 1)
        || CASE WHEN substr(\(column), -1) = x'FF' THEN x'FE' ELSE x'FF' END AS BLOB) END
      """
    case "TEXT": "coalesce(\(column), '') || 'x'"
    default: "coalesce(\(column), 0) + 1000000"
    }
  }

  static func tables(_ folder: String) throws -> [String] {
    try FullStore.sqlite(
      folder,
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1;"
    ).split(separator: "\n").map(String.init)
  }
}
