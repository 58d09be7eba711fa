// SPDX-License-Identifier: Apache-2.0

import Audit
import Records
import Service

/// A report with its verdict in a word, for machines.
private struct Verdict: Encodable {
  let report: VerificationReport
  let notes: [String]

  private enum CodingKeys: CodingKey {
    case verdict, notes
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(report.isSound ? "sound" : "faults", forKey: .verdict)
    try values.encode(notes, forKey: .notes)
  }
}

extension Command {
  static let verify = Command(
    name: "verify", summary: "prove the whole store: the audit, and everything else by the audit",
    notes: """
      It reads beside a serving node and believes no counter. Each fault is named with table, row \
      and column. Chunks that are recorded and not lodged are counted as open: a serving node is \
      about to lodge them, the next start voids those that a crash left. Ends with 4 when there \
      are faults.
      """,
    options: [
      .value(
        "--key", "FILE", "the log's public key; by default authorities/audit.vkey of the estate"),
      .value("--pace", "NUMBER", "certificates a second at most, to spare a serving node"),
    ], example: "smki verify --estate var"
  ) { invocation in
    let folder = invocation.folder
    let configuration = try Opening.configuration(of: folder)
    let key = try AuditKey.read(invocation.value("--key") ?? folder.auditKey)
    let records = try Records.examine(folder.records, migrations: Store.migrations)
    let report = try Verification(
      records: records, keys: [key],
      origin: key.name, openChunks: .allowed,
      accessLog: AccessFolder(
        folder.access, node: configuration.nodeOfAccessLog,
        formerly: configuration.nodeName.name),
      pace: invocation.number("--pace", in: 1...1_000_000)
    ).run { Terminal.progress("certificates", $0, of: $1) }
    let notes = notes(on: report, isServed: records.isHeld)
    try invocation.show(Verdict(report: report, notes: notes)) { text(of: report, notes) }
    return report.isSound ? .done : .faults
  }

  /// What is no fault, and what will become of it.
  private static func notes(on report: VerificationReport, isServed: Bool) -> [String] {
    let counts = report.counts
    var notes: [String] = []
    if counts.openChunks > 0 {
      notes.append(
        isServed
          ? "\(counts.openChunks) open chunks: the process that has the estate is issuing them"
          : "\(counts.openChunks) open chunks: a crash left them; the next start voids them and "
            + "never uses their serial numbers again")
    }
    if counts.openAccessSegments > 0, !isServed {
      notes.append(
        "\(counts.openAccessSegments) open segments of the access log: the next start seals them")
    }
    return notes
  }

  private static func text(of report: VerificationReport, _ notes: [String]) -> String {
    let counts = report.counts
    let faults = report.faults.map(\.description)
    let more = report.faultCount - faults.count
    let entries = counts.entries == 1 ? "1 audit entry" : "\(counts.entries) audit entries"
    return
      (faults + (more > 0 ? ["and \(more) more"] : []) + [
        "\(entries), \(Table.count(counts.checkpoints, "checkpoint")), "
          + "\(Table.count(counts.keptRows, "row")) by their entries",
        "\(counts.soundCertificates) of \(Table.count(counts.certificates, "certificate")) in "
          + "\(Table.count(counts.lodgedChunks, "chunk")), "
          + "\(Table.count(counts.voidedChunks, "chunk")) voided, \(counts.openChunks) open",
        "\(Table.count(counts.revoked, "certificate")) revoked, "
          + Table.count(counts.lists, "list")
          + (counts.unlisted == 0
            ? "" : ", \(Table.count(counts.unlisted, "revocation")) on no list yet"),
        "\(Table.count(counts.accessSegments, "segment")) of the access log, "
          + "\(counts.openAccessSegments) open",
        "root \(report.auditRoot)",
        "\(report.elapsedMilliseconds) ms, \(report.certificatesPerSecond) certificates a second",
      ] + notes + [
        report.isSound ? "sound" : Table.count(report.faultCount, "FAULT")
      ]).joined(separator: "\n")
  }
}
