// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Synchronization

/// A body that was written to a file as it arrived, whole.
///
/// The file goes when nobody holds this any more, unless it was moved to another name.
@safe package final class UploadedBody: Sendable {
  /// Where it is.
  package let path: String
  private let descriptor: Atomic<Int32>
  private let octets = Atomic<Int>(0)

  private static let lastNumber = Atomic<UInt64>(0)

  /// Makes an empty file in a folder; nil when the system refuses.
  init?(in folder: String) {
    let number = Self.lastNumber.add(1, ordering: .relaxed).newValue
    path = "\(folder)/upload-\(getpid())-\(number)"
    let descriptor = unsafe smki_upload_open(path)
    self.descriptor = Atomic(descriptor)
    guard descriptor >= 0 else { return nil }
  }

  /// A file that is there already, for tests and callers without a connection.
  package init(movedFrom path: String, count: Int) {
    self.path = path
    descriptor = Atomic(-1)
    octets.store(count, ordering: .relaxed)
  }

  deinit {
    finish()
    unsafe unlink(path)
  }

  /// How many octets came.
  package var count: Int { octets.load(ordering: .relaxed) }

  /// Adds octets at the end; false when the system refuses, as on a full disk.
  func add(_ piece: UnsafeRawBufferPointer) -> Bool {
    var done = 0
    while done < piece.count {
      let written = unsafe write(
        descriptor.load(ordering: .relaxed), piece.baseAddress?.advanced(by: done),
        piece.count - done)
      guard written > 0 else { return false }
      done += written
    }
    octets.add(piece.count, ordering: .relaxed)
    return true
  }

  /// Nothing more comes.
  func finish() {
    let open = descriptor.exchange(-1, ordering: .relaxed)
    if open >= 0 { _ = close(open) }
  }
}
