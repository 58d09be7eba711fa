// SPDX-License-Identifier: Apache-2.0

import CArchive

/// A ZIP archive (Info-ZIP appnote) read from front to back, one entry at a time, within limits.
///
/// Entries are found by their own headers and not by the directory at the end, so that memory does
/// not grow with what a file claims; the directory must then agree in their number. Nothing is
/// ever unpacked to a file. Not for several threads.
@safe package final class ZipReader {
  /// One entry.
  package struct Entry: Sendable {
    /// The name as it stands there, folders and all.
    package let name: String
    /// Whether it is a plain file, and no folder, link or device.
    package let isFile: Bool
    /// What it holds, unpacked.
    package let octets: [UInt8]
  }

  private let archive: OpaquePointer
  /// Names are UTF-8 here, whatever the process was started with.
  private let locale: locale_t
  private let file: FileReader
  private let limits: ZipLimits
  private var entries = 0
  private var total = 0

  /// The octets that libarchive reads at a time.
  private static let blockOctets = 64 * 1_024
  /// The end of a directory: 22 octets and a comment of at most 65,535.
  private static let endOctets = 22

  /// Opens an archive, whose directory must have a whole end.
  ///
  /// - Throws: `damaged`, `tooManyEntries`, `fileSystem`.
  package init(_ path: String, limits: ZipLimits) throws(ArchiveError) {
    self.limits = limits
    file = try FileReader(path)
    let announced = try Self.announced(in: file)
    guard announced <= limits.entriesMax else {
      throw ArchiveError(.tooManyEntries, "\(announced) entries, \(limits.entriesMax) allowed")
    }
    guard let archive = unsafe archive_read_new() else {
      throw ArchiveError(.fileSystem, "no memory for a reader")
    }
    guard let locale = unsafe newlocale(smki_names_of_files, "C.UTF-8", nil) else {
      unsafe archive_read_free(archive)
      throw ArchiveError(.fileSystem, "no locale C.UTF-8")
    }
    unsafe self.archive = unsafe archive
    unsafe self.locale = unsafe locale
    guard unsafe archive_read_support_format_zip_streamable(archive) == ARCHIVE_OK,
      unsafe archive_read_open_filename(archive, path, Self.blockOctets) == ARCHIVE_OK
    else { throw unsafe Self.error(archive) }
  }

  deinit {
    unsafe archive_read_free(archive)
    unsafe freelocale(locale)
  }

  /// The next entry, or nil behind the last one.
  ///
  /// - Throws: `ArchiveError`; the reader is then of no more use.
  package func next() throws(ArchiveError) -> Entry? {
    let usual = unsafe uselocale(locale)
    defer { unsafe uselocale(usual) }
    var found: OpaquePointer?
    let result = unsafe archive_read_next_header(archive, &found)
    guard result != ARCHIVE_EOF else {
      let announced = try Self.announced(in: file)
      guard announced == entries else {
        throw ArchiveError(.damaged, "\(entries) entries, and a directory of \(announced)")
      }
      return nil
    }
    // A warning is about the characters of a name, which are looked at below.
    guard result == ARCHIVE_OK || result == ARCHIVE_WARN, let entry = unsafe found else {
      throw unsafe Self.error(archive)
    }
    entries += 1
    guard entries <= limits.entriesMax else {
      throw ArchiveError(.tooManyEntries, "more than \(limits.entriesMax) entries")
    }
    guard unsafe archive_entry_is_encrypted(entry) == 0 else {
      throw ArchiveError(.encrypted, "entry \(entries) is encrypted")
    }
    let name = unsafe try name(of: entry)
    let isFile = unsafe archive_entry_filetype(entry) == S_IFREG && !name.hasSuffix("/")
    return Entry(name: name, isFile: isFile, octets: isFile ? try content(name) : [])
  }

  private func name(of entry: OpaquePointer) throws(ArchiveError) -> String {
    guard
      let start = unsafe archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
    else {
      throw ArchiveError(.nameNotLegal, "entry \(entries) has no name")
    }
    let octets = unsafe UnsafeRawBufferPointer(start: start, count: strlen(start))
    guard octets.count <= limits.nameOctetsMax,
      let name = unsafe String(validating: octets, as: UTF8.self)
    else { throw ArchiveError(.nameNotLegal, "the name of entry \(entries)") }
    return name
  }

  private func content(_ name: String) throws(ArchiveError) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: limits.entryOctetsMax + 1)
    var filled = 0
    while filled < octets.count {
      let got = unsafe octets.withUnsafeMutableBytes { buffer in
        unsafe archive_read_data(
          archive, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      guard got >= 0 else { throw unsafe Self.error(archive) }
      guard got > 0 else { break }
      filled += got
    }
    guard filled <= limits.entryOctetsMax else {
      throw ArchiveError(.entryTooLarge, "\(name): more than \(limits.entryOctetsMax) octets")
    }
    total += filled
    // Small archives of equal lines pack well; the ratio counts where it could hurt.
    guard total <= limits.totalOctetsMax,
      total <= max(file.count, Self.blockOctets) * limits.ratioMax
    else { throw ArchiveError(.tooLarge, "\(total) octets out of \(file.count)") }
    octets.removeLast(octets.count - filled)
    return octets
  }

  /// How many entries the end of the directory announces.
  private static func announced(in file: FileReader) throws(ArchiveError) -> Int {
    let length = min(file.count, endOctets + 65_535)
    let tail = try file.read(at: file.count - length, count: length)
    var at = tail.count - endOctets
    while at >= 0 {
      if tail[at...].starts(with: [0x50, 0x4b, 0x05, 0x06]),
        at + endOctets + little(tail, at + 20) == tail.count
      {
        return little(tail, at + 10)
      }
      at -= 1
    }
    throw ArchiveError(.damaged, "no end of a ZIP directory: the file is cut, or no ZIP file")
  }

  private static func little(_ octets: [UInt8], _ at: Int) -> Int {
    Int(octets[at]) | Int(octets[at + 1]) << 8
  }

  /// What libarchive last complained of.
  private static func error(_ archive: OpaquePointer) -> ArchiveError {
    let detail = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
    return ArchiveError(.damaged, detail ?? "no ZIP file")
  }
}
