// SPDX-License-Identifier: Apache-2.0

import Audit
import Testing

@Suite("Tiles")
struct TileTests {
  @Test(
    "paths are written as C2SP tlog-tiles has them",
    arguments: [
      (0, 0, 256, "tile/0/000", "tile/entries/000"),
      (0, 1_234_067, 256, "tile/0/x001/x234/067", "tile/entries/x001/x234/067"),
      (3, 999, 1, "tile/3/999.p/1", "tile/entries/999.p/1"),
      (63, 1000, 255, "tile/63/x001/000.p/255", "tile/entries/x001/000.p/255"),
    ])
  func paths(level: Int, index: Int, width: Int, path: String, entriesPath: String) throws {
    let tile = try Tile(level: level, index: index, width: width)
    #expect(tile.path == path)
    #expect(tile.entriesPath == entriesPath)
    #expect(try Tile.parse(path) == (tile, false))
    let bundle = try Tile.parse(entriesPath)
    #expect(bundle.isEntries && bundle.tile.index == index && bundle.tile.width == width)
  }

  @Test(
    "paths written otherwise are refused",
    arguments: [
      "", "tile", "tile/0", "tile/0/", "tile/00/000", "tile/0/0", "tile/0/0000", "tile/0/x000",
      "tile/0/x000/000", "tile/0/001/000", "tile/64/000", "tile/-1/000", "tile/0/000.p/0",
      "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p", "tile/0/000.p/", "tile/0/../000",
      "/tile/0/000", "tile/0/000/", "tile/entries/0", "tile/data/000", "tile/0/+01",
      "tile/0/x9223/372", "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
    ])
  func badPaths(path: String) {
    #expect(throws: AuditError.self) { try Tile.parse(path) }
  }

  @Test(
    "numbers out of range are refused",
    arguments: [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)])
  func badNumbers(level: Int, index: Int, width: Int) {
    #expect(throws: AuditError.self) { try Tile(level: level, index: index, width: width) }
  }

  @Test("a tree of 70,000 has the tiles that the specification counts")
  func seventyThousand() {
    let tiles = Tile.tiles(size: 70_000)
    func count(_ level: Int, full: Bool) -> [Int] {
      tiles.filter { $0.level == level && ($0.width == 256) == full }.map(\.width)
    }
    #expect(count(0, full: true).count == 273)
    #expect(count(0, full: false) == [112])
    #expect(count(1, full: true).count == 1)
    #expect(count(1, full: false) == [17])
    #expect(count(2, full: true).isEmpty)
    #expect(count(2, full: false) == [1])
    #expect(tiles.count == 277)
  }

  @Test("a tree of 256 has a full tile and one above it of width 1")
  func fullTile() {
    #expect(Tile.tiles(size: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1"])
    #expect(Tile.tiles(size: 0).isEmpty)
  }

  @Test("going on from a size gives what is new and the partial tiles before it again")
  func goingOn() {
    #expect(
      Tile.tiles(size: 600, from: 300).map(\.path) == [
        "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2",
      ])
    #expect(Tile.tiles(size: 512, from: 512).map(\.path) == ["tile/1/000.p/2"])
  }

  @Test("bundles give back their entries")
  func bundles() throws {
    let entries: [[UInt8]] = [[], [1], Array(repeating: 7, count: 65_535)]
    let bytes = try Tile.encode(entries: entries)
    #expect(bytes.prefix(5) == [0, 0, 0, 1, 1])
    #expect(try Tile.decode(entries: bytes) == entries)
    #expect(throws: AuditError.self) { try Tile.decode(entries: Array(bytes.dropLast())) }
    #expect(throws: AuditError.self) { try Tile.decode(entries: [0]) }
    #expect(throws: AuditError.self) {
      try Tile.decode(entries: Array(repeating: 0, count: 2 * 257))
    }
    #expect(throws: AuditError.self) {
      try Tile.encode(entries: [Array(repeating: 7, count: 65_536)])
    }
  }
}
