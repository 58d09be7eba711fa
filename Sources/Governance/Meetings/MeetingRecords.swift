// SPDX-License-Identifier: Apache-2.0

import DER
import Records
import SEC

/// Reading and writing of meetings.
extension GovernanceRecords {
  static func meetings(in reading: some Querying) throws -> [Meeting] {
    try reading.query(
      """
      SELECT id, held, notified, place, short_notice, opened, closed, published FROM pma_meeting
      ORDER BY held, id
      """
    ).map { row in
      Meeting(
        id: try row.text("id"), held: try row.time("held"), notified: try row.time("notified"),
        place: try row.text("place"), shortNotice: try row.text("short_notice"),
        opened: try row.optionalTime("opened"), closed: try row.optionalTime("closed"),
        published: try row.optionalTime("published"))
    }
  }

  static func meeting(_ id: String, in reading: some Querying) throws -> Meeting {
    guard let meeting = try meetings(in: reading).first(where: { $0.id == id }) else {
      throw Refusal.meetingUnknown(id)
    }
    return meeting
  }

  static func keep(_ meeting: Meeting, in transaction: Transaction) throws {
    try transaction.keep(
      Self.meeting,
      [
        .text(meeting.id), .time(meeting.held), .time(meeting.notified), .text(meeting.place),
        .text(meeting.shortNotice), .time(meeting.opened), .time(meeting.closed),
        .time(meeting.published),
      ])
  }

  static func items(of meeting: String, in reading: some Querying) throws -> [AgendaItem] {
    try reading.query(
      """
      SELECT number, title, subject, is_confidential, minute, confidential_minute FROM pma_item
      WHERE meeting = \(meeting) ORDER BY number
      """
    ).map { row in
      AgendaItem(
        number: try row.int("number"), title: try row.text("title"),
        subject: try row.text("subject"), isConfidential: try row.bool("is_confidential"),
        minute: try row.text("minute"), confidentialMinute: try row.text("confidential_minute"))
    }
  }

  static func item(
    _ number: Int, of meeting: String, in reading: some Querying
  ) throws -> AgendaItem {
    guard let item = try items(of: meeting, in: reading).first(where: { $0.number == number })
    else { throw Refusal.itemUnknown(number, meeting) }
    return item
  }

  static func keep(
    _ item: AgendaItem, of meeting: String, in transaction: Transaction
  ) throws {
    try transaction.keep(
      Self.item,
      [
        .text(meeting), .int(Int64(item.number)), .text(item.title), .text(item.subject),
        .bool(item.isConfidential), .text(item.minute), .text(item.confidentialMinute),
      ])
  }

  static func invitees(of meeting: String, in reading: some Querying) throws -> [Invitee] {
    try reading.query(
      """
      SELECT name, capacity, may_speak, clause FROM pma_invitee WHERE meeting = \(meeting)
      ORDER BY name
      """
    ).map { row in
      Invitee(
        name: try row.text("name"), capacity: try row.word("capacity"),
        maySpeak: try row.bool("may_speak"), clause: Clause(try row.text("clause")))
    }
  }

  static func keep(
    _ invitee: Invitee, of meeting: String, in transaction: Transaction
  ) throws {
    try transaction.keep(
      Self.invitee,
      [
        .text(meeting), .text(invitee.name), .text(invitee.capacity.rawValue),
        .bool(invitee.maySpeak), .text(invitee.clause.id),
      ])
  }

  /// Somebody's coming and going, once.
  struct Presence {
    let person: String
    let came: Time
    let left: Time?
  }

  static func presences(of meeting: String, in reading: some Querying) throws -> [Presence] {
    try reading.query(
      """
      SELECT person, came, left_at FROM pma_presence WHERE meeting = \(meeting)
      ORDER BY came, person
      """
    ).map { row in
      Presence(
        person: try row.text("person"), came: try row.time("came"),
        left: try row.optionalTime("left_at"))
    }
  }

  static func keep(
    _ presence: Presence, of meeting: String, in transaction: Transaction
  ) throws {
    try transaction.keep(
      Self.presence,
      [.text(meeting), .text(presence.person), .time(presence.came), .time(presence.left)])
  }

  static func conflicted(
    in item: Int, of meeting: String, _ reading: some Querying
  ) throws -> Set<String> {
    Set(
      try reading.query(
        "SELECT person FROM pma_conflict WHERE meeting = \(meeting) AND item = \(item)"
      ).map { try $0.text("person") })
  }
}
