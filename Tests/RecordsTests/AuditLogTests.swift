// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Keys
import Records
import Testing

@Suite("Audit in the records")
struct AuditLogTests {
  static let origin = "example.com/estate"
  let place: Place
  let key: SoftwareKey

  init() throws {
    place = try Place()
    key = try SoftwareKey.generate(.ed25519)
  }

  /// A store with so many entries, written some hundreds at a time.
  func filled(_ count: Int) throws -> Records {
    let records = try place.open()
    for index in 0..<count { try records.write(.test("e", ["i": "\(index)"])) { _ in } }
    return records
  }

  var keys: [NoteKey] {
    get throws { [try NoteKey(Self.origin, key.publicKey)] }
  }

  @Test(
    "the stored tree is the tree over the entries, through reopening",
    arguments: [0, 1, 255, 256, 257, 600])
  func tree(size: Int) throws {
    var records = try filled(size)
    for _ in 0..<2 {
      let leaves = try (0..<size).map { try MerkleTree.leafHash(records.audit.data($0)) }
      #expect(try records.audit.size == size)
      #expect(try records.audit.root == MerkleTree.root(of: leaves))
      #expect(
        try records.audit.root(size: size / 2) == MerkleTree.root(of: leaves.prefix(size / 2)))
      let report = try records.verifyAudit(keys: [])
      #expect(report.isSound && report.entries == size)
      #expect(try report.root == records.audit.root)
      records.close()
      records = try place.open()
    }
  }

  @Test("proofs from stored nodes hold")
  func proofs() throws {
    let records = try filled(600)
    let audit = records.audit
    for (index, size) in [(0, 600), (599, 600), (255, 256), (256, 257), (300, 513), (0, 1)] {
      try MerkleTree.checkInclusion(
        leaf: audit.leafHash(index), index: index, size: size, root: audit.root(size: size),
        proof: audit.inclusionProof(index, size: size))
    }
    for (first, second) in [(0, 600), (1, 600), (256, 600), (257, 599), (512, 513), (600, 600)] {
      try MerkleTree.checkConsistency(
        from: first, root: audit.root(size: first), to: second, root: audit.root(size: second),
        proof: audit.consistencyProof(from: first, to: second))
    }
    #expect(throws: AuditError.self) { try audit.inclusionProof(600, size: 600) }
    #expect(throws: AuditError.self) { try audit.inclusionProof(0, size: 601) }
    #expect(throws: AuditError.self) { try audit.consistencyProof(from: 2, to: 601) }
    #expect(throws: AuditError.self) { try audit.root(size: 601) }
    #expect(throws: AuditError.self) { try audit.entry(600) }
    #expect(throws: AuditError.self) { try audit.leafHash(-1) }
  }

  @Test("checkpoints are signed, kept once, and each begins the next")
  func checkpoints() throws {
    let records = try filled(3)
    #expect(try records.audit.checkpoint == nil)
    let first = try records.audit.signCheckpoint(key: key, origin: Self.origin)
    #expect(first.checkpoint.size == 3)
    #expect(try first.checkpoint.root == records.audit.root)
    let again = try records.audit.signCheckpoint(key: key, origin: Self.origin)
    #expect(again.note == first.note)
    try records.add(animal: 1)
    let second = try records.audit.signCheckpoint(key: key, origin: Self.origin)
    #expect(second.checkpoint.size == 4)
    #expect(try records.audit.checkpoint == second.note)
    let report = try records.verifyAudit(keys: keys, origin: Self.origin)
    #expect(report.isSound && report.checkpoints == 2)
    #expect(try !records.verifyAudit(keys: []).isSound)
    #expect(try !records.verifyAudit(keys: keys, origin: "other").isSound)
    #expect(code { _ = try records.audit.signCheckpoint(key: key, origin: "o") } == .auditDamaged)
  }

  @Test("checkpoints signed by many threads while others write never go back")
  func concurrentCheckpoints() throws {
    let records = try place.open()
    let key = key
    RecordsTests.threads(6) { thread in
      for turn in 0..<20 {
        do {
          if thread < 3 {
            try records.add(animal: thread * 100 + turn)
          } else {
            _ = try records.audit.signCheckpoint(key: key, origin: Self.origin)
          }
        } catch {
          Issue.record(error)
        }
      }
    }
    let report = try records.verifyAudit(keys: keys, origin: Self.origin)
    #expect(report.isSound, "\(report.faults)")
    #expect(report.checkpoints > 0)
  }

  /// One changed value of each stored column, and the place that must be named.
  static let changes: [(change: String, statement: SQL, table: String, row: String)] = [
    ("data", "UPDATE audit_entry SET data = \(flipped) WHERE position = 5", "audit_entry", "5"),
    (
      "data at the end", "UPDATE audit_entry SET data = \(flipped) WHERE position = 299",
      "audit_entry", "299"
    ),
    ("leaf", "UPDATE audit_entry SET leaf = \(hash) WHERE position = 5", "audit_entry", "5"),
    (
      "leaf at the end", "UPDATE audit_entry SET leaf = \(hash) WHERE position = 299",
      "audit_entry", "299"
    ),
    ("position", "UPDATE audit_entry SET position = 1029 WHERE position = 5", "audit_entry", "5"),
    (
      "last position", "UPDATE audit_entry SET position = 555 WHERE position = 299", "audit_entry",
      "299"
    ),
    ("an entry lost", "DELETE FROM audit_entry WHERE position = 5", "audit_entry", "5"),
    ("the last entry lost", "DELETE FROM audit_entry WHERE position = 299", "audit_tree", "0"),
    (
      "an entry more",
      "INSERT INTO audit_entry (position, leaf, data) VALUES (300, \(hash), \(flipped))",
      "audit_entry", "300"
    ),
    (
      "two columns alike",
      "UPDATE audit_entry SET data = x'00', leaf = \(MerkleTree.leafHash([0])) WHERE position = 5",
      "audit_entry", "5"
    ),
    ("node", "UPDATE audit_node SET hash = \(hash)", "audit_node", "1/0"),
    ("node's level", "UPDATE audit_node SET level = 3", "audit_node", "1/0"),
    ("node's position", "UPDATE audit_node SET position = 4", "audit_node", "1/0"),
    ("a node lost", "DELETE FROM audit_node", "audit_node", "1/0"),
    (
      "a node more", "INSERT INTO audit_node (level, position, hash) VALUES (1, 1, \(hash))",
      "audit_node", "1/1"
    ),
    ("size", "UPDATE audit_tree SET size = 301", "audit_tree", "0"),
    ("root", "UPDATE audit_tree SET root = \(hash)", "audit_tree", "0"),
    ("the state lost", "DELETE FROM audit_tree", "audit_tree", "0"),
    (
      "checkpoint's position", "UPDATE audit_checkpoint SET position = 9 WHERE position = 0",
      "audit_checkpoint", "0"
    ),
    (
      "checkpoint's size", "UPDATE audit_checkpoint SET size = 11 WHERE position = 0",
      "audit_checkpoint", "0"
    ),
    (
      "checkpoint's size past the end",
      "UPDATE audit_checkpoint SET size = 1000 WHERE position = 1", "audit_checkpoint", "1"
    ),
    (
      "note",
      "UPDATE audit_checkpoint SET note = replace(note, 'example.com', 'example.org') WHERE position = 1",
      "audit_checkpoint", "1"
    ),
    (
      "a checkpoint lost", "DELETE FROM audit_checkpoint WHERE position = 0", "audit_checkpoint",
      "0"
    ),
    (
      "migration's name", "UPDATE schema_migration SET name = 'animals-2' WHERE position = 1",
      "schema_migration", "1"
    ),
    (
      "migration's time",
      "UPDATE schema_migration SET applied_at = applied_at + 1 WHERE position = 1",
      "schema_migration", "1"
    ),
    (
      "migration's digest", "UPDATE schema_migration SET digest = \(hash) WHERE position = 1",
      "schema_migration", "1"
    ),
  ]
  static let hash = [UInt8](repeating: 7, count: 32)
  static let flipped = Entry.test("e", ["i": "4"]).encoded()

  @Test("one changed value is found and named, and nothing else is", arguments: changes.indices)
  func changed(index: Int) throws {
    let change = Self.changes[index]
    var records = try filled(10)
    _ = try records.audit.signCheckpoint(key: key, origin: Self.origin)
    for index in 10..<300 { try records.write(.test("e", ["i": "\(index)"])) { _ in } }
    _ = try records.audit.signCheckpoint(key: key, origin: Self.origin)
    #expect(try records.verifyAudit(keys: keys).isSound)
    records.close()
    try place.tamper(change.statement)
    records = try place.examine(change.statement)
    let report = try records.verifyAudit(keys: keys, origin: Self.origin)
    #expect(!report.isSound)
    #expect(
      report.faults.first.map { [$0.table, $0.row] } == [change.table, change.row],
      "\(change.change): \(report.faults)")
    let isPrecise =
      !change.change.contains("position") && !change.change.contains("lost")
      && !change.change.contains("more") && !change.change.contains("alike")
      && !change.change.contains("level")
    if isPrecise { #expect(report.faultCount == 1, "\(change.change): \(report.faults)") }
  }

  @Test(
    "a store whose tree contradicts itself is not written to",
    arguments: [
      "UPDATE audit_tree SET size = 2", "UPDATE audit_tree SET size = 4",
      "UPDATE audit_tree SET root = x'0707070707070707070707070707070707070707070707070707070707070707'",
      "DELETE FROM audit_tree", "DELETE FROM audit_entry WHERE position = 1",
      "UPDATE audit_entry SET leaf = x'0707070707070707070707070707070707070707070707070707070707070707' WHERE position = 2",
    ] as [SQL])
  func contradiction(statement: SQL) throws {
    try filled(3).close()
    try place.tamper(statement)
    #expect(
      code { _ = try place.open(place.tampered(statement)) }
        == .auditDamaged)
  }
}
