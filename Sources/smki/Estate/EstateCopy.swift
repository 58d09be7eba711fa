// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Glibc
import Records
import Service

/// A copy of an estate's folder, taken beside a serving node.
struct EstateCopy {
  /// What a copy says of itself until it was verified.
  struct Note: Codable {
    let estate: String
    let taken: String
    /// Entries of the audit in the copy, and the root over them.
    let size: Int
    let root: String
  }

  /// What stays behind: secrets that lie apart, and what belongs to a process.
  ///
  /// The records and the access log are copied, but not as files like the others.
  static let leftOut: Set<String> = [
    "passphrase", "offline", "access", "control.sock", "backup.json", "smki.sqlite",
    "smki.sqlite-wal", "smki.sqlite-shm", "smki.sqlite.lock", "last.checkpoint",
  ]

  let from: Folder
  let to: Folder
  private let files = FileManager.default

  init(from: Folder, to: Folder) {
    self.from = from
    self.to = to
  }

  /// Takes the copy.
  func take(estate: String, at moment: Time) throws -> Note {
    guard !files.fileExists(atPath: to.path) else {
      throw Failure.Message(.failed, "\(to.path) is there already")
    }
    try Files.makeFolder(to.path)
    try Records.copy(from.records, to: "\(to.path)/smki.sqlite")
    for name in try files.contentsOfDirectory(atPath: from.path).sorted()
    where !Self.leftOut.contains(name) && !name.hasPrefix(".") {
      try files.copyItem(atPath: "\(from.path)/\(name)", toPath: "\(to.path)/\(name)")
    }
    let records = try Records.openReadOnly(to.records, migrations: Store.migrations)
    defer { records.close() }
    try copyAccessLog(sealedThrough: lastSealed(in: records.audit))
    let size = try records.audit.size
    let note = Note(
      estate: estate, taken: moment.rfc3339, size: size,
      root: Hex.encode(try records.audit.root(size: size)))
    try Files.writeNew(to.copyNote, try JSON.text(note) + "\n")
    sync()
    return note
  }

  /// The last segment of the access log that the copied records know.
  private func lastSealed(in audit: AuditLog) throws -> String {
    var end = try audit.size
    while end > 0 {
      let start = max(0, end - AuditLog.entriesMax)
      let names = try audit.entries(from: start, most: end - start).compactMap {
        $0.entry.action == "access-segment-sealed" ? $0.entry.facts["segment"] : nil
      }
      if let last = names.max() { return last }
      end = start
    }
    return ""
  }

  /// Open segments first: one that is sealed meanwhile is found again among the sealed ones.
  ///
  /// A segment that was sealed after the records were copied is open in the copy.
  private func copyAccessLog(sealedThrough last: String) throws {
    let source = AccessFolder(from.access)
    let open = "\(to.access)/open"
    guard files.fileExists(atPath: source.path) else { return }
    try Files.makeFolder(open)
    for name in source.openSegments() where name > last {
      try? files.copyItem(atPath: "\(source.path)/open/\(name)", toPath: "\(open)/\(name)")
    }
    for day in source.archivedDays() {
      try Files.makeFolder("\(to.access)/archive")
      try files.copyItem(
        atPath: "\(source.path)/archive/\(day)", toPath: "\(to.access)/archive/\(day)")
    }
    for day in source.days() {
      try Files.makeFolder("\(to.access)/\(day)")
      for name in source.segments(of: day) {
        let place = name > last ? open : "\(to.access)/\(day)"
        try? files.removeItem(atPath: "\(open)/\(name)")
        try files.copyItem(
          atPath: "\(source.path)/\(day)/\(name)", toPath: "\(place)/\(name)")
      }
    }
  }

  /// Reads what a copy says of itself; nil when the folder is none, or was verified.
  static func note(of folder: Folder) throws -> Note? {
    guard FileManager.default.fileExists(atPath: folder.copyNote) else { return nil }
    return try JSONDecoder().decode(Note.self, from: Data(try Files.read(folder.copyNote)))
  }
}
