// SPDX-License-Identifier: Apache-2.0

import CArchive

/// A file open for reading at any place; several threads may share it.
@safe package final class FileReader: Sendable {
  /// How many octets it had when it was opened.
  package let count: Int
  private let descriptor: Int32
  private let path: String

  /// Opens a file.
  ///
  /// - Throws: `fileSystem`.
  package init(_ path: String) throws(ArchiveError) {
    let descriptor = unsafe smki_file_open(path, O_RDONLY, 0)
    guard descriptor >= 0 else { throw FileSystem.failure(path, -descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let error = smki_file_error()
      close(descriptor)
      throw FileSystem.failure(path, error)
    }
    self.path = path
    self.descriptor = descriptor
    count = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Octets from a place on: as many as asked for, fewer only where the file ends.
  ///
  /// - Throws: `fileSystem`.
  package func read(at offset: Int, count: Int) throws(ArchiveError) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = unsafe octets.withUnsafeMutableBytes { buffer in
        unsafe pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), count - filled,
          off_t(offset + filled))
      }
      guard got >= 0 else { throw FileSystem.failure(path, smki_file_error()) }
      guard got > 0 else { break }
      filled += got
    }
    octets.removeLast(count - filled)
    return octets
  }

  /// The octets of one piece of the way through a file.
  package static let pieceOctets = 256 * 1_024

  /// Hands over the whole file, piece by piece.
  package func each(_ body: ([UInt8]) throws -> Void) throws {
    var offset = 0
    while case let piece = try read(at: offset, count: Self.pieceOctets), !piece.isEmpty {
      offset += piece.count
      try body(piece)
    }
  }
}
