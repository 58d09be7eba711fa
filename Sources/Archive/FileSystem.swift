// SPDX-License-Identifier: Apache-2.0

import CArchive

/// What is done to files by name.
package enum FileSystem {
  /// Makes a folder and those above it where they are missing.
  ///
  /// - Throws: `fileSystem`; so do all that follow.
  package static func makeFolder(_ path: String) throws(ArchiveError) {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      folder += "/" + part
      if unsafe mkdir(folder, 0o700) != 0, case let error = smki_file_error(), error != EEXIST {
        throw failure(folder, error)
      }
    }
  }

  /// Moves a file to its place, over another one of that name, and makes the move durable.
  package static func move(_ path: String, to target: String) throws(ArchiveError) {
    guard unsafe rename(path, target) == 0 else { throw failure(target, smki_file_error()) }
    let slash = target.lastIndex(of: "/")
    try syncFolder(slash.map { String(target[..<$0]) } ?? ".")
  }

  /// Removes a file; one that is not there is removed already.
  package static func remove(_ path: String) throws(ArchiveError) {
    if unsafe unlink(path) != 0, case let error = smki_file_error(), error != ENOENT {
      throw failure(path, error)
    }
  }

  /// The size of a file in octets, or nil when there is none.
  package static func size(_ path: String) -> Int? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// The names in a folder, without order.
  package static func names(in folder: String) throws(ArchiveError) -> [String] {
    guard let directory = unsafe opendir(folder) else { throw failure(folder, smki_file_error()) }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  private static func syncFolder(_ path: String) throws(ArchiveError) {
    let descriptor = unsafe smki_file_open(path, O_RDONLY | O_DIRECTORY, 0)
    guard descriptor >= 0 else { throw failure(path, -descriptor) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path, smki_file_error()) }
  }

  static func failure(_ path: String, _ error: Int32) -> ArchiveError {
    let reason = unsafe strerror(error).map { unsafe String(cString: $0) } ?? "\(error)"
    return ArchiveError(error == EEXIST ? .exists : .fileSystem, "\(path): \(reason)")
  }
}
