// SPDX-License-Identifier: Apache-2.0

import Duties
import Records
import SEC

/// Reading and writing of seats and people.
extension GovernanceRecords {
  static func organisations(in reading: some Querying) throws -> [String: Organisation] {
    let rows = try reading.query(
      "SELECT id, name, category, corporate FROM pma_organisation ORDER BY id"
    ).map { row in
      Organisation(
        id: try row.text("id"), name: try row.text("name"), category: try row.word("category"),
        group: try row.text("corporate"))
    }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
  }

  static func people(in reading: some Querying) throws -> [String: Person] {
    let rows = try reading.query("SELECT id, name, kind, employer FROM pma_person ORDER BY id")
      .map { row in
        Person(
          id: try row.text("id"), name: try row.text("name"), kind: try row.word("kind"),
          employer: try row.text("employer"))
      }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
  }

  static func steps(
    of person: String, for seat: Seat.Name, in reading: some Querying
  ) throws -> [AppointmentStep: Day] {
    var steps: [AppointmentStep: Day] = [:]
    try reading.each(
      "SELECT step, day FROM pma_step WHERE seat = \(seat.rawValue) AND person = \(person)"
    ) { row in steps[try row.word("step")] = try row.day("day") }
    return steps
  }

  static func tenures(in reading: some Querying) throws -> [Tenure] {
    try reading.query(
      """
      SELECT seat, began, person, ends, basis, ended, reason, held_over FROM pma_tenure
      ORDER BY began, seat
      """
    ).map { row in
      Tenure(
        seat: try row.word("seat"), person: try row.text("person"), began: try row.day("began"),
        ends: try row.optionalDay("ends"), basis: try row.text("basis"),
        ended: try row.optionalDay("ended"), reason: try row.text("reason"),
        heldOverUntil: try row.optionalDay("held_over"))
    }
  }

  static func keep(_ tenure: Tenure, in transaction: Transaction) throws {
    try transaction.keep(
      Self.tenure,
      [
        .text(tenure.seat.rawValue), .day(tenure.began), .text(tenure.person), .day(tenure.ends),
        .text(tenure.basis), .day(tenure.ended), .text(tenure.reason),
        .day(tenure.heldOverUntil),
      ])
  }

  static func alternates(in reading: some Querying) throws -> [Alternate] {
    try reading.query(
      "SELECT seat, since, person, until, evidence FROM pma_alternate ORDER BY since, seat"
    ).map { row in
      Alternate(
        seat: try row.word("seat"), person: try row.text("person"), since: try row.day("since"),
        until: try row.optionalDay("until"), evidence: try row.text("evidence"))
    }
  }

  static func keep(_ alternate: Alternate, in transaction: Transaction) throws {
    try transaction.keep(
      Self.alternate,
      [
        .text(alternate.seat.rawValue), .day(alternate.since), .text(alternate.person),
        .day(alternate.until), .text(alternate.evidence),
      ])
  }
}
