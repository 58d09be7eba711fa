// SPDX-License-Identifier: Apache-2.0

import Archive
import Foundation
import Keys

/// ENG-audit-log: segments that are no longer on line, each packed by zstd, by day.
///
/// The folder `archive` may be a file system of its own. What is packed has the same octets as
/// before, so that the hash in the audit goes on proving it.
extension AccessFolder {
  /// Where the packed segments are.
  var archive: String { "\(path)/archive" }

  /// The file of a packed segment.
  private func packed(_ name: String) -> String {
    "\(archive)/\(Self.day(of: name))/\(name)\(Self.packedEnding)"
  }

  private static let packedEnding = ".zst"
  /// The most octets of a segment, unpacked.
  private static let octetsMax = 4 << 30

  /// The days of which there are packed segments, oldest first.
  package func archivedDays() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: archive)) ?? [])
      .filter { $0.utf8.count == 10 && $0.first?.isNumber == true }.sorted()
  }

  /// The packed segments of a day by their names, oldest first.
  package func archivedSegments(of day: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(archive)/\(day)")) ?? [])
      .filter { $0.hasSuffix(Self.packedEnding) && !$0.hasPrefix(".") }
      .map { String($0.dropLast(Self.packedEnding.utf8.count)) }.sorted()
  }

  /// Packs the sealed segments of a day; a crash leaves them where they are as well.
  func pack(day: String) throws {
    let files = FileManager.default
    try files.createDirectory(
      atPath: "\(archive)/\(day)", withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    for name in segments(of: day) {
      let making = "\(archive)/\(day)/.\(name)"
      try? files.removeItem(atPath: making)
      let writer = try PackedWriter(new: making)
      try FileReader(file(name, isOpen: false)).each { try writer.write($0) }
      try writer.finish()
      try FileSystem.move(making, to: packed(name))
    }
    try FileWriter.sync("\(archive)/\(day)")
  }

  /// Removes the packed segments of a day.
  func removeArchived(day: String) throws {
    try FileManager.default.removeItem(atPath: "\(archive)/\(day)")
  }

  /// Measures a packed segment as it was before, or nil when it is not there.
  func measurePacked(_ name: String) throws -> Measure? {
    guard FileSystem.size(packed(name)) != nil else { return nil }
    var measure = Measure()
    var digest = try RunningDigest(.sha256)
    // What cannot be unpacked has no hash that an entry could have.
    guard let reader = try? PackedReader(packed(name), octetsMax: Self.octetsMax) else {
      return measure
    }
    while let part = try? reader.read(1_048_576), !part.isEmpty {
      measure.octets += part.count
      measure.lines += part.count { $0 == 0x0A }
      digest.add(part)
    }
    measure.digest = digest.finish()
    return measure
  }

  /// The octets of a packed segment.
  func unpack(_ name: String) throws -> [UInt8] {
    let reader = try PackedReader(packed(name), octetsMax: Self.octetsMax)
    var octets: [UInt8] = []
    while case let part = try reader.read(1_048_576), !part.isEmpty { octets += part }
    return octets
  }
}
