// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestProcess
import Testing

import Archive

/// A folder that goes with the test.
final class Place {
  let path = NSTemporaryDirectory() + "smki-archive-" + UUID().uuidString

  init() throws { try FileSystem.makeFolder(path) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String, _ octets: [UInt8]) throws -> String {
    let place = "\(path)/\(name)"
    try Data(octets).write(to: URL(filePath: place))
    return place
  }

  func zip(_ name: String, _ entries: [(String, [UInt8])]) throws -> String {
    let place = "\(path)/\(name)"
    let file = try FileWriter(new: place)
    var writer = ZipWriter(
      into: file, year: 2026, month: 11, day: 21, hour: 13, minute: 30, second: 58)
    for (name, octets) in entries { try writer.add(name, octets) }
    try writer.finish()
    return place
  }

  /// What another program of the machine says.
  @discardableResult
  func run(_ words: String...) throws -> (status: Int32, said: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = URL(filePath: path)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitForEnd()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }
}

@Suite("ZIP archives are written for anybody and read within limits")
struct ZipTests {
  static let limits = ZipLimits(entriesMax: 10, entryOctetsMax: 1_000, totalOctetsMax: 5_000)

  static func read(_ path: String, _ limits: ZipLimits = limits) throws -> [ZipReader.Entry] {
    let reader = try ZipReader(path, limits: limits)
    var entries: [ZipReader.Entry] = []
    while let entry = try reader.next() { entries.append(entry) }
    return entries
  }

  static func code(_ body: () throws -> Void) -> ArchiveError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? ArchiveError)?.code
    }
  }

  @Test("what is written is read again, by us and by unzip, and is the same each time")
  func roundTrip() throws {
    let place = try Place()
    let entries = [("a.csr", Array("eins\n".utf8)), ("ü.csr", []), ("c.csr", [0, 255, 10])]
    let one = try place.zip("one.zip", entries)
    let again = try Self.read(one)
    #expect(again.map(\.name) == entries.map(\.0))
    #expect(again.map(\.octets) == entries.map(\.1))
    #expect(again.allSatisfy { $0.isFile })
    let two = try place.zip("two.zip", entries)
    #expect(FileManager.default.contentsEqual(atPath: one, andPath: two))
    let tested = try place.run("unzip", "-t", "one.zip")
    #expect(tested.status == 0, "\(tested.said)")
  }

  @Test("archives of zip are read: packed, stored, and written into a pipe")
  func ofOthers() throws {
    let place = try Place()
    let text = Array(String(repeating: "MIIBAbcd\n", count: 40).utf8)
    for name in ["a.csr", "b.csr"] { _ = try place.file(name, text) }
    for words in [
      "zip -q x.zip a.csr b.csr", "zip -q -0 y.zip a.csr b.csr", "cat a.csr | zip -q z.zip -",
    ] {
      let made = try place.run("sh", "-c", words)
      #expect(made.status == 0, "\(made.said)")
    }
    for name in ["x.zip", "y.zip"] {
      let entries = try Self.read("\(place.path)/\(name)")
      #expect(entries.map(\.name).sorted() == ["a.csr", "b.csr"])
      #expect(entries.allSatisfy { $0.octets == text })
    }
    #expect(try Self.read("\(place.path)/z.zip").map(\.octets) == [text])
  }

  @Test("a folder and a link are no files")
  func others() throws {
    let place = try Place()
    let made = try place.run(
      "sh", "-c",
      "mkdir d && echo x >d/a.csr && ln -s /etc/passwd l.csr && zip -q -r -y x.zip d l.csr")
    #expect(made.status == 0, "\(made.said)")
    let entries = try Self.read("\(place.path)/x.zip")
    #expect(entries.first { $0.name == "d/" }?.isFile == false)
    #expect(entries.contains { $0.name == "d/a.csr" && $0.isFile })
    // What a link names is never opened: at most its own text is seen.
    #expect(entries.first { $0.name == "l.csr" }?.octets.count ?? 0 <= 11)
  }

  @Test("limits: at each one it is read, behind it refused")
  func limits() throws {
    let place = try Place()
    let ten = try place.zip("10.zip", (0..<10).map { ("\($0)", [1]) })
    let eleven = try place.zip("11.zip", (0..<11).map { ("\($0)", [1]) })
    #expect(try Self.read(ten).count == 10)
    #expect(Self.code { _ = try Self.read(eleven) } == .tooManyEntries)
    let large = try place.zip("l.zip", [("a", [UInt8](repeating: 1, count: 1_000))])
    let larger = try place.zip("m.zip", [("a", [UInt8](repeating: 1, count: 1_001))])
    #expect(try Self.read(large).count == 1)
    #expect(Self.code { _ = try Self.read(larger) } == .entryTooLarge)
    let six = try place.zip(
      "6.zip", (0..<6).map { ("\($0)", [UInt8](repeating: 1, count: 1_000)) })
    #expect(Self.code { _ = try Self.read(six) } == .tooLarge)
    let named = try place.zip("n.zip", [(String(repeating: "n", count: 256), [])])
    #expect(Self.code { _ = try Self.read(named) } == .nameNotLegal)
  }

  @Test("a bomb is refused before it has grown")
  func bomb() throws {
    let place = try Place()
    let made = try place.run(
      "sh", "-c",
      "for i in $(seq 100); do head -c 100000 /dev/zero >$i.csr; done && zip -q -9 x.zip *.csr")
    #expect(made.status == 0, "\(made.said)")
    let limits = ZipLimits(
      entriesMax: 1_000, entryOctetsMax: 200_000, totalOctetsMax: 1 << 30)
    #expect(Self.code { _ = try Self.read("\(place.path)/x.zip", limits) } == .tooLarge)
  }

  @Test("encrypted entries, other files and nothing are refused")
  func wrong() throws {
    let place = try Place()
    _ = try place.file("a.csr", Array("x".utf8))
    #expect(try place.run("zip", "-q", "-P", "p", "e.zip", "a.csr").status == 0)
    #expect(Self.code { _ = try Self.read("\(place.path)/e.zip") } == .encrypted)
    let text = try place.file("t.zip", Array("no archive at all, but text".utf8))
    #expect(Self.code { _ = try Self.read(text) } == .damaged)
    #expect(Self.code { _ = try Self.read(try place.file("0.zip", [])) } == .damaged)
    #expect(Self.code { _ = try Self.read("\(place.path)/none.zip") } == .fileSystem)
  }

  @Test("an archive that was cut anywhere is refused, and a changed octet never kills")
  func cutAndChanged() throws {
    let place = try Place()
    let whole = try [UInt8](
      Data(
        contentsOf: URL(
          filePath: place.zip("w.zip", [("a.csr", Array("eins".utf8)), ("b.csr", [1, 2])]))))
    for length in whole.indices {
      let cut = try place.file("cut.zip", Array(whole[..<length]))
      #expect(Self.code { _ = try Self.read(cut) } != nil, "cut at \(length)")
    }
    for place in try whole.indices.map({ index in
      var changed = whole
      changed[index] ^= 0x5a
      return try place.file("changed-\(index).zip", changed)
    }) {
      _ = try? Self.read(place)
    }
  }
}
