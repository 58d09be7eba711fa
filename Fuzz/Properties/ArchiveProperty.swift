// SPDX-License-Identifier: Apache-2.0

import Archive

/// What holds for each ZIP archive that is taken in, and for each refusal.
enum ArchiveProperty {
  /// Limits that an input of a few thousand octets can pass.
  static let limits = ZipLimits(
    entriesMax: 8, entryOctetsMax: 512, totalOctetsMax: 1_024, nameOctetsMax: 40)
  /// For what was read and is written again.
  private static let wide = ZipLimits(
    entriesMax: 8, entryOctetsMax: 512, totalOctetsMax: 8 * 512, nameOctetsMax: 40)

  static func check(_ input: [UInt8]) throws(Violation) -> Outcome {
    let place = Self.place()
    defer { try? FileSystem.remove(place) }
    var entries: [ZipReader.Entry] = []
    do throws(ArchiveError) {
      let file = try FileWriter(new: place)
      try file.write(input)
      try file.flush()
      let reader = try ZipReader(place, limits: limits)
      while let entry = try reader.next() { entries.append(entry) }
    } catch {
      try Violation.unless(error.code != .fileSystem && error.code != .exists, "\(error)")
      try Violation.unless(!error.detail.isEmpty, "a refusal without words")
      // Behind the end of a directory the reader sees entries.
      let hasEnd = !error.detail.hasPrefix("no end")
      return Outcome(refusal: "\(error.code)", isPastFirstLength: hasEnd)
    }
    try require(entries)
    try rewrite(entries)
    return Outcome(isPastFirstLength: true)
  }

  private static func require(_ entries: [ZipReader.Entry]) throws(Violation) {
    try Violation.unless(entries.count <= limits.entriesMax, "\(entries.count) entries")
    var total = 0
    for entry in entries {
      try Violation.unless(entry.name.utf8.count <= limits.nameOctetsMax, "name \(entry.name)")
      try Violation.unless(
        entry.octets.count <= limits.entryOctetsMax, "\(entry.octets.count) octets")
      try Violation.unless(entry.isFile || entry.octets.isEmpty, "a folder that holds octets")
      total += entry.octets.count
    }
    try Violation.unless(total <= limits.totalOctetsMax, "\(total) octets in all")
  }

  /// The reader takes files only: a name that nobody else has, where they lie in memory.
  private static func place() -> String {
    "/dev/shm/smki-fuzz-" + String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// What was read, written and read again is the same.
  private static func rewrite(_ entries: [ZipReader.Entry]) throws(Violation) {
    let files = entries.filter { $0.isFile && !$0.name.isEmpty }
    let place = Self.place()
    defer { try? FileSystem.remove(place) }
    var again: [ZipReader.Entry] = []
    do throws(ArchiveError) {
      let written = try FileWriter(new: place)
      var writer = ZipWriter(
        into: written, year: 2026, month: 11, day: 21, hour: 8, minute: 0, second: 0)
      for entry in files { try writer.add(entry.name, entry.octets) }
      try writer.finish()
      let reader = try ZipReader(place, limits: wide)
      while let entry = try reader.next() { again.append(entry) }
    } catch {
      throw Violation("what was written is refused: \(error)")
    }
    try Violation.unless(
      again.map(\.name) == files.map(\.name) && again.map(\.octets) == files.map(\.octets)
        && again.allSatisfy { $0.isFile }, "an archive changes when it is written")
  }
}
