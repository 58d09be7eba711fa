// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
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
        "--key", "FILE", "the log's public key; by default authorities/audit.vkey of the estate")
    ], example: "smki verify --estate var"
  ) { invocation in
    let folder = invocation.folder
    _ = try Opening.configuration(of: folder)
    let key = try AuditKey.read(invocation.value("--key") ?? folder.auditKey)
    let records = try Records.examine(folder.records, migrations: Store.migrations)
    let report = try records.verifyAudit(keys: [key], origin: key.name)
    let faults = report.faults.map(\.description)
    let shown = VerifyResult(
      entries: report.entries, checkpoints: report.checkpoints, root: Hex.encode(report.root),
      faultCount: report.faultCount, faults: faults)
    try invocation.show(shown) {
      (faults + [
        "\(report.entries) entries and \(report.checkpoints) checkpoints, root \(shown.root)",
        report.isSound ? "sound" : "\(report.faultCount) FAULTS",
      ]).joined(separator: "\n")
    }
    return report.isSound ? .done : .faults
  }
}

/// What a verification found.
private struct VerifyResult: Encodable {
  let entries: Int
  let checkpoints: Int
  let root: String
  let faultCount: Int
  let faults: [String]
}
