// SPDX-License-Identifier: Apache-2.0

import CArchive

/// A new file that is packed by zstd (RFC 8878) while it is written from front to back.
///
/// The same octets give the same file. Not for several threads. A file that was not finished is
/// of no use, and is removed by whoever made it.
@safe package final class PackedWriter {
  /// Where it is.
  package let path: String
  /// How many octets were written, unpacked.
  package private(set) var count = 0
  private let archive: OpaquePointer
  private let descriptor: Int32
  private var isFinished = false

  /// The effort of packing: twice as fast as the usual one, for a few hundredths more octets.
  private static let level = "1"

  /// Makes a file that only its owner reads; a file of that name is an error.
  ///
  /// - Throws: `exists`, `fileSystem`.
  package init(new path: String) throws(ArchiveError) {
    let descriptor = unsafe smki_file_open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw FileSystem.failure(path, -descriptor) }
    guard let archive = unsafe archive_write_new(), let entry = unsafe archive_entry_new() else {
      close(descriptor)
      throw ArchiveError(.fileSystem, "no memory for a packer")
    }
    defer { unsafe archive_entry_free(entry) }
    unsafe archive_entry_set_filetype(entry, UInt32(S_IFREG))
    unsafe archive_entry_set_pathname(entry, "data")
    unsafe self.archive = unsafe archive
    self.descriptor = descriptor
    self.path = path
    guard unsafe archive_write_add_filter_zstd(archive) == ARCHIVE_OK,
      unsafe archive_write_set_filter_option(archive, "zstd", "compression-level", Self.level)
        == ARCHIVE_OK,
      unsafe archive_write_set_format_raw(archive) == ARCHIVE_OK,
      // Blocks as they come: no padding behind the end.
      unsafe archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK,
      unsafe archive_write_open_fd(archive, descriptor) == ARCHIVE_OK,
      unsafe archive_write_header(archive, entry) == ARCHIVE_OK
    else { throw unsafe Self.error(archive, path) }
  }

  deinit {
    unsafe archive_write_free(archive)
    close(descriptor)
  }

  /// Adds octets at the end.
  ///
  /// - Throws: `fileSystem`; the file is then of no more use.
  package func write(_ octets: [UInt8]) throws(ArchiveError) {
    guard !octets.isEmpty else { return }
    let written = unsafe octets.withUnsafeBytes { buffer in
      unsafe archive_write_data(archive, buffer.baseAddress, buffer.count)
    }
    guard written == octets.count else { throw unsafe Self.error(archive, path) }
    count += octets.count
  }

  /// Ends the file and makes it durable.
  ///
  /// - Throws: `fileSystem`.
  package func finish() throws(ArchiveError) {
    guard !isFinished else { return }
    isFinished = true
    guard unsafe archive_write_close(archive) == ARCHIVE_OK else {
      throw unsafe Self.error(archive, path)
    }
    guard fsync(descriptor) == 0 else { throw FileSystem.failure(path, smki_file_error()) }
  }

  @unsafe
  private static func error(_ archive: OpaquePointer, _ path: String) -> ArchiveError {
    let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
    return ArchiveError(.fileSystem, "\(path): \(reason ?? "cannot be packed")")
  }
}
