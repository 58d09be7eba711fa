// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Keys
import Records
import Testing

@Suite("Export of the audit")
struct ExportTests {
  static let origin = "example.com/estate"
  let place: Place
  let key: SoftwareKey
  let records: Records

  init() throws {
    place = try Place()
    key = try SoftwareKey.generate(.ed25519)
    records = try place.open()
  }

  var folder: String { place.folder + "/handed/over" }

  func grow(to size: Int) throws {
    for index in try records.audit.size..<size {
      try records.write(.test("e", ["i": "\(index)"])) { _ in }
    }
    _ = try records.audit.signCheckpoint(key: key, origin: Self.origin)
  }

  func file(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
  }

  /// Reads the folder as a stranger would: checkpoint, tiles, bundles, nothing else.
  func check(_ size: Int) throws {
    let checkpoint = try Checkpoint(
      note: file("checkpoint"), keys: [NoteKey(Self.origin, key.publicKey)], origin: Self.origin)
    #expect(checkpoint.size == size)
    var leaves: [MerkleTree.Hash] = []
    for tile in Tile.tiles(size: size) where tile.level == 0 {
      let entries = try Tile.decode(entries: file(tile.entriesPath))
      let hashes = entries.map { MerkleTree.leafHash($0) }
      #expect(entries.count == tile.width)
      #expect(try file(tile.path) == Tile.encode(hashes))
      leaves += hashes
    }
    #expect(MerkleTree.root(of: leaves) == checkpoint.root)
    for tile in Tile.tiles(size: size) where tile.level == 1 {
      let nodes = (0..<tile.width).map { index in
        MerkleTree.root(of: leaves[(index * 256)..<((index + 1) * 256)])
      }
      #expect(try file(tile.path) == Tile.encode(nodes))
    }
  }

  @Test("the folder proves itself, grows with the tree, and is not written twice")
  func grows() throws {
    #expect(code { _ = try records.audit.export(to: folder) } == .misuse)
    for (size, files) in [(0, 1), (1, 3), (255, 3), (256, 4), (300, 3), (600, 6)] {
      try grow(to: size)
      let first = try records.audit.export(to: folder)
      #expect(first == AuditLog.Exported(size: size, files: files))
      try check(size)
      #expect(try records.audit.export(to: folder) == AuditLog.Exported(size: size, files: 0))
    }
  }

  @Test("entries after the last checkpoint are not handed over")
  func uptoCheckpoint() throws {
    try grow(to: 3)
    try records.add(animal: 1)
    #expect(try records.audit.export(to: folder).size == 3)
    try check(3)
  }

  @Test("an export that stopped half way is completed and mended")
  func resumed() throws {
    try grow(to: 600)
    _ = try records.audit.export(to: folder)
    try FileManager.default.removeItem(atPath: folder + "/checkpoint")
    try FileManager.default.removeItem(atPath: folder + "/tile/0/001")
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder + "/tile/entries/000"))
    #expect(try records.audit.export(to: folder) == AuditLog.Exported(size: 600, files: 3))
    try check(600)
  }

  @Test("a folder of another log, or of a longer tree, is left alone")
  func otherLog() throws {
    try grow(to: 2)
    let root = try records.audit.root
    for other in [
      try Checkpoint(origin: "other", size: 1, root: root),
      try Checkpoint(origin: Self.origin, size: 3, root: root),
      try Checkpoint(origin: Self.origin, size: 1, root: root),
    ] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let note = try other.signed(by: key).encoded
      try note.write(toFile: folder + "/checkpoint", atomically: true, encoding: .utf8)
      #expect(throws: (any Error).self) { try records.audit.export(to: folder) }
      #expect(try String(contentsOfFile: folder + "/checkpoint", encoding: .utf8) == note)
    }
  }

  @Test("a folder that cannot be made is said")
  func noFolder() throws {
    try grow(to: 2)
    try Data().write(to: URL(fileURLWithPath: place.folder + "/file"))
    #expect(code { _ = try records.audit.export(to: place.folder + "/file/x") } == .fileSystem)
  }
}
