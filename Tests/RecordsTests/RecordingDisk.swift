// SPDX-License-Identifier: Apache-2.0

import CSQLite
import Foundation
import Threads

/// The disk under SQLite, which keeps what was written in which order and what was made durable, so
/// that the files can be made as a power cut at any moment leaves them.
///
/// It is SQLite's own access to files with three functions wrapped; one process has one.
enum RecordingDisk {
  /// What happened to a file.
  enum Event: Sendable {
    case write(String, at: Int, [UInt8])
    case cut(String, to: Int)
    /// What was done to the file before is durable.
    case sync(String)
    /// It is no more, and that is durable: SQLite syncs the folder.
    case delete(String)

    var path: String {
      switch self {
      case .write(let path, _, _), .cut(let path, _), .sync(let path), .delete(let path): path
      }
    }
  }

  /// What becomes of what was written and not made durable.
  enum Loss: CaseIterable, Sendable {
    /// All of it is gone.
    case dropped
    /// The last write stands half, those before it whole.
    case torn
    /// Of each write every other sector stands, in whatever order the disk likes.
    case sectors
  }

  static let events = Guarded<[Event]>([])
  private static let names = Guarded<[UInt: String]>([:])
  private nonisolated(unsafe) static var system: UnsafeMutablePointer<sqlite3_vfs>?
  private nonisolated(unsafe) static var methods: UnsafePointer<sqlite3_io_methods>?
  /// For each table of SQLite's functions, of which files have several, the same with ours.
  private static let wrapped = Guarded<[UInt: UInt]>([:])

  /// Puts it under every store that this process opens from now on.
  static func install() {
    guard let found = unsafe sqlite3_vfs_find(nil) else { return }
    unsafe system = found
    let own = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    unsafe own.initialize(to: found.pointee)
    unsafe own.pointee.zName = UnsafePointer(strdup("recording"))
    unsafe own.pointee.xOpen = { _, name, file, flags, outFlags in
      unsafe RecordingDisk.open(name, file, flags, outFlags)
    }
    unsafe own.pointee.xDelete = { _, name, flag in unsafe RecordingDisk.delete(name, flag) }
    unsafe sqlite3_vfs_register(own, 1)
  }

  private static func delete(_ name: UnsafePointer<CChar>?, _ flag: Int32) -> Int32 {
    guard let system = unsafe system else { return SQLITE_IOERR }
    let result = unsafe system.pointee.xDelete(system, name, flag)
    if result == SQLITE_OK, let path = unsafe name.map({ unsafe String(cString: $0) }) {
      events.change { $0.append(.delete(path)) }
    }
    return result
  }

  private static func open(
    _ name: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
    _ outFlags: UnsafeMutablePointer<Int32>?
  ) -> Int32 {
    guard let system = unsafe system, let file = unsafe file else { return SQLITE_CANTOPEN }
    let result = unsafe system.pointee.xOpen(system, name, file, flags, outFlags)
    guard result == SQLITE_OK, let original = unsafe file.pointee.pMethods else { return result }
    let path = unsafe name.map { unsafe String(cString: $0) } ?? ""
    names.change { names in names[UInt(bitPattern: file)] = path }
    let own = wrapped.change { wrapped in
      let key = UInt(bitPattern: original)
      if let known = wrapped[key] { return known }
      let own = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
      unsafe own.initialize(to: original.pointee)
      unsafe own.pointee.xWrite = { file, octets, count, offset in
        unsafe RecordingDisk.write(file, octets, count, offset)
      }
      unsafe own.pointee.xTruncate = { file, size in
        unsafe RecordingDisk.note(file) { .cut($0, to: Int(size)) }
        return unsafe RecordingDisk.methods?.pointee.xTruncate(file, size) ?? SQLITE_IOERR
      }
      unsafe own.pointee.xSync = { file, flags in
        let result = unsafe RecordingDisk.methods?.pointee.xSync(file, flags) ?? SQLITE_IOERR
        unsafe RecordingDisk.note(file) { .sync($0) }
        return result
      }
      unsafe methods = original
      wrapped[key] = UInt(bitPattern: own)
      return UInt(bitPattern: own)
    }
    unsafe file.pointee.pMethods = UnsafePointer<sqlite3_io_methods>(bitPattern: own)
    return result
  }

  private static func write(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ octets: UnsafeRawPointer?, _ count: Int32,
    _ offset: Int64
  ) -> Int32 {
    let copy = unsafe [UInt8](UnsafeRawBufferPointer(start: octets, count: Int(count)))
    unsafe note(file) { .write($0, at: Int(offset), copy) }
    return unsafe methods?.pointee.xWrite(file, octets, count, offset) ?? SQLITE_IOERR
  }

  private static func note(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ event: (String) -> Event
  ) {
    guard let file = unsafe file, let path = names.value[UInt(bitPattern: file)] else { return }
    let it = event(path)
    events.change { $0.append(it) }
  }

  /// The files as a power cut after so many events leaves them.
  static func files(after count: Int, _ loss: Loss) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    var waiting: [String: [Event]] = [:]
    for event in events.value.prefix(count) {
      if case .delete(let path) = event {
        files[path] = nil
        waiting[path] = nil
        continue
      }
      waiting[event.path, default: []].append(event)
      guard case .sync(let path) = event else { continue }
      for done in waiting[path] ?? [] { apply(done, to: &files[path, default: []]) }
      waiting[path] = nil
    }
    guard loss != .dropped else { return files }
    for (path, left) in waiting {
      for (number, event) in left.enumerated() {
        let isLast = number == left.count - 1
        switch event {
        case .write(_, let offset, let octets) where loss == .torn && isLast:
          apply(
            .write(path, at: offset, Array(octets.prefix(octets.count / 2))),
            to: &files[path, default: []])
        case .write(_, let offset, let octets) where loss == .sectors:
          for start in stride(from: (number & 1) * 512, to: octets.count, by: 1024) {
            let sector = Array(octets[start..<min(octets.count, start + 512)])
            apply(.write(path, at: offset + start, sector), to: &files[path, default: []])
          }
        default: apply(event, to: &files[path, default: []])
        }
      }
    }
    return files
  }

  private static func apply(_ event: Event, to file: inout [UInt8]) {
    switch event {
    case .write(_, let offset, let octets):
      let end = offset + octets.count
      if file.count < end { file += [UInt8](repeating: 0, count: end - file.count) }
      file.replaceSubrange(offset..<end, with: octets)
    case .cut(_, let size): file = Array(file.prefix(size))
    case .sync, .delete: break
    }
  }
}
