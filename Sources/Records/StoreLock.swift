// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// The right to be the only writer of a store, held by an open file beside it.
///
/// The system gives it back when the process ends, however it ends. A file of its own is needed:
/// closing any descriptor of the store's file would drop SQLite's own locks on it.
final class StoreLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock and writes the process identifier into the file.
  ///
  /// - Throws: `storeInUse` with the identifier of the process that has it, `storeNotOpened`.
  init(_ store: String) throws(DatabaseError) {
    let path = store + ".lock"
    descriptor = unsafe smki_open(path, O_RDWR | O_CREAT, 0o600)
    guard descriptor >= 0 else {
      throw DatabaseError(.storeNotOpened, "\(path): \(Self.words(-descriptor))")
    }
    guard Self.take(descriptor) else {
      let holder = Self.read(descriptor)
      close(descriptor)
      throw DatabaseError(.storeInUse, "\(store) is open for writing in process \(holder)")
    }
    let text = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0,
      unsafe pwrite(descriptor, text, text.count, 0) == text.count
    else {
      let error = smki_error()
      close(descriptor)
      throw DatabaseError(.storeNotOpened, "\(path): \(Self.words(error))")
    }
  }

  deinit {
    close(descriptor)
  }

  /// What the system says of an error.
  private static func words(_ error: Int32) -> String {
    unsafe String(cString: strerror(error))
  }

  /// Milliseconds for which a held lock is asked for again.
  ///
  /// A process that is just being started holds every lock of its parent until it runs its own
  /// program, although the parent has given the lock back.
  private static let patienceMilliseconds = 1000

  private static func take(_ descriptor: Int32) -> Bool {
    for _ in 0..<(patienceMilliseconds / 10) {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      guard smki_error() == EWOULDBLOCK else { return false }
      usleep(10_000)
    }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  /// Whether some process has a store open for writing at this moment.
  static func isHeld(_ store: String) -> Bool {
    let descriptor = unsafe smki_open(store + ".lock", O_RDONLY, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  private static func read(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { $0 != 0x0A }
    return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
  }
}
