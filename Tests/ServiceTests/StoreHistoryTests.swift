// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import Foundation
import Records
import Repository
import SEC
import Service
import Testing

@Suite("A store of every released version is taken forward")
struct StoreHistoryTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/stores").path

  /// The versions whose stores are kept.
  static let versions =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.first?.isNumber ?? false }.sorted()

  @Test("there is at least the first version")
  func isKept() {
    #expect(Self.versions.contains("0.1.0"))
  }

  @Test(
    "it opens, has its estate and certificates, and its audit is whole", .clause("ENG-records"),
    arguments: versions)
  func forward(version: String) throws {
    let copy = NSTemporaryDirectory() + "smki-history-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: copy) }
    let path = "\(copy)/smki.sqlite"
    try FileManager.default.copyItem(
      atPath: "\(Self.folder)/\(version)/smki.sqlite", toPath: path)
    let records = try Records.open(
      path, clock: SystemClock.now, migrations: Store.migrations)
    defer { records.close() }
    let estate = try #require(try EstateRecords.find(in: records))
    #expect(estate.name == "TEST")
    let counts = try Repository(records: records).counts()
    #expect(counts[.dca] == 2)
    #expect(counts[.oca] == 2)
    let report = try records.verifyAudit(keys: [], origin: estate.auditOrigin)
    #expect(report.faults.filter { $0.table != "audit_checkpoint" } == [])
  }
}
