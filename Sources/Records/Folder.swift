// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// A folder that files are handed over in: each appears whole or not at all.
struct Folder {
  let path: String

  /// Opens the folder, making it and those above it where they are missing.
  ///
  /// - Throws: `fileSystem`; so do all that follow.
  init(_ path: String) throws(DatabaseError) {
    self.path = path
    try make("")
  }

  /// The bytes of a file, or nil when there is none; one of more octets counts as none of ours.
  func read(_ name: String, octetsMax: Int) throws(DatabaseError) -> [UInt8]? {
    let descriptor = unsafe smki_open(path + "/" + name, O_RDONLY, 0)
    guard descriptor >= 0 else {
      if descriptor == -ENOENT || descriptor == -ENOTDIR { return nil }
      throw failure(name, -descriptor)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: octetsMax + 1)
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe CSQLite.read(
          descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      guard count >= 0 else { throw failure(name, smki_error()) }
      guard count > 0 else { break }
      filled += count
    }
    return filled > octetsMax ? nil : Array(bytes.prefix(filled))
  }

  /// Writes a file beside its place and moves it there; `sync()` makes it durable.
  func write(_ name: String, _ bytes: [UInt8]) throws(DatabaseError) {
    if let slash = name.lastIndex(of: "/") { try make(String(name[..<slash])) }
    let target = path + "/" + name
    let draft = target + ".new"
    let descriptor = unsafe smki_open(draft, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw failure(name, -descriptor) }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe CSQLite.write(
          descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      guard count > 0 else {
        let error = smki_error()
        close(descriptor)
        throw failure(name, error)
      }
      written += count
    }
    guard close(descriptor) == 0, unsafe rename(draft, target) == 0 else {
      throw failure(name, smki_error())
    }
  }

  /// Makes all that was written to the folder's file system durable.
  func sync() throws(DatabaseError) {
    let descriptor = unsafe smki_open(path, O_RDONLY | O_DIRECTORY, 0)
    guard descriptor >= 0 else { throw failure("", -descriptor) }
    defer { close(descriptor) }
    guard syncfs(descriptor) == 0 else { throw failure("", smki_error()) }
  }

  private func make(_ name: String) throws(DatabaseError) {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in (path + "/" + name).split(separator: "/") {
      folder += "/" + part
      if unsafe mkdir(folder, 0o755) != 0, case let error = smki_error(), error != EEXIST {
        throw failure(name, error)
      }
    }
  }

  private func failure(_ name: String, _ error: Int32) -> DatabaseError {
    let reason = unsafe strerror(error).map { unsafe String(cString: $0) } ?? "\(error)"
    return DatabaseError(.fileSystem, "\(path)/\(name): \(reason)")
  }
}
