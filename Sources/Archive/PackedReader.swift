// SPDX-License-Identifier: Apache-2.0

import CArchive

/// A file packed by zstd, unpacked from front to back.
///
/// Not for several threads.
@safe package final class PackedReader {
  private let archive: OpaquePointer
  private let path: String
  private let octetsMax: Int
  private var count = 0

  /// The octets that are read of the file at a time.
  private static let blockOctets = 64 * 1_024

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - octetsMax: the most octets that it may hold, unpacked.
  /// - Throws: `damaged`, `fileSystem`.
  package init(_ path: String, octetsMax: Int) throws(ArchiveError) {
    _ = try FileReader(path)
    guard let archive = unsafe archive_read_new() else {
      throw ArchiveError(.fileSystem, "no memory for a reader")
    }
    unsafe self.archive = unsafe archive
    self.path = path
    self.octetsMax = octetsMax
    var entry: OpaquePointer?
    guard unsafe archive_read_support_filter_zstd(archive) == ARCHIVE_OK,
      unsafe archive_read_support_format_raw(archive) == ARCHIVE_OK,
      unsafe archive_read_open_filename(archive, path, Self.blockOctets) == ARCHIVE_OK,
      unsafe archive_read_next_header(archive, &entry) == ARCHIVE_OK
    else { throw damaged }
    // The raw format would take any file as it is.
    guard unsafe archive_filter_code(archive, 0) == ARCHIVE_FILTER_ZSTD else {
      throw ArchiveError(.damaged, "\(path): not packed by zstd")
    }
  }

  deinit { unsafe archive_read_free(archive) }

  /// The next octets, as many as asked for; fewer only at the end, and none behind it.
  ///
  /// - Throws: `damaged`, `tooLarge`.
  package func read(_ most: Int) throws(ArchiveError) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: most)
    var filled = 0
    while filled < most {
      let got = unsafe octets.withUnsafeMutableBytes { buffer in
        unsafe archive_read_data(
          archive, buffer.baseAddress?.advanced(by: filled), most - filled)
      }
      guard got >= 0 else { throw damaged }
      guard got > 0 else { break }
      filled += got
    }
    octets.removeLast(most - filled)
    count += filled
    guard count <= octetsMax else {
      throw ArchiveError(.tooLarge, "\(path): more than \(octetsMax) octets")
    }
    return octets
  }

  private var damaged: ArchiveError {
    let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
    return ArchiveError(.damaged, "\(path): \(reason ?? "cannot be unpacked")")
  }
}
