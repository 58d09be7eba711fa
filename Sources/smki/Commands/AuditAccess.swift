// SPDX-License-Identifier: Apache-2.0

import DER
import Service

extension Command {
  static let auditAccess = Command(
    name: "audit access", summary: "show the access log: who was shown what, who was turned away",
    notes: """
      The lines of one day, also of one in the archive, and those of the open segments; smki \
      verify holds the sealed segments against the audit. Ends with 4 when no line is like that.
      """,
    options: [
      .value("--day", "DAY", "such as 2026-11-21; today by default"),
      .value("--last", "N", "so many of the last ones; 20 by default"),
      .value("--reference", "REFERENCE", "the AuditReference of an answer of the Repository"),
      .value("--party", "PARTY", "of this party's readers only"),
      .value("--subject", "WORD", "of this identifier or serial number only"),
      .flag("--refused", "only who was turned away"),
    ], example: "smki audit access --party example-gas --last 5"
  ) { invocation in
    _ = try Opening.configuration(of: invocation.folder)
    let folder = AccessFolder(invocation.folder.access)
    let day = invocation.value("--day") ?? AccessFolder.day(of: SystemClock.now().rfc3339)
    let wanted = ["reference", "party", "subject"].compactMap { name in
      invocation.value("--\(name)").map { (name: name, value: $0) }
    }
    let most = try invocation.number("--last", in: 1...100_000) ?? 20
    var rows: [AccessRow] = []
    let names = Set(folder.segments(of: day)).union(folder.archivedSegments(of: day))
    let sealed = names.sorted().map { ($0, false) }
    let open = folder.openSegments().filter { AccessFolder.day(of: $0) == day }.map { ($0, true) }
    for (name, isOpen) in sealed + open {
      rows += try folder.lines(of: name, isOpen: isOpen).filter { record in
        (!invocation.has("--refused") || record.kind == .refusal)
          && wanted.allSatisfy { record.facts[$0.name] == $0.value }
      }.map { AccessRow($0, in: name) }
      rows = rows.suffix(most)
    }
    try invocation.show(rows) { rows.isEmpty ? "" : AccessRow.table(rows) }
    guard rows.isEmpty else { return .done }
    if !invocation.isJSON { Terminal.complain("smki: no such line of \(day)") }
    return .faults
  }
}

/// A line of the access log as it is shown.
private struct AccessRow: Encodable {
  let segment: String
  let time: String
  let kind: String
  let facts: [String: String]

  init(_ record: AccessRecord, in segment: String) {
    self.segment = segment
    time = record.time.rfc3339
    kind = record.kind.rawValue
    facts = record.facts
  }

  static func table(_ rows: [AccessRow]) -> String {
    let columns = ["door", "act", "status", "address", "party", "reader", "subject", "reference"]
    return Table(
      headings: ["time", "kind"] + columns + ["also"],
      rows: rows.map { row in
        let rest = row.facts.filter { !columns.contains($0.key) }.sorted { $0.key < $1.key }
        return [row.time, row.kind] + columns.map { row.facts[$0] ?? "-" }
          + [rest.map { "\($0.key)=\($0.value)" }.joined(separator: " ")]
      }
    ).text()
  }
}
