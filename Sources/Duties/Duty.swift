// SPDX-License-Identifier: Apache-2.0

package import SEC

/// What somebody owes: one row for each clause of kind `record`.
package struct Duty: Hashable, Sendable {
  package let clause: Clause
  /// The area of the register that the clause stands in.
  package let area: String
  /// Who owes it.
  package let owes: String
  /// What is to be done.
  package let what: String
  /// The action of the audit entry, or the name of a reported event, after which it is owed.
  package let after: String
  /// What the event must be about, by the beginning of its subject; empty where any will do.
  package let about: [String]
  package let deadline: Deadline
  /// What shows that it was done.
  package let evidence: String
  /// The action of the audit entry that discharges it without a report; empty when none does.
  package let dischargedBy: String

  /// Every duty that the program knows, in the order of the table.
  package static let all: [Duty] = PackageResources.Duties_tsv.split(separator: 10).dropFirst()
    .compactMap { Duty(row: String(decoding: $0, as: UTF8.self)) }

  /// The duties of each event.
  static let byEvent = Dictionary(grouping: all, by: \.after)
  /// The duties that each action discharges.
  static let byDischarge = Dictionary(grouping: all.filter { !$0.dischargedBy.isEmpty }) {
    $0.dischargedBy
  }

  /// Reads a row of the table: clause, area, owes, what, after, by when, evidence, discharged by.
  ///
  /// Behind the event there may be what it must be about: `document-modified:RAPP|Device CP`.
  package init?(row: String) {
    let cells = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard cells.count == 8, let deadline = Deadline(cells[5]) else { return nil }
    clause = Clause(cells[0])
    area = cells[1]
    owes = cells[2]
    what = cells[3]
    let event = cells[4].split(separator: ":", maxSplits: 1)
    after = event.first.map(String.init) ?? ""
    about = event.dropFirst().first.map { $0.split(separator: "|").map(String.init) } ?? []
    self.deadline = deadline
    evidence = cells[6]
    dischargedBy = cells[7]
  }

  /// Whether it is owed after an event with this subject: `RAPP` is about `RAPP` and `RAPP 2.0`.
  package func isOwed(of subject: String) -> Bool {
    about.isEmpty || about.contains { DutyEvent.isAbout($0, subject) }
  }

  /// The duty of a clause, or nil.
  package static func of(_ clause: Clause) -> Duty? { all.first { $0.clause == clause } }
}
