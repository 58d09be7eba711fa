// SPDX-License-Identifier: Apache-2.0

package import DER
package import Records

/// L4.2: Planned Maintenance of an interface, entered before it began.
package struct PlannedMaintenance: Hashable, Sendable {
  /// Its number, and the interface.
  package let number: Int
  package let interface: Availability.Interface
  /// From when until when; the end that counts, earlier than the planned one if it was ended.
  package let span: Availability.Span
  package let plannedUntil: Time
  /// Why, when it was entered, and by whom.
  package let reason: String
  package let entered: Time
  package let officer: String
}

/// A time in which a node served an interface.
package struct ServedSpan: Hashable, Sendable {
  /// Its number, the interface, and the node.
  package let number: Int
  package let interface: Availability.Interface
  package let node: String
  /// Since when, and until when; nil while it goes on.
  package let since: Time
  package let until: Time?
}

/// The tables of availability; nobody else reads or writes them.
package enum AvailabilityRecords {
  /// When nodes served which interface.
  package static let served = KeptTable(
    "served_span", key: ["id"], columns: ["interface", "node", "since", "until"],
    changesStanding: false)
  /// L4.2: Planned Maintenance.
  package static let planned = KeptTable(
    "planned_maintenance", key: ["id"],
    columns: ["interface", "since", "until", "planned_until", "reason", "entered", "officer"],
    changesStanding: false)

  /// Every kept table of availability.
  package static let tables = [served, planned]

  /// The tables' definitions.
  package static let migrations = [
    Migration(
      name: "service-availability",
      statements: [
        """
        CREATE TABLE served_span (
          id BIGINT NOT NULL PRIMARY KEY, interface TEXT NOT NULL, node TEXT NOT NULL,
          since BIGINT NOT NULL, until BIGINT)
        """,
        """
        CREATE TABLE planned_maintenance (
          id BIGINT NOT NULL PRIMARY KEY, interface TEXT NOT NULL, since BIGINT NOT NULL,
          until BIGINT NOT NULL, planned_until BIGINT NOT NULL, reason TEXT NOT NULL,
          entered BIGINT NOT NULL, officer TEXT NOT NULL)
        """,
      ])
  ]

  static func keep(_ it: ServedSpan, in transaction: Transaction) throws {
    try transaction.keep(
      served,
      [
        .int(Int64(it.number)), .text(it.interface.rawValue), .text(it.node),
        .int(it.since.milliseconds), it.until.map { .int($0.milliseconds) } ?? .null,
      ])
  }

  /// Writes that a node serves an interface from now on.
  static func begin(
    _ interface: Availability.Interface, _ node: String, since: Time, in transaction: Transaction
  ) throws -> ServedSpan {
    let last = try transaction.first("SELECT MAX(id) AS last FROM served_span")
    let span = ServedSpan(
      number: (try last?.optionalInt("last") ?? 0) + 1, interface: interface, node: node,
      since: since, until: nil)
    try keep(span, in: transaction)
    return span
  }

  /// Writes until when a node served.
  static func end(_ span: ServedSpan, at moment: Time, in transaction: Transaction) throws {
    try keep(
      ServedSpan(
        number: span.number, interface: span.interface, node: span.node, since: span.since,
        until: max(span.since, moment)), in: transaction)
  }

  static func keep(_ it: PlannedMaintenance, in transaction: Transaction) throws {
    try transaction.keep(
      planned,
      [
        .int(Int64(it.number)), .text(it.interface.rawValue), .int(it.span.from.milliseconds),
        .int(it.span.until.milliseconds), .int(it.plannedUntil.milliseconds), .text(it.reason),
        .int(it.entered.milliseconds), .text(it.officer),
      ])
  }

  /// Times of service that nobody has written the end of, of one node or of all.
  static func open(of node: String?, in reading: some Querying) throws -> [ServedSpan] {
    try spans("WHERE until IS NULL ORDER BY id", in: reading).filter {
      node == nil || $0.node == node
    }
  }

  static func spans(_ part: SQL, in reading: some Querying) throws -> [ServedSpan] {
    try reading.query("SELECT id, interface, node, since, until FROM served_span \(part)").map {
      ServedSpan(
        number: try $0.int("id"), interface: try interface($0), node: try $0.text("node"),
        since: try $0.time("since"), until: try $0.optionalTime("until"))
    }
  }

  /// Every Planned Maintenance, in the order in which it was entered.
  package static func maintenance(in reading: some Querying) throws -> [PlannedMaintenance] {
    try reading.query(
      """
      SELECT id, interface, since, until, planned_until, reason, entered, officer
      FROM planned_maintenance ORDER BY id
      """
    ).map {
      PlannedMaintenance(
        number: try $0.int("id"), interface: try interface($0),
        span: Availability.Span(from: try $0.time("since"), until: try $0.time("until")),
        plannedUntil: try $0.time("planned_until"), reason: try $0.text("reason"),
        entered: try $0.time("entered"), officer: try $0.text("officer"))
    }
  }

  /// L4.2: the availability of an interface in a period; what still goes on counts until `now`.
  package static func availability(
    of interface: Availability.Interface, in period: Availability.Span, now: Time,
    reading: some Querying
  ) throws -> Availability {
    let part: SQL =
      """
      WHERE interface = \(interface.rawValue) AND since < \(period.until.milliseconds)
        AND (until IS NULL OR until > \(period.from.milliseconds))
      """
    return Availability(
      of: period,
      served: try spans(part, in: reading).map {
        Availability.Span(from: $0.since, until: $0.until ?? now)
      },
      planned: try maintenance(in: reading).filter { $0.interface == interface }.map(\.span))
  }

  private static func interface(_ row: Row) throws -> Availability.Interface {
    guard let interface = Availability.Interface(rawValue: try row.text("interface")) else {
      throw DatabaseError.damaged("interface")
    }
    return interface
  }
}
