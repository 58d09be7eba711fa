// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Records
import SEC
import Service

extension Command {
  static let deviceLimit = Command(
    name: "device limit", summary: "let a device have more than 100 certificates, after a look",
    operands: [Operand(name: "EUI64", summary: "the device")],
    options: [
      .required("--certificates", "N", "how many it may have, more than 100"),
      .required("--reason", "TEXT", "why, in words"),
    ],
    example: "smki device limit 5A-4D-4B-49-00-00-10-00 --certificates 120 --reason 'ticket 17'"
  ) { invocation in
    guard let count = try invocation.number("--certificates", in: 1...1_000_000) else {
      throw UsageError("--certificates is missing", invocation.command)
    }
    return try invocation.perform(
      RaiseDeviceLimit(
        device: invocation.entity(invocation.operands[0]).description, certificates: count,
        reason: invocation.required("--reason")))
  }

  static let deviceAnomalies = Command(
    name: "device anomalies",
    summary: "list devices at which requests were refused for the number of certificates",
    notes: """
      The hundred and first certificate of a device waits for an officer (M8-2.3.1.8), who looks \
      (device show) and raises the limit (device limit); the party then asks again. The last one \
      asked for stands first.
      """,
    options: [.flag("--all", "also those whose limit was raised since")],
    example: "smki device anomalies"
  ) { invocation in
    let opening = try Opening(invocation)
    defer { opening.records.close() }
    let found = try AuthorityRecords.anomalies(in: opening.records).filter {
      $0.isWaiting || invocation.has("--all")
    }
    try invocation.show(found.map(AnomalyRow.init)) {
      found.isEmpty
        ? "no device waits for an officer"
        : Table(
          headings: [
            "device", "party", "refused", "first", "last", "certificates", "limit", "state",
          ],
          rows: found.map(AnomalyRow.init).map { row in
            [
              row.device, row.party, "\(row.refused)", String(row.first.prefix(16)),
              String(row.last.prefix(16)), "\(row.certificates)", "\(row.limit)",
              row.isWaiting ? "waits" : "raised",
            ]
          }
        ).text()
    }
    return .done
  }
}

/// One line of the list of anomalies.
private struct AnomalyRow: Encodable {
  let device: String
  let party: String
  let refused: Int
  let first: String
  let last: String
  let certificates: Int
  let limit: Int
  let isWaiting: Bool

  init(_ anomaly: IssuanceAnomaly) {
    device = anomaly.device.description
    party = anomaly.party
    refused = anomaly.times
    first = anomaly.first.rfc3339
    last = anomaly.last.rfc3339
    certificates = anomaly.certificates
    limit = anomaly.limit
    isWaiting = anomaly.isWaiting
  }
}
