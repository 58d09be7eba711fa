// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
package import Records
import SEC

extension AccessFolder {
  /// ENG-backup: opens the segments again whose entries records have lost that were put back, so
  /// that the next start enters them anew.
  ///
  /// - Throws: what the store or the disk throws.
  package func reopenUnknown(in audit: AuditLog) throws {
    var left = Set(days().flatMap { segments(of: $0) })
    var index = 0
    while case let entries = try audit.entries(from: index), let last = entries.last?.index {
      for (_, entry) in entries where entry.action == AccessLog.Action.sealed {
        let name = entry.facts["segment"] ?? ""
        if isMeant(by: entry.facts, isThere: left.contains(name)) { left.remove(name) }
      }
      index = last + 1
    }
    for name in left.sorted() { try reopen(name) }
  }
}

/// The part of the access log that works with the audit.
extension AccessLog {
  /// What the entries about segments are called.
  enum Action {
    static let sealed = "access-segment-sealed"
    static let removed = "access-segments-removed"
    static let archived = "access-segments-archived"
  }

  /// ENG-audit-log: enters the hash of each segment whose minute is over, and puts it away.
  ///
  /// - Throws: what the store or the disk throws; what was not entered is tried again.
  func seal(in records: Records, at moment: Time) throws {
    tick(moment)
    var names = takeComplete()
    defer { giveBack(names) }
    while let name = names.first {
      if let measure = try folder.measure(name, isOpen: true) {
        let entry = Entry(
          Self.actor, Action.sealed, clause: "ENG-audit-log", at: moment,
          facts: folder.facts([
            "segment": name, "lines": "\(measure.lines)", "octets": "\(measure.octets)",
            "sha256": Hex.encode(measure.digest),
          ]))
        try records.write(entry) { _ in }
        try folder.settle(name)
      }
      names.removeFirst()
    }
  }

  /// ENG-audit-log: packs the segments of days that need not be on line any longer into the
  /// archive, and removes those whose time there is over.
  ///
  /// - Returns: the beginning of the next day, when there may be more to do.
  func putAway(in records: Records, at moment: Time) throws -> Time {
    let day: Int64 = 86_400
    let kept = AccessFolder.day(of: moment.adding(seconds: -Int64(limits.daysOnLine) * day).rfc3339)
    let old = folder.days().filter { $0 < kept }
    if limits.archiveYears > 0 {
      for name in old { try folder.pack(day: name) }
      try enter(Action.archived, through: old.last, in: records, at: moment)
      for name in old { try folder.remove(day: name) }
      let end = AccessFolder.day(of: moment.adding(years: -limits.archiveYears).rfc3339)
      let over = folder.archivedDays().filter { $0 < end }
      try enter(Action.removed, through: over.last, in: records, at: moment)
      for name in over { try folder.removeArchived(day: name) }
    } else {
      try enter(Action.removed, through: old.last, in: records, at: moment)
      for name in old { try folder.remove(day: name) }
    }
    return Time(seconds: (moment.seconds / day + 1) * day)
  }

  private func enter(
    _ action: String, through last: String?, in records: Records, at moment: Time
  ) throws {
    guard let last else { return }
    let entry = Entry(
      Self.actor, action, clause: "ENG-audit-log", at: moment,
      facts: folder.facts(["through": last]))
    try records.write(entry) { _ in }
  }

  private static var actor: Actor { Actor(name: "access log", role: .node) }
}
