// SPDX-License-Identifier: Apache-2.0

import CArchive

/// A new file that is written from front to back.
///
/// Not for several threads. What was not synchronised may be lost when the machine stops.
@safe package final class FileWriter {
  /// Where it is.
  package let path: String
  /// How many octets were written.
  package private(set) var count = 0
  private let descriptor: Int32
  private var waiting: [UInt8] = []

  /// The octets that are collected before they are handed to the system.
  private static let bufferOctets = 256 * 1_024

  /// Makes a file that only its owner reads; a file of that name is an error.
  ///
  /// - Throws: `exists`, `fileSystem`.
  package init(new path: String) throws(ArchiveError) {
    let descriptor = unsafe smki_file_open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw FileSystem.failure(path, -descriptor) }
    self.descriptor = descriptor
    self.path = path
    waiting.reserveCapacity(Self.bufferOctets)
  }

  deinit { close(descriptor) }

  /// Adds octets at the end.
  ///
  /// - Throws: `fileSystem`.
  package func write(_ octets: some Collection<UInt8>) throws(ArchiveError) {
    waiting.append(contentsOf: octets)
    count += octets.count
    if waiting.count >= Self.bufferOctets { try flush() }
  }

  /// Hands to the system what is still collected here.
  ///
  /// - Throws: `fileSystem`.
  package func flush() throws(ArchiveError) {
    var done = 0
    while done < waiting.count {
      let written = unsafe waiting.withUnsafeBytes { buffer in
        unsafe CArchive.write(
          descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
      guard written > 0 else { throw FileSystem.failure(path, smki_file_error()) }
      done += written
    }
    waiting.removeAll(keepingCapacity: true)
  }

  /// Makes everything that was written durable.
  ///
  /// - Throws: `fileSystem`.
  package func sync() throws(ArchiveError) {
    try flush()
    guard fsync(descriptor) == 0 else { throw FileSystem.failure(path, smki_file_error()) }
  }

  /// Makes a file that somebody else wrote durable.
  ///
  /// - Throws: `fileSystem`.
  package static func sync(_ path: String) throws(ArchiveError) {
    let descriptor = unsafe smki_file_open(path, O_RDONLY, 0)
    guard descriptor >= 0 else { throw FileSystem.failure(path, -descriptor) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileSystem.failure(path, smki_file_error()) }
  }

  /// Adds octets at the end of a file, makes the file where there is none, and makes it durable.
  ///
  /// - Throws: `fileSystem`.
  package static func append(_ octets: [UInt8], to path: String) throws(ArchiveError) {
    let descriptor = unsafe smki_file_open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard descriptor >= 0 else { throw FileSystem.failure(path, -descriptor) }
    defer { close(descriptor) }
    var done = 0
    while done < octets.count {
      let written = unsafe octets.withUnsafeBytes { buffer in
        unsafe CArchive.write(
          descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
      guard written > 0 else { throw FileSystem.failure(path, smki_file_error()) }
      done += written
    }
    guard fsync(descriptor) == 0 else { throw FileSystem.failure(path, smki_file_error()) }
  }
}
