// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file, closed when its owner ends.
struct Descriptor: ~Copyable {
  /// What a file must be before it is read.
  enum Demand {
    /// Nobody but the owner can read or write it. One of root's may show this user in its group
    /// or its access list: that is how systemd hands a credential to a service.
    case `private`
    /// Nobody but the owner can write it; for folders.
    case ownersToWrite
  }

  let number: Int32

  init(_ number: Int32, _ path: String) throws {
    guard number >= 0 else { throw KeyError.system("opening \(path)") }
    self.number = number
  }

  deinit {
    close(number)
  }

  /// Opens a regular file for reading, if its owner is this user or root and its mode keeps to
  /// the demand.
  static func opened(_ path: String, toRead demand: Demand) throws -> Descriptor {
    let file = try unsafe Descriptor(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), path)
    var status = stat()
    guard unsafe fstat(file.number, &status) == 0 else { throw KeyError.system("reading \(path)") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw KeyError(.fileSystem, "\(path) is not a regular file")
    }
    try check(status, demand, path)
    return file
  }

  /// Checks a folder's owner and mode.
  static func checkFolder(_ path: String) throws {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw KeyError.system("looking at \(path)") }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw KeyError(.fileSystem, "\(path) is not a folder")
    }
    try check(status, .ownersToWrite, path)
  }

  /// Reads to the end of the file or of the room.
  ///
  /// - Returns: the number of octets read.
  static func read(_ number: Int32, into room: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < room.count {
      let more = unsafe Glibc.read(
        number, room.baseAddress?.advanced(by: filled), room.count - filled)
      if more < 0 && errno == EINTR { continue }
      guard more >= 0 else { throw KeyError.system("reading") }
      if more == 0 { break }
      filled += more
    }
    return filled
  }

  /// Writes everything from the place where the file stands, and waits until it is on the disk.
  func writeDurably(_ bytes: UnsafeRawBufferPointer) throws {
    var written = 0
    while written < bytes.count {
      let more = unsafe write(
        number, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      if more < 0 && errno == EINTR { continue }
      guard more > 0 else { throw KeyError.system("writing") }
      written += more
    }
    guard fsync(number) == 0 else { throw KeyError.system("writing through to the disk") }
  }

  private static func check(_ status: stat, _ demand: Demand, _ path: String) throws {
    let forbidden: mode_t =
      switch demand {
      // The rights of an access list show in the bits of the group.
      case .private: status.st_uid == 0 && geteuid() != 0 ? 0o037 : 0o077
      case .ownersToWrite: 0o022
      }
    guard status.st_mode & forbidden == 0 else {
      throw KeyError(
        .tooOpen, "\(path) has mode \(String(status.st_mode & 0o777, radix: 8)), open to others")
    }
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw KeyError(.tooOpen, "\(path) belongs to another user")
    }
  }
}

extension KeyError {
  /// What the operating system says of the call that just failed on this thread.
  static func system(_ doing: String) -> KeyError {
    let number = errno
    // The GNU C library's strerror is safe on any thread since 2.32.
    let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return KeyError(.fileSystem, "\(doing): \(reason)")
  }
}
