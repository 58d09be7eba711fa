// SPDX-License-Identifier: Apache-2.0

import Audit
import DER

/// Holds the segments of the access log against the entries that the audit has of them.
struct AccessWalk {
  private let folder: AccessFolder
  /// Sealed segments that lie there and were not met in an entry yet.
  private var left: Set<String>
  private let open: Set<String>
  /// The day through which segments were removed by the node.
  private var removedThrough = ""
  /// Segments that are not there, by day: those of days that were removed are right.
  private var missing: [String: (first: String, count: Int)] = [:]
  private(set) var faults: [VerificationReport.Fault] = []
  /// Segments whose content has the hash in their entry.
  private(set) var sound = 0

  init(_ folder: AccessFolder) {
    self.folder = folder
    open = Set(folder.openSegments())
    left = Set(folder.days().flatMap { folder.segments(of: $0) })
      .union(folder.archivedDays().flatMap { folder.archivedSegments(of: $0) })
  }

  /// Takes an entry of the audit.
  mutating func visit(_ entry: Entry, _ index: Int) throws {
    switch entry.action {
    case AccessLog.Action.removed:
      guard folder.isMeant(by: entry.facts, isThere: false) else { return }
      removedThrough = max(removedThrough, entry.facts["through"] ?? "")
    case AccessLog.Action.sealed:
      guard let name = entry.facts["segment"], name.wholeMatch(of: #/[0-9TZ-]+/#) != nil else {
        return
      }
      guard folder.isMeant(by: entry.facts, isThere: left.contains(name)) else { return }
      left.remove(name)
      // Between its entry and its move a crash leaves it where it was.
      let found =
        try folder.measure(name, isOpen: false)
        ?? folder.measurePacked(name)
        ?? (open.contains(name) ? folder.measure(name, isOpen: true) : nil)
      guard let found else {
        let day = AccessFolder.day(of: name)
        missing[day, default: (name, 0)].count += 1
        return
      }
      if Hex.encode(found.digest) == entry.facts["sha256"] {
        sound += 1
      } else {
        add(
          name,
          "\(found.lines) lines of \(found.octets) octets that have not the hash of entry "
            + "\(index), which was \(entry.facts["lines"] ?? "") lines of "
            + "\(entry.facts["octets"] ?? "") octets")
      }
    default: break
    }
  }

  /// All entries were seen.
  mutating func finish() {
    for (day, lost) in missing.sorted(by: { $0.key < $1.key }) where day > removedThrough {
      add(lost.first, "missing, as are \(lost.count - 1) others of its day that the audit has")
    }
    for name in left.sorted() { add(name, "a segment that no entry of the audit knows") }
  }

  private mutating func add(_ name: String, _ detail: String) {
    faults.append(.init(table: "access_log", row: name, column: nil, detail: detail))
  }

  /// Segments that are not sealed: of a serving node, or left by a crash.
  var openCount: Int { open.count }
}
