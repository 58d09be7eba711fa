// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Service
import TestEstate
import TestProcess
import TestStore
import Testing

@Suite("A second evaluator, which shares no code, comes to the same verdicts", .onFile, .serialized)
struct AssessTests {
  /// What it leaves to others, each with its reason.
  static let exempt: Set<String> = [
    // It computes the tree from the entries and needs no stored nodes.
    "audit_node.level", "audit_node.position", "audit_node.hash", "audit_tree.id",
    // The signature on a checkpoint is for Scripts/check-proof.py; the order is that of the sizes.
    "audit_checkpoint.note", "audit_checkpoint.position",
    // How the schema came about, and what a node remembers between requests, prove nothing.
    "schema_migration.position", "schema_migration.name", "schema_migration.applied_at",
    "schema_migration.digest", "standing.generation",
    // Documents are no part of the record of issuing; `smki verify` holds them to their digest.
    "document_content.digest", "document_content.octets",
  ]

  private static func assess(_ folders: String...) throws -> (code: Int32, output: String) {
    try assess(folders)
  }

  private static func assess(_ folders: [String]) throws -> (code: Int32, output: String) {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
    let process = Process()
    process.executableURL = URL(filePath: bundle ?? CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "smki-assess")
    process.arguments = folders.map { $0 + "/smki.sqlite" }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }

  @Test("a store with something in every table is sound, by the same root")
  func sound() throws {
    let store = try FullStore.once.get()
    let copy = try store.copy()
    defer { try? FileManager.default.removeItem(atPath: copy) }
    let (code, output) = try Self.assess(copy)
    #expect(code == 0, "\(output)")
    let report = try store.verify(copy)
    #expect(output.contains("\(report.counts.entries) entries"))
    #expect(output.contains("\(report.counts.certificates) certificates"))
    #expect(output.contains(report.auditRoot))
  }

  @Test("one changed value of each column is found")
  func everyColumn() throws {
    let store = try FullStore.once.get()
    let changes = try VerificationTests.columns(in: store.folder).flatMap { table, columns in
      columns.map {
        VerificationTests.Change(table: table, column: $0.0, type: $0.1, row: "max(rowid)")
      }
    }.filter { !Self.exempt.contains("\($0.table).\($0.column)") }
    let copies = try store.copies(spoiltBy: changes.map(\.statement))
    defer { for copy in copies { try? FileManager.default.removeItem(atPath: copy) } }
    let verdicts = try Self.assess(copies).output.split(separator: "# ")
    #expect(verdicts.count == copies.count)
    for ((change, copy), verdict) in zip(zip(changes, copies), verdicts) {
      #expect(verdict.hasPrefix(copy))
      let isFound = verdict.hasSuffix(" FAULTS\n") || verdict.contains("\nsmki-assess: ")
      #expect(isFound, "\(change.table).\(change.column): \(verdict)")
    }
    #expect(changes.count > 70)
  }

  @Test("what is no store is said")
  func wrongUse() throws {
    #expect(try Self.assess("/nowhere").code == 1)
  }
}
