// SPDX-License-Identifier: Apache-2.0

import Ceremony
import FoundationEssentials
import Glibc
import Service

/// The folder of an offline store: its states, one after the other, of which a link names the one
/// that counts.
///
/// A ceremony works on a copy of the state. One rename puts the copy in its place, so that a crash
/// at any moment leaves either the state before or the state after, with all that belongs to it.
struct OfflineFolder {
  let path: String

  init(_ path: String) {
    self.path = path
  }

  private static let link = "current"
  private static let nextLink = "current.next"
  private static let statePrefix = "state-"
  private var files: FileManager { .default }

  /// The state that counts.
  var current: String { "\(path)/\(Self.link)" }
  /// Whether a ceremony was ever held here.
  var isThere: Bool { files.fileExists(atPath: current) }
  /// Where the shares of a quick estate lie.
  var custody: String { "\(path)/custody" }

  /// Where the papers of a ceremony lie in a state.
  static func papers(_ ceremony: String, in state: String) -> String {
    "\(state)/ceremonies/\(ceremony)"
  }

  /// One ceremony's hold on the folder: nobody else holds one at the same time.
  final class Hold {
    /// The copy on which the ceremony works.
    let state: String
    private let lock: Int32

    fileprivate init(state: String, lock: Int32) {
      self.state = state
      self.lock = lock
    }

    deinit { close(lock) }
  }

  /// Begins a ceremony: removes what a broken one left, and copies the state that counts.
  ///
  /// - Throws: a failure when somebody holds a ceremony here at this moment.
  func begin() throws -> Hold {
    try Files.makeFolder(path)
    let lock = unsafe open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw Files.failure("opening", "\(path)/lock") }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw Failure.Message(
        .unavailable, "somebody holds a ceremony in \(path)", remedy: "Wait until it ends.")
    }
    let standing = isThere ? try files.destinationOfSymbolicLink(atPath: current) : nil
    for name in try files.contentsOfDirectory(atPath: path)
    where name == Self.nextLink || (name.hasPrefix(Self.statePrefix) && name != standing) {
      try Self.remove("\(path)/\(name)")
    }
    let number = standing.flatMap { Int($0.dropFirst(Self.statePrefix.count)) } ?? 0
    let state = "\(path)/\(Self.statePrefix)\(number + 1)"
    if let standing {
      try files.copyItem(atPath: "\(path)/\(standing)", toPath: state)
    } else {
      try Files.makeFolder("\(state)/vaults")
    }
    return Hold(state: state, lock: lock)
  }

  /// Ends a ceremony: its state counts from now, and the one before is destroyed.
  func commit(_ hold: Hold) throws {
    let before = isThere ? try files.destinationOfSymbolicLink(atPath: current) : nil
    try Files.bringToDisk(treeAt: hold.state)
    let next = "\(path)/\(Self.nextLink)"
    let name = hold.state.split(separator: "/").last.map(String.init) ?? hold.state
    try files.createSymbolicLink(atPath: next, withDestinationPath: name)
    guard unsafe rename(next, current) == 0 else { throw Files.failure("naming", current) }
    try Files.bringToDisk(folder: path)
    if let before { try Self.remove("\(path)/\(before)") }
  }

  /// Gives up a ceremony.
  func abandon(_ hold: Hold) {
    try? Self.remove(hold.state)
  }

  /// Overwrites the files of a state and removes it: an old seal of a vault is worth a key.
  private static func remove(_ path: String) throws {
    let files = FileManager.default
    var isFolder = false
    if files.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
      for name in try files.subpathsOfDirectory(atPath: path) where name.hasSuffix("/store") {
        try Files.overwrite("\(path)/\(name)")
      }
    }
    try files.removeItem(atPath: path)
  }

  /// What the store knows, read beside whoever holds a ceremony.
  func state() throws -> OfflineState {
    guard isThere else {
      throw Failure.Message(
        .unavailable, "there is no offline store in \(path)",
        remedy: "Its first ceremony makes it; name its folder with --offline.")
    }
    return try OfflineStore.state(in: current)
  }
}

extension Files {
  /// Brings every file and folder below a folder to the disk.
  static func bringToDisk(treeAt path: String) throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      try bringToDisk(folder: "\(path)/\(name)")
    }
    try bringToDisk(folder: path)
  }

  /// Brings a folder, or one file, to the disk.
  static func bringToDisk(folder path: String) throws {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("opening", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("writing", path) }
  }

  /// Overwrites a small file with zeros.
  static func overwrite(_ path: String) throws {
    let count = try read(path).count
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("opening", path) }
    defer { close(descriptor) }
    let zeros = [UInt8](repeating: 0, count: count)
    let written = unsafe zeros.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, count) }
    guard written == count, fsync(descriptor) == 0 else { throw failure("writing", path) }
  }

  /// Writes a text in the place of the one that is there, whole or not at all.
  static func replace(_ path: String, _ text: String) throws {
    let beside = "\(path).next"
    try? FileManager.default.removeItem(atPath: beside)
    try writeNew(beside, text)
    guard unsafe rename(beside, path) == 0 else { throw failure("making", path) }
  }
}
