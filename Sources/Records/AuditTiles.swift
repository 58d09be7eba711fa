// SPDX-License-Identifier: Apache-2.0

package import Audit

extension AuditLog {
  /// The octets of a tile of the tree that the last checkpoint covers: its hashes, or the entries
  /// under a tile of level 0 (C2SP tlog-tiles); nil for one that this tree does not have.
  ///
  /// - Throws: `DatabaseError`.
  package func bytes(of tile: Tile, isEntries: Bool) throws -> [UInt8]? {
    guard let note = try checkpoint else { return nil }
    var hashes = try Checkpoint(text: note.text).size
    for _ in 0..<tile.level { hashes /= Tile.widthMax }
    guard tile.index <= hashes / Tile.widthMax,
      tile.index * Tile.widthMax + tile.width <= hashes
    else { return nil }
    return try files(of: tile).first { $0.path == (isEntries ? tile.entriesPath : tile.path) }?
      .bytes
  }
}
