// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Glibc
import Repository
import SEC
import Service
import Testing

@Suite("Bulk files on a disk that is full")
struct BulkFaultTests {
  /// A small disk of its own, or nil where this user may not have one.
  private static func disk(octets: Int) -> String? {
    let path = NSTemporaryDirectory() + "smki-disk-\(UUID().uuidString)"
    guard
      (try? FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)) != nil
    else { return nil }
    let isMounted = unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(octets)") == 0
    if !isMounted { unsafe rmdir(path) }
    return isMounted ? path : nil
  }

  static let isPossible: Bool = {
    guard let path = disk(octets: 65_536) else { return false }
    unsafe umount(path)
    unsafe rmdir(path)
    return true
  }()

  @Test(
    "nothing half is left, and it goes on when there is room", .clause("ENG-bulk", "MP147-bulk"),
    .enabled(if: isPossible, "this user may not mount a small disk"))
  func full() throws {
    let disk = try #require(Self.disk(octets: 65_536))
    defer {
      unsafe umount2(disk, Int32(MNT_DETACH))
      unsafe rmdir(disk)
    }
    let estate = try ServingEstate { configuration in
      configuration.bulk.folder = disk
      configuration.bulk.settleSeconds = 0
    }
    estate.pass(seconds: 60)
    let filler = disk + "/filler"
    _ = FileManager.default.createFile(atPath: filler, contents: Data())
    let handle = try #require(FileHandle(forWritingAtPath: filler))
    // All but one page, which the folders take.
    for _ in 0..<64 where (try? handle.write(contentsOf: Data(count: 4096))) == nil { break }
    try handle.close()
    let make = MakeBulk(kind: "full")
    #expect(throws: (any Error).self) {
      try make.run(in: estate.node, by: ServingEstate.operatorOfSystem)
    }
    let folder = estate.node.bulk.folder
    #expect(folder.names(of: .full) == [])
    try FileManager.default.removeItem(atPath: filler)
    let answer = try make.run(in: estate.node, by: ServingEstate.operatorOfSystem)
    #expect(answer.published.contains("full-2026-11-21"))
    let manifest = try #require(
      try folder.manifest("full-2026-11-21", key: estate.node.bulk.noteKey))
    for segment in manifest.segments { #expect(folder.fault(of: segment) == nil) }
    let left = try FileManager.default.contentsOfDirectory(atPath: disk + "/segments")
    #expect(!left.contains { $0.hasPrefix(".making") })
  }
}
