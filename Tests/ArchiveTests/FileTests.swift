// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

import Archive

@Suite("Files are written once, moved to their place, and read at any place")
struct FileTests {
  @Test("written, synchronised, moved, read, listed, removed")
  func life() throws {
    let place = try Place()
    let draft = "\(place.path)/draft"
    let writer = try FileWriter(new: draft)
    let octets = (0..<600_000).map { UInt8(truncatingIfNeeded: $0) }
    try writer.write(octets[..<1])
    try writer.write(octets[1...])
    try writer.sync()
    #expect(writer.count == octets.count)
    #expect(throws: ArchiveError.self) { try FileWriter(new: draft) }
    try FileSystem.move(draft, to: "\(place.path)/file")
    #expect(FileSystem.size("\(place.path)/file") == octets.count)
    #expect(FileSystem.size(draft) == nil)
    let reader = try FileReader("\(place.path)/file")
    #expect(reader.count == octets.count)
    #expect(try reader.read(at: 255, count: 3) == [255, 0, 1])
    #expect(try reader.read(at: octets.count - 1, count: 3).count == 1)
    var read: [UInt8] = []
    try reader.each { read += $0 }
    #expect(read == octets)
    #expect(try FileSystem.names(in: place.path) == ["file"])
    try FileSystem.remove("\(place.path)/file")
    try FileSystem.remove("\(place.path)/file")
    #expect(try FileSystem.names(in: place.path).isEmpty)
  }

  @Test("what the system refuses is said")
  func refused() throws {
    let place = try Place()
    #expect(throws: ArchiveError.self) { try FileReader("\(place.path)/none") }
    #expect(throws: ArchiveError.self) { try FileWriter(new: "\(place.path)/none/file") }
    #expect(throws: ArchiveError.self) { try FileSystem.names(in: "\(place.path)/none") }
    #expect(throws: ArchiveError.self) {
      try FileSystem.move("\(place.path)/none", to: "\(place.path)/file")
    }
    let file = try place.file("file", [])
    #expect(throws: ArchiveError.self) { try FileSystem.makeFolder("\(file)/folder") }
    #expect(throws: ArchiveError.self) { try FileSystem.remove(place.path) }
  }
}
