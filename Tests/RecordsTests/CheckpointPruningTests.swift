// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Keys
import Records
import Testing

@Suite("Of old checkpoints the last of each day stays, and the audit says which went")
struct CheckpointPruningTests {
  static let origin = "example.com/estate"
  static let day: Int64 = 86_400

  let place: Place
  let key: SoftwareKey

  init() throws {
    place = try Place()
    key = try SoftwareKey.generate(.ed25519)
  }

  /// Three days of five checkpoints each, one entry under each: positions 0 to 14.
  private func filled() throws -> Records {
    let records = try place.open()
    for index in 0..<15 {
      let time = Time(seconds: 1_800_000_000 + Int64(index / 5) * Self.day + Int64(index % 5))
      let entry = Entry(
        time: time, actor: "Ada", role: "operator", action: "e", clause: "L8.2",
        facts: ["i": "\(index)"])
      try records.write(entry) { _ in }
      _ = try records.audit.signCheckpoint(key: key, origin: Self.origin)
    }
    return records
  }

  private func positions(_ records: Records) throws -> [Int] {
    try records.read {
      try $0.query("SELECT position FROM audit_checkpoint ORDER BY position").map {
        try $0.int("position")
      }
    }
  }

  private func faults(_ records: Records) throws -> [String] {
    try records.verifyAudit(keys: [NoteKey(Self.origin, key.publicKey)]).faults.map {
      "\($0.table) \($0.row)"
    }
  }

  private static let entry = Entry.test(AuditLog.pruningAction)

  @Test(
    "in one go or in pieces, the same ones stay", .clause("ENG-audit-tree"), arguments: [100, 4, 3])
  func prunes(most: Int) throws {
    let records = try filled()
    while try records.audit.pruneCheckpoints(Self.entry, keeping: 2, most: most) {}
    let left = try positions(records)
    #expect(left == [4, 9, 12, 13, 14])
    #expect(try faults(records) == [])
    // Nothing more goes, and nothing is entered, until there is something new.
    let size = try records.audit.size
    #expect(try !records.audit.pruneCheckpoints(Self.entry, keeping: 2, most: 100))
    #expect(try records.audit.size == size)
    _ = try records.audit.signCheckpoint(key: key, origin: Self.origin)
    #expect(try positions(records).last == 15)
    #expect(try faults(records) == [])
    try MerkleTree.checkConsistency(
      from: 2, root: records.audit.root(size: 2), to: size, root: records.audit.root(size: size),
      proof: records.audit.consistencyProof(from: 2, to: size))
  }

  @Test("with no more than are kept nothing goes", .clause("ENG-audit-tree"))
  func few() throws {
    let records = try filled()
    #expect(try !records.audit.pruneCheckpoints(Self.entry, keeping: 15))
    #expect(try positions(records).count == 15)
  }

  @Test(
    "a checkpoint that went without an entry is missed", .clause("ENG-audit-tree"),
    arguments: [4, 9, 13])
  func missed(position: Int) throws {
    let records = try filled()
    _ = try records.audit.pruneCheckpoints(Self.entry, keeping: 2)
    records.close()
    let statement: SQL = "DELETE FROM audit_checkpoint WHERE position = \(position)"
    try place.tamper(statement)
    let found = try faults(place.examine(statement))
    #expect(found.contains("audit_checkpoint \(position)"), "\(found)")
  }
}
