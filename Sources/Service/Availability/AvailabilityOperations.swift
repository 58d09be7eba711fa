// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Duties
package import Records
package import SEC

/// L4.2, L6.2: enters Planned Maintenance before it begins.
package struct PlanMaintenance: ControlRequest {
  /// The interface as `Availability.Interface` writes it, both ends, and why.
  package let interface: String
  package let from: String
  package let until: String
  package let reason: String

  package static let name = "maintenance-plan"
  package static let role = Actor.Role.operatorOfSystem

  /// The number by which it can be ended.
  package struct Answer: Codable, Sendable {
    /// The number.
    package let number: Int
  }

  /// Maintenance of an interface.
  package init(interface: String, from: String, until: String, reason: String) {
    self.interface = interface
    self.from = from
    self.until = until
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let now = node.clock()
    let interface = try Control.word(interface, Availability.Interface.init, "interface")
    let (from, until) = (
      try Control.moment(from, "from"),
      try Control.moment(until, "until")
    )
    guard from < until else { throw Refusal.maintenancePeriod(from, until) }
    guard from >= now else { throw Refusal.maintenanceNotAhead(from, now: now) }
    let reason = reason
    let entry = Entry(
      officer, "maintenance-planned", clause: interface.clause, at: now,
      facts: [
        "interface": interface.rawValue, "from": from.rfc3339, "until": until.rfc3339,
        "reason": String(reason.prefix(200)),
      ])
    return try node.records.write(entry) { transaction in
      let last = try transaction.first("SELECT MAX(id) AS last FROM planned_maintenance")
      let number = (try last?.optionalInt("last") ?? 0) + 1
      try AvailabilityRecords.keep(
        PlannedMaintenance(
          number: number, interface: interface,
          span: Availability.Span(from: from, until: until), plannedUntil: until, reason: reason,
          entered: now, officer: officer.name), in: transaction)
      return Answer(number: number)
    }
  }
}

/// L4.2: ends Planned Maintenance before its time, or calls it off.
package struct EndMaintenance: ControlRequest {
  /// Its number, and why.
  package let number: Int
  package let reason: String

  package static let name = "maintenance-end"
  package static let role = Actor.Role.operatorOfSystem

  /// Maintenance that is over.
  package init(number: Int, reason: String) {
    self.number = number
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let (now, number) = (node.clock(), number)
    let entry = Entry(
      officer, "maintenance-ended", clause: "L4.2", at: now,
      facts: ["number": "\(number)", "reason": String(reason.prefix(200))])
    try node.records.write(entry) { transaction in
      let all = try AvailabilityRecords.maintenance(in: transaction)
      guard let it = all.first(where: { $0.number == number }) else {
        throw Refusal.maintenanceUnknown(number)
      }
      guard now < it.span.until else { throw Refusal.maintenanceOver(number, it.span.until) }
      try AvailabilityRecords.keep(
        PlannedMaintenance(
          number: number, interface: it.interface,
          span: Availability.Span(from: it.span.from, until: now),
          plannedUntil: it.plannedUntil, reason: it.reason, entered: it.entered,
          officer: it.officer), in: transaction)
    }
    return Done(by: officer)
  }
}

extension Configuration {
  /// L4.2(a), L6.2(a): when SMKI Services had to be provided first; nil until it is configured.
  package var servicesBegin: Time? { servicesStart.flatMap { Day($0) }?.begins }

  /// L4.2, L4.2(a), L6.2, L6.2(a): the availability of an interface, counted from the start of SMKI
  /// Services on.
  ///
  /// - Throws: `services-start-open`, `services-not-started`.
  package func availability(
    of interface: Availability.Interface, from: Time?, until: Time?, now: Time, in records: Records
  ) throws -> Availability {
    guard let start = servicesBegin else { throw Refusal.servicesStartOpen() }
    let until = min(until ?? now, now)
    guard start < until else { throw Refusal.servicesNotStarted(start, until: until) }
    let period = Availability.Span(from: max(from ?? start, start), until: until)
    return try records.read {
      try AvailabilityRecords.availability(of: interface, in: period, now: now, reading: $0)
    }
  }
}
