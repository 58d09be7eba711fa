// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation
import Keys

/// The files of the access log: open segments in `open`, sealed ones by day.
///
/// A segment is named after its minute, `2026-11-21T0800Z-0`, with a number that tells it from
/// others of the same minute.
package struct AccessFolder: Sendable {
  /// The folder of the log.
  package let path: String
  /// The node whose log it is, where a store has several; nil where it has one.
  package let node: String?
  /// What this node was called while there were others.
  private let formerly: String?

  /// The log in a folder.
  package init(_ path: String, node: String? = nil, formerly: String? = nil) {
    self.path = path
    self.node = node
    self.formerly = formerly
  }

  /// The facts of an entry about this log.
  func facts(_ facts: [String: String]) -> [String: String] {
    node.map { facts.merging(["node": $0]) { own, _ in own } } ?? facts
  }

  /// Whether an entry is about this log; `isThere` says whether the folder has what it names.
  func isMeant(by facts: [String: String], isThere: Bool) -> Bool {
    // What was written when the store had one node lies with one of the nodes; what was written
    // when it had several, with the one that went on alone.
    switch (facts["node"], node) {
    case (nil, nil): true
    case (let other?, let own?): other == own
    case (let other?, nil): other == formerly
    case (nil, _?): isThere
    }
  }

  /// Where segments lie until their entry is in the audit.
  var open: String { "\(path)/open" }

  /// The day of a segment or moment, as the folder of its sealed segments is called.
  package static func day(of name: String) -> String { String(name.prefix(10)) }

  /// The minute of a moment as segments are named by it.
  static func minute(of time: Time) -> String {
    let text = time.rfc3339
    return text.prefix(13) + text.dropFirst(14).prefix(2) + "Z"
  }

  /// The file of a segment: where it lies open, or where it belongs once it is sealed.
  func file(_ name: String, isOpen: Bool) -> String {
    isOpen ? "\(open)/\(name)" : "\(path)/\(Self.day(of: name))/\(name)"
  }

  /// The segments whose entry is not known to be in the audit, oldest first.
  package func openSegments() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: open)) ?? []).sorted()
  }

  /// The days of which there are sealed segments, oldest first.
  package func days() -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.utf8.count == 10 && $0.first?.isNumber == true }.sorted()
  }

  /// The sealed segments of a day, oldest first.
  package func segments(of day: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(day)")) ?? []).sorted()
  }

  /// A new segment of a minute, empty.
  func create(_ minute: String) throws -> (name: String, file: FileHandle) {
    let files = FileManager.default
    let private700: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
    try files.createDirectory(
      atPath: open, withIntermediateDirectories: true, attributes: private700)
    var number = 0
    while true {
      let name = "\(minute)-\(number)"
      let isTaken =
        files.fileExists(atPath: file(name, isOpen: true))
        || files.fileExists(atPath: file(name, isOpen: false))
      guard isTaken else {
        let file = file(name, isOpen: true)
        guard files.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: file]) }
        return (name, try FileHandle(forWritingTo: URL(filePath: file)))
      }
      number += 1
    }
  }

  /// What a file holds, told in figures.
  struct Measure: Equatable {
    var lines = 0
    var octets = 0
    var digest: [UInt8] = []
  }

  /// Measures a segment, or nil when it is not there.
  func measure(_ name: String, isOpen: Bool) throws -> Measure? {
    guard let handle = FileHandle(forReadingAtPath: file(name, isOpen: isOpen)) else { return nil }
    defer { try? handle.close() }
    var measure = Measure()
    var digest = try RunningDigest(.sha256)
    while let part = try handle.read(upToCount: 1_048_576), !part.isEmpty {
      measure.octets += part.count
      measure.lines += part.count { $0 == 0x0A }
      digest.add(Array(part))
    }
    measure.digest = digest.finish()
    return measure
  }

  /// Puts a sealed segment into the folder of its day.
  func settle(_ name: String) throws {
    let files = FileManager.default
    try files.createDirectory(
      atPath: "\(path)/\(Self.day(of: name))", withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    try files.moveItem(
      atPath: file(name, isOpen: true), toPath: file(name, isOpen: false))
  }

  /// Puts a sealed segment back among the open ones.
  func reopen(_ name: String) throws {
    let files = FileManager.default
    try files.createDirectory(
      atPath: open, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try files.moveItem(
      atPath: file(name, isOpen: false), toPath: file(name, isOpen: true))
  }

  /// Removes the sealed segments of a day.
  func remove(day: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(day)")
  }

  /// The lines of a segment in their order, from the archive where it is there; those that are none
  /// of ours are left out.
  package func lines(of name: String, isOpen: Bool) throws -> [AccessRecord] {
    let data = try? Data(contentsOf: URL(filePath: file(name, isOpen: isOpen)))
    let octets = try data.map { [UInt8]($0) } ?? unpack(name)
    return octets.split(separator: 0x0A).compactMap(AccessRecord.init)
  }
}
