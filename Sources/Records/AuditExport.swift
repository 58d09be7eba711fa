// SPDX-License-Identifier: Apache-2.0

import Audit

extension AuditLog {
  /// What an export wrote.
  package struct Exported: Hashable, Sendable {
    /// The size of the tree in the folder now.
    package let size: Int
    /// Files that were written; those already there are left alone.
    package let files: Int

    /// A count, whole.
    package init(size: Int, files: Int) {
      self.size = size
      self.files = files
    }
  }

  /// Hands the audit over as a folder of files in the layout of C2SP tlog-tiles: `checkpoint`,
  /// `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`, up to the last signed checkpoint.
  ///
  /// What an earlier export has completed is not looked at again; what was begun and not completed
  /// is compared and mended. The checkpoint is replaced last, when all under it is durable.
  ///
  /// - Parameter folder: made when it is missing; served or copied as it is.
  /// - Returns: what was written.
  /// - Throws: `DatabaseError`: `fileSystem`, and `misuse` when no checkpoint was signed yet;
  ///   `AuditError` when the folder holds a checkpoint of another log or a larger tree.
  package func export(to folder: String) throws -> Exported {
    guard let note = try checkpoint else {
      throw DatabaseError(.misuse, "no checkpoint has been signed")
    }
    let checkpoint = try Checkpoint(text: note.text)
    let folder = try Folder(folder)
    let done = try folder.read("checkpoint", octetsMax: SignedNote.octetsMax)
    var before = 0
    if let done {
      let last = try Checkpoint(text: SignedNote(done).text)
      guard last.origin == checkpoint.origin, last.size <= checkpoint.size,
        try root(size: last.size) == last.root
      else {
        throw AuditError(.outOfRange, "the folder holds \(last.origin) at \(last.size)")
      }
      before = last.size
    }
    var files = 0
    // Tile by tile, so that no reading lasts long and no more than one tile is held.
    for tile in Tile.tiles(size: checkpoint.size, from: before) {
      for (path, bytes) in try self.files(of: tile)
      where try folder.read(path, octetsMax: bytes.count) != bytes {
        try folder.write(path, bytes)
        files += 1
      }
    }
    guard done != Array(note.encoded.utf8) else { return Exported(size: before, files: files) }
    try folder.sync()
    try folder.write("checkpoint", Array(note.encoded.utf8))
    try folder.sync()
    return Exported(size: checkpoint.size, files: files + 1)
  }

  /// The files of a tile: its hashes, and at level 0 its entries.
  func files(of tile: Tile) throws -> [(path: String, bytes: [UInt8])] {
    try records.read { reading in
      let first = tile.index * Tile.widthMax
      guard tile.level == 0 else {
        let rows = try reading.query(
          """
          SELECT hash FROM audit_node WHERE level = \(tile.level)
          AND position >= \(first) AND position < \(first + tile.width) ORDER BY position
          """)
        try check(rows.count, tile)
        return [(tile.path, Tile.encode(try rows.map { try $0.blob("hash") }))]
      }
      let rows = try reading.query(
        """
        SELECT leaf, data FROM audit_entry
        WHERE position >= \(first) AND position < \(first + tile.width) ORDER BY position
        """)
      try check(rows.count, tile)
      return [
        (tile.path, Tile.encode(try rows.map { try $0.blob("leaf") })),
        (tile.entriesPath, try Tile.encode(entries: try rows.map { try $0.blob("data") })),
      ]
    }
  }

  private func check(_ count: Int, _ tile: Tile) throws(DatabaseError) {
    guard count == tile.width else {
      throw DatabaseError(.auditDamaged, "\(count) rows for \(tile.path)")
    }
  }
}
