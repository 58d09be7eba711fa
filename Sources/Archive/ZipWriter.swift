// SPDX-License-Identifier: Apache-2.0

/// Writes a ZIP archive (Info-ZIP appnote 19970311) whose entries are stored as they are.
///
/// The same entries make the same octets each time: the moment is handed in, and nothing of the
/// machine gets in. Each header is whole before its content, so that any reader can stream it.
package struct ZipWriter {
  /// The most entries: more need an extension of the format that old readers do not have.
  package static let entriesMax = 65_534

  private let file: FileWriter
  private let date: [UInt8]
  private var directory: [UInt8] = []
  private var entries = 0

  /// The version that is needed to read it, 2.0, and the bit for names in UTF-8.
  private static let fixed: [UInt8] = [20, 0, 0, 0x08, 0, 0]

  /// A writer of an archive into a new file.
  ///
  /// - Parameters:
  ///   - file: where it goes.
  ///   - year: from 1980, of the moment that every entry is given.
  ///   - month: of the same moment, from 1.
  ///   - day: of the month, from 1.
  ///   - hour: of the day.
  ///   - minute: of the hour.
  ///   - second: of the minute; the format keeps every second one.
  package init(
    into file: FileWriter, year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int
  ) {
    self.file = file
    let time = hour << 11 | minute << 5 | second / 2
    let date = max(0, min(127, year - 1980)) << 9 | month << 5 | day
    self.date = Self.little(time, 2) + Self.little(date, 2)
  }

  /// Adds an entry.
  ///
  /// - Throws: `fileSystem`.
  package mutating func add(_ name: String, _ octets: [UInt8]) throws(ArchiveError) {
    precondition(entries < Self.entriesMax, "an archive has a limit")
    entries += 1
    let start = file.count
    let size = Self.little(octets.count, 4)
    let name = Array(name.utf8)
    let common =
      Self.fixed + date + Self.little(Int(CRC32.of(octets)), 4) + size + size
      + Self.little(name.count, 2) + [0, 0]
    try file.write([0x50, 0x4b, 0x03, 0x04] + common + name)
    try file.write(octets)
    directory += [0x50, 0x4b, 0x01, 0x02, 20, 0] + common
    // No comment, first disk, no attributes.
    directory += [UInt8](repeating: 0, count: 10) + Self.little(start, 4) + name
  }

  /// Writes the directory; the file is then whole, and not yet synchronised.
  ///
  /// - Throws: `fileSystem`.
  package consuming func finish() throws(ArchiveError) {
    let start = file.count
    try file.write(directory)
    let count = Self.little(entries, 2)
    try file.write(
      [0x50, 0x4b, 0x05, 0x06, 0, 0, 0, 0] + count + count + Self.little(directory.count, 4)
        + Self.little(start, 4) + [0, 0])
    try file.flush()
  }

  private static func little(_ value: Int, _ octets: Int) -> [UInt8] {
    (0..<octets).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
