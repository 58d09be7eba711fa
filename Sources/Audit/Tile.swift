// SPDX-License-Identifier: Apache-2.0

/// A run of up to 256 hashes of one level of a tree, and the file that holds it (C2SP tlog-tiles).
///
/// Level 0 holds the leaves; each hash of level `l` covers `256^l` of them.
package struct Tile: Hashable, Sendable {
  /// The hashes of a full tile.
  package static let widthMax = 256
  /// Levels of the tree between one level of tiles and the next: 256 is 2^8.
  package static let height = 8
  /// The highest level that a path may name.
  package static let levelMax = 63

  /// The level, from 0.
  package let level: Int
  /// Its place in the level, from 0.
  package let index: Int
  /// How many hashes it holds, 1 to 256.
  package let width: Int

  /// A tile with these numbers.
  ///
  /// - Throws: `malformedTile` when one is out of its range.
  package init(level: Int, index: Int, width: Int = Tile.widthMax) throws(AuditError) {
    guard (0...Self.levelMax).contains(level), index >= 0, (1...Self.widthMax).contains(width)
    else { throw AuditError(.malformedTile, "level \(level), index \(index), width \(width)") }
    self.level = level
    self.index = index
    self.width = width
  }

  /// The path of its hashes: `tile/<L>/<N>[.p/<W>]`.
  package var path: String { "tile/\(level)/" + place }

  /// The path of the entries under a tile of level 0: `tile/entries/<N>[.p/<W>]`.
  package var entriesPath: String { "tile/entries/" + place }

  /// The index in groups of three digits, all but the last with an `x`, and the width if partial.
  private var place: String {
    var groups: [String] = []
    var rest = index
    repeat {
      let digits = String(rest % 1000)
      groups.append(String(repeating: "0", count: 3 - digits.count) + digits)
      rest /= 1000
    } while rest > 0
    let path = groups.reversed().enumerated()
      .map { $0.offset == groups.count - 1 ? $0.element : "x" + $0.element }
      .joined(separator: "/")
    return width == Self.widthMax ? path : "\(path).p/\(width)"
  }

  /// Reads a path of either kind; only the one way of writing is accepted.
  ///
  /// - Returns: the tile and whether the path names its entries.
  /// - Throws: `malformedTile`.
  package static func parse(_ path: String) throws(AuditError) -> (tile: Tile, isEntries: Bool) {
    let refusal = AuditError(.malformedTile, "no path of a tile")
    // Longer than any path: 21 digits of index in 7 groups and the rest.
    guard path.utf8.count <= 64 else { throw refusal }
    var parts = path.split(separator: "/", omittingEmptySubsequences: false)[...]
    guard parts.popFirst() == "tile", let kind = parts.popFirst(), !parts.isEmpty else {
      throw refusal
    }
    var width = widthMax
    if parts.count > 1, parts[parts.endIndex - 2].hasSuffix(".p") {
      guard let partial = Int(parts.removeLast()) else { throw refusal }
      width = partial
      parts[parts.endIndex - 1].removeLast(2)
    }
    var index = 0
    for part in parts {
      let (shifted, isOver) = index.multipliedReportingOverflow(by: 1000)
      guard !isOver, let group = Int(part.filter { $0 != "x" }), group >= 0 else { throw refusal }
      let (sum, isOverToo) = shifted.addingReportingOverflow(group)
      guard !isOverToo else { throw refusal }
      index = sum
    }
    guard let level = kind == "entries" ? 0 : Int(kind) else { throw refusal }
    let tile = try Tile(level: level, index: index, width: width)
    guard path == (kind == "entries" ? tile.entriesPath : tile.path),
      width < widthMax || !path.contains(".p")
    else { throw refusal }
    return (tile, kind == "entries")
  }

  /// All tiles of a tree of `size` leaves that a tree of `from` leaves does not have in full.
  ///
  /// With the defaults, all tiles there are. The partial tile of a level has
  /// `floor(size / 256^l) mod 256` hashes; empty ones are left out.
  package static func tiles(size: Int, from: Int = 0) -> [Tile] {
    var tiles: [Tile] = []
    var level = 0
    var hashes = size
    var before = from
    while hashes > 0 {
      for index in before / widthMax..<(hashes + widthMax - 1) / widthMax {
        let width = min(widthMax, hashes - index * widthMax)
        if let tile = try? Tile(level: level, index: index, width: width) { tiles.append(tile) }
      }
      level += 1
      hashes /= widthMax
      before /= widthMax
    }
    return tiles
  }

  /// The bytes of a tile: its hashes one after the other.
  package static func encode(_ hashes: some Sequence<MerkleTree.Hash>) -> [UInt8] {
    hashes.flatMap(\.self)
  }

  /// The bytes of an entry bundle: each entry after its length in 16 bits.
  ///
  /// - Throws: `entryTooLarge` for an entry above 65,535 octets.
  package static func encode(entries: some Sequence<[UInt8]>) throws(AuditError) -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      guard let count = UInt16(exactly: entry.count) else {
        throw AuditError(.entryTooLarge, "\(entry.count) octets in a bundle")
      }
      bytes += [UInt8(count >> 8), UInt8(count & 0xFF)]
      bytes += entry
    }
    return bytes
  }

  /// The entries of a bundle.
  ///
  /// - Throws: `malformedTile` when bytes are missing or there are more than 256 entries.
  package static func decode(entries bytes: [UInt8]) throws(AuditError) -> [[UInt8]] {
    var entries: [[UInt8]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard rest.count >= 2 else { throw AuditError(.malformedTile, "a bundle cut short") }
      let count = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
      guard rest.count >= count, entries.count < widthMax else {
        throw AuditError(.malformedTile, "a bundle cut short, or of more than \(widthMax) entries")
      }
      entries.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return entries
  }
}
