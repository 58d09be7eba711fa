// SPDX-License-Identifier: Apache-2.0

import Audit
import Records
import SEC
import Service

extension Command {
  static let verify = Command(
    name: "verify", summary: "prove the whole store: the audit, and everything else by the audit",
    notes: """
      It reads beside a serving node and believes no counter. Each fault is named with table, row \
      and column. Ends with 4 when there are faults.
      """,
    options: [
      .value(
        "--key", "FILE", "the log's public key; by default authorities/audit.vkey of the estate"),
      .value("--pace", "N", "so many certificates a second at most, to spare a serving node"),
      .flag("--image", "the store is a copy: issuing that was cut off is no fault"),
    ], example: "smki verify --estate var"
  ) { invocation in
    let folder = invocation.folder
    _ = try Opening.configuration(of: folder)
    let key = try AuditKey.read(invocation.value("--key") ?? folder.auditKey)
    let records = try Records.examine(folder.records, migrations: Store.migrations)
    let verification = Verification(
      records: records, keys: [key], origin: key.name,
      openChunks: invocation.has("--image") ? .allowed : .ofLiveProcess,
      pace: try invocation.number("--pace", in: 1...1_000_000))
    let report = try verification.run { done, total in
      Terminal.progress("certificates", done, of: total)
    }
    try invocation.show(report) { text(of: report) }
    return report.isSound ? .done : .faults
  }

  private static func text(of report: VerificationReport) -> String {
    let counts = report.counts
    var lines = report.faults.map(\.description)
    if report.faults.count < report.faultCount {
      lines.append("and \(report.faultCount - report.faults.count) more")
    }
    let open = counts.openChunks > 0 ? ", \(counts.openChunks) open" : ""
    return
      (lines + [
        Table.pairs([
          ("estate", report.estate),
          ("audit", "\(counts.entries) entries, \(counts.checkpoints) signed checkpoints"),
          ("root", report.auditRoot), ("rows", "\(counts.keptRows) agree with their entry"),
          ("issuing", "\(counts.lodgedChunks) chunks lodged, \(counts.voidedChunks) voided\(open)"),
          (
            "certificates",
            "\(counts.soundCertificates) of \(counts.certificates) sound, "
              + "\(report.certificatesPerSecond) a second"
          ),
          ("verdict", report.isSound ? "SOUND" : "\(report.faultCount) FAULTS"),
        ])
      ]).joined(separator: "\n")
  }
}
