// SPDX-License-Identifier: Apache-2.0

import DER
import Glibc

/// Small files that only their owner may read, and that are there whole or not at all.
///
/// A file is written beside its place, brought to the disk, then named; then the folder is brought
/// to the disk. A crash leaves at most a file whose name begins with a dot, which nothing reads.
enum PrivateFile {
  /// The most octets of a file that is read: an encrypted RSA key of 2048 bits in PEM has under
  /// 2,000.
  static let octetsMax = 16 * 1024

  /// The whole file, which must be private.
  static func read(_ path: String) throws -> [UInt8] {
    let file = try Descriptor.opened(path, toRead: .private)
    let bytes = try unsafe [UInt8](unsafeUninitializedCapacity: octetsMax + 1) { room, count in
      count = try unsafe Descriptor.read(file.number, into: UnsafeMutableRawBufferPointer(room))
    }
    guard bytes.count <= octetsMax else {
      throw KeyError(.damaged, "\(path) has more than \(octetsMax) octets")
    }
    return bytes
  }

  /// Writes a file that must not be there yet.
  ///
  /// - Throws: `labelTaken` when it is; `fileSystem`.
  static func writeNew(_ path: String, _ bytes: UnsafeRawBufferPointer) throws {
    try unsafe writeBeside(path, bytes) { temporary in
      // Unlike a rename, a link never replaces what is there.
      guard unsafe link(temporary, path) == 0 else {
        guard errno == EEXIST else { throw KeyError.system("naming \(path)") }
        throw KeyError(.labelTaken, "\(path) is already there")
      }
      unsafe unlink(temporary)
    }
  }

  /// Writes a file that must not be there yet; see the other function.
  static func writeNew(_ path: String, _ bytes: [UInt8]) throws {
    try unsafe bytes.withUnsafeBytes { try unsafe writeNew(path, $0) }
  }

  /// Writes a file in the place of the one that is there.
  static func replace(_ path: String, _ bytes: [UInt8]) throws {
    try unsafe bytes.withUnsafeBytes {
      try unsafe writeBeside(path, $0) { temporary in
        guard unsafe rename(temporary, path) == 0 else { throw KeyError.system("naming \(path)") }
      }
    }
  }

  /// Makes a folder of mode 0700, unless something of this name is there.
  static func makeFolder(_ path: String) throws {
    guard unsafe mkdir(path, 0o700) == 0 else {
      guard errno == EEXIST else { throw KeyError.system("making \(path)") }
      return
    }
    try bringToDisk(folderOf: path)
  }

  /// Whether there is a file of any kind.
  static func exists(_ path: String) -> Bool {
    unsafe access(path, F_OK) == 0
  }

  /// Overwrites a file, brings that to the disk, and removes its name.
  ///
  /// A journal or a flash disk may keep the old blocks: what they hold stays encrypted.
  static func destroy(_ path: String) throws {
    var status = stat()
    do {
      let file = try unsafe Descriptor(open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW), path)
      guard unsafe fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_size <= octetsMax
      else { throw KeyError(.damaged, "\(path) is not a key file") }
      try unsafe Random.bytes(Int(status.st_size)).withUnsafeBytes {
        try unsafe file.writeDurably($0)
      }
    }
    guard unsafe unlink(path) == 0 else { throw KeyError.system("removing \(path)") }
    try bringToDisk(folderOf: path)
  }

  /// Brings the names in a file's folder to the disk.
  static func bringToDisk(folderOf path: String) throws {
    let folder = try unsafe Descriptor(
      open(split(path).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), path)
    guard fsync(folder.number) == 0 else { throw KeyError.system("writing the folder of \(path)") }
  }

  /// The names in a folder, in no order.
  static func names(in folder: String) throws -> [String] {
    guard let entries = unsafe opendir(folder) else { throw KeyError.system("listing \(folder)") }
    defer { unsafe closedir(entries) }
    var names: [String] = []
    errno = 0
    while let entry = unsafe readdir(entries) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe String(cString: UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
      }
      names.append(name)
    }
    guard errno == 0 else { throw KeyError.system("listing \(folder)") }
    return names
  }

  private static func writeBeside(
    _ path: String, _ bytes: UnsafeRawBufferPointer, _ name: (String) throws -> Void
  ) throws {
    let (folder, file) = split(path)
    let temporary = "\(folder)/.\(file).\(Hex.encode(Random.bytes(8)))"
    do {
      let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
      let file = try unsafe Descriptor(open(temporary, flags, 0o600), temporary)
      try unsafe file.writeDurably(bytes)
      try name(temporary)
    } catch {
      unsafe unlink(temporary)
      throw error
    }
    try bringToDisk(folderOf: path)
  }

  private static func split(_ path: String) -> (folder: String, file: Substring) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path[...]) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), path[path.index(after: slash)...])
  }
}
