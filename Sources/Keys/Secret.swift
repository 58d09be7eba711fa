// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Bytes that nobody else may see: one owner, one buffer, wiped when the owner ends.
///
/// Never a Swift array or string, whose copies nobody could find again to wipe them.
@safe package struct Secret: ~Copyable, Sendable {
  /// The most octets of a passphrase: OpenSSL reads no more into one (PEM_BUFSIZE).
  package static let passphraseOctetsMax = 1024

  /// How many octets it has.
  package let count: Int
  let buffer: Buffer

  /// Makes room for `capacity` octets and keeps as many as `fill` says it wrote.
  ///
  /// - Throws: what `fill` throws; `library` when there is no memory.
  package init(
    capacity: Int, filling fill: (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    // One octet at least: OpenSSL returns nothing for none.
    guard let start = unsafe CRYPTO_zalloc(max(1, capacity), nil, 0) else {
      throw KeyError.library("memory for a secret")
    }
    let buffer = unsafe Buffer(start: start, capacity: max(1, capacity))
    let filled = try unsafe fill(UnsafeMutableRawBufferPointer(start: start, count: capacity))
    precondition((0...capacity).contains(filled), "more octets than there is room for")
    self.buffer = buffer
    count = filled
  }

  /// Takes over a buffer that OpenSSL allocated and filled.
  init(adopting start: UnsafeMutableRawPointer, count: Int) {
    buffer = unsafe Buffer(start: start, capacity: count)
    self.count = count
  }

  /// A copy of octets that are no secret yet, such as a public key before it is wrapped.
  ///
  /// - Throws: `library` when there is no memory.
  package init(copying octets: [UInt8]) throws {
    try unsafe self.init(capacity: octets.count) { room in
      unsafe room.copyBytes(from: octets)
      return octets.count
    }
  }

  /// So many octets from the random generator.
  package static func random(_ count: Int) throws -> Secret {
    _ = Library.shared
    return try unsafe Secret(capacity: count) { room in
      guard unsafe RAND_priv_bytes(room.bindMemory(to: UInt8.self).baseAddress, Int32(count)) == 1
      else { throw KeyError.library("random bytes") }
      return count
    }
  }

  /// A second secret with the same octets, for a second owner.
  ///
  /// - Throws: `library` when there is no memory.
  package func copy() throws -> Secret {
    try unsafe withBytes { octets in
      try unsafe Secret(capacity: octets.count) { room in
        unsafe room.copyMemory(from: octets)
        return octets.count
      }
    }
  }

  /// Lends the octets; they must not be kept.
  package func withBytes<Result: ~Copyable>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: buffer.start, count: count))
  }

  /// The first octets of this secret alone.
  private consuming func cut(to count: Int) -> Secret {
    Secret(buffer: buffer, count: count)
  }

  private init(buffer: consuming Buffer, count: Int) {
    self.buffer = buffer
    self.count = count
  }

  /// Memory of OpenSSL's; written before a secret is made of it and never after.
  ///
  /// Not private: an optimised build of another room destroys secrets in place and must find it.
  @safe struct Buffer: ~Copyable, Sendable {
    nonisolated(unsafe) let start: UnsafeMutableRawPointer
    let capacity: Int

    init(start: UnsafeMutableRawPointer, capacity: Int) {
      unsafe self.start = start
      self.capacity = capacity
    }

    deinit {
      unsafe CRYPTO_clear_free(start, capacity, nil, 0)
    }
  }
}

/// Where passphrases come from: a credential file of the service manager, a file descriptor, or a
/// prompt.
extension Secret {
  /// Reads a passphrase from a file that nobody but its owner can read; one line end is dropped.
  ///
  /// - Throws: `fileSystem`, `tooOpen`, or `wrongLength` when it is empty or too long.
  package init(readingFile path: String) throws {
    let file = try Descriptor.opened(path, toRead: .private)
    self = try Self.line(file.number)
  }

  /// Reads a passphrase from an open file descriptor up to its end; one line end is dropped.
  ///
  /// The caller still owns the descriptor.
  ///
  /// - Throws: `fileSystem`, or `wrongLength` when it is empty or too long.
  package init(fileDescriptor: Int32) throws {
    self = try Self.line(fileDescriptor)
  }

  /// Asks for a passphrase on the terminal, without showing it.
  ///
  /// - Throws: `wrongLength` when it is empty or too long, `library` without a terminal or, where
  ///   it is asked twice, when the two differ.
  package init(prompt: String, twice: Bool) throws {
    _ = Library.shared
    let typed = try unsafe Secret(capacity: Self.passphraseOctetsMax) { room in
      let text = unsafe room.bindMemory(to: CChar.self)
      let asked = unsafe EVP_read_pw_string(
        text.baseAddress, Int32(text.count), prompt, twice ? 1 : 0)
      guard asked == 0 else { throw KeyError.library("asking for a passphrase") }
      return unsafe text.firstIndex(of: 0) ?? text.count
    }
    self = try Self.checked(typed)
  }

  /// Reads the whole of a file with a key in it.
  init(readingKeyFile path: String) throws {
    let file = try Descriptor.opened(path, toRead: .private)
    self = try Self.whole(file.number, most: PrivateFile.octetsMax)
  }

  private static func line(_ descriptor: Int32) throws -> Secret {
    let read = try whole(descriptor, most: passphraseOctetsMax + 1)
    let endsLine = unsafe read.withBytes { unsafe $0.last == UInt8(ascii: "\n") }
    let count = endsLine ? read.count - 1 : read.count
    return try checked(read.cut(to: count))
  }

  private static func whole(_ descriptor: Int32, most: Int) throws -> Secret {
    try unsafe Secret(capacity: most + 1) { room in
      let count = try unsafe Descriptor.read(descriptor, into: room)
      guard count <= most else { throw KeyError(.wrongLength, "more than \(most) octets") }
      return count
    }
  }

  private static func checked(_ passphrase: consuming Secret) throws -> Secret {
    guard (1...passphraseOctetsMax).contains(passphrase.count) else {
      throw KeyError(.wrongLength, "a passphrase has 1 to \(passphraseOctetsMax) octets")
    }
    return passphrase
  }
}
