// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Records
import SEC
import Service

extension Command {
  private static let interfaces = Availability.Interface.allCases.map(\.rawValue)

  static let availability = Command(
    name: "availability",
    summary: "say how much of a period an interface was available, and list its outages",
    notes: """
      Planned Maintenance counts neither way; nothing before servicesStart of estate.json counts, \
      nor, without --from, what lies before the founding of a test estate. \
      A node looks every ten seconds whether it can do its work.
      """,
    options: [
      .required("--interface", "INTERFACE", "which interface", words: interfaces),
      .value("--from", "DAY", "from this day or moment on; by default from the start of services"),
      .value("--until", "DAY", "until then; by default until now"),
    ],
    example: "smki availability --interface service --from 2026-11-01 --until 2026-12-01"
  ) { invocation in
    let opening = try Opening(invocation)
    let name = try invocation.required("--interface")
    guard let interface = Availability.Interface(rawValue: name) else {
      throw UsageError("there is no interface \(name)", invocation.command)
    }
    let found = try opening.configuration.availability(
      of: interface, from: invocation.time("--from") ?? opening.begun,
      until: invocation.time("--until"), now: try opening.now(), in: opening.records)
    let row = AvailabilityRow(found, of: interface)
    try invocation.show(row) {
      let outages = Table(
        headings: ["from", "until", "seconds"],
        rows: row.outages.map { [$0.from, $0.until, "\($0.seconds)"] })
      return "\(name): \(row.percent ?? "-") % from \(row.from) until \(row.until), "
        + "\(row.plannedSeconds) seconds of Planned Maintenance set aside\n\n\(outages.text())"
    }
    return .done
  }

  static let maintenancePlan = Command(
    name: "maintenance plan", summary: "enter Planned Maintenance of an interface, ahead of it",
    options: [
      .required("--interface", "INTERFACE", "which interface", words: interfaces),
      .required("--from", "TIME", "when it begins, such as 2026-12-01T20:00:00Z"),
      .required("--until", "TIME", "when it ends"),
      .required("--reason", "TEXT", "why"),
    ],
    example: """
      smki maintenance plan --interface service --from 2026-12-01T20:00:00Z \
      --until 2026-12-01T22:00:00Z --reason 'new version'
      """
  ) { invocation in
    guard let from = try invocation.time("--from"), let until = try invocation.time("--until")
    else { throw UsageError("--from and --until are missing", invocation.command) }
    let answer = try Channel(invocation: invocation).perform(
      PlanMaintenance(
        interface: invocation.required("--interface"), from: from.rfc3339, until: until.rfc3339,
        reason: invocation.required("--reason")))
    try invocation.show(answer) { "maintenance \(answer.number)" }
    return .done
  }

  static let maintenanceEnd = Command(
    name: "maintenance end", summary: "end Planned Maintenance early, or call it off",
    operands: [Operand(name: "NUMBER", summary: "its number")],
    options: [.required("--reason", "TEXT", "why")],
    example: "smki maintenance end 3 --reason 'done early'"
  ) { invocation in
    guard let number = Int(invocation.operands[0]) else {
      throw UsageError("\(invocation.operands[0]) is no number", invocation.command)
    }
    return try invocation.perform(
      EndMaintenance(number: number, reason: invocation.required("--reason")))
  }

  static let maintenanceList = Command(
    name: "maintenance list", summary: "list Planned Maintenance", example: "smki maintenance list"
  ) { invocation in
    let rows = try Opening(invocation).records.read {
      try AvailabilityRecords.maintenance(in: $0).map(MaintenanceRow.init)
    }
    try invocation.show(rows) {
      Table(
        headings: ["number", "interface", "from", "until", "planned until", "by", "reason"],
        rows: rows.map {
          [
            "\($0.number)", $0.interface, String($0.from.prefix(16)),
            $0.until == $0.from ? "called off" : String($0.until.prefix(16)),
            String($0.plannedUntil.prefix(16)), $0.officer, $0.reason,
          ]
        }
      ).text()
    }
    return .done
  }
}

extension Opening {
  /// When a test estate was founded: nobody was promised anything before; nil for a live one.
  fileprivate var begun: Time? {
    get throws { estate.kind == .test ? try records.audit.entry(0).time : nil }
  }
}

/// An availability and its outages.
private struct AvailabilityRow: Encodable {
  struct Outage: Encodable {
    let from: String
    let until: String
    let seconds: Int64
  }

  let interface: String
  let from: String
  let until: String
  let percent: String?
  let plannedSeconds: Int64
  let lostSeconds: Int64
  let outages: [Outage]

  init(_ found: Availability, of interface: Availability.Interface) {
    self.interface = interface.rawValue
    from = found.period.from.rfc3339
    until = found.period.until.rfc3339
    percent = found.percent
    plannedSeconds = found.plannedMilliseconds / 1_000
    lostSeconds = found.lostMilliseconds / 1_000
    outages = found.outages.map {
      Outage(
        from: $0.from.rfc3339, until: $0.until.rfc3339, seconds: $0.milliseconds / 1_000)
    }
  }
}

/// Planned Maintenance in one line.
private struct MaintenanceRow: Encodable {
  let number: Int
  let interface: String
  let from: String
  let until: String
  let plannedUntil: String
  let officer: String
  let reason: String

  init(_ it: PlannedMaintenance) {
    number = it.number
    interface = it.interface.rawValue
    from = it.span.from.rfc3339
    until = it.span.until.rfc3339
    plannedUntil = it.plannedUntil.rfc3339
    officer = it.officer
    reason = it.reason
  }
}
