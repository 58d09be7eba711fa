// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
package import Records
package import SEC

/// The meetings of the PMA: who was told, who came and went, and whether business could be done.
package struct Meetings: Sendable {
  let records: Records
  let membership: Membership
  let rules: ProceedingRules
  private let calendar: WorkingDays

  /// The meetings that these records hold.
  package init(
    records: Records, rules: ProceedingRules = ProceedingRules(),
    calendar: WorkingDays = WorkingDays()
  ) {
    self.records = records
    self.rules = rules
    self.calendar = calendar
    membership = Membership(records: records, rules: rules)
  }

  /// L1.15: gives notice of a meeting with its agenda; the standing attendees are invited with it
  /// (L1.14(a), L1.14(a)@2014, C3-66).
  package func convene(
    _ id: String, at held: Time, place: String, agenda: [AgendaItem], shortNotice: String = "",
    at moment: Time, by actor: Actor
  ) throws {
    try Refusal.check(identifier: id, of: "meeting")
    guard !agenda.isEmpty else { throw Refusal.noAgenda(id) }
    let days = calendar.count(after: Day(moment), through: Day(held))
    guard held > moment, days >= rules.noticeWorkingDays || !shortNotice.isEmpty else {
      throw Refusal.noticeTooShort(days, rules.noticeWorkingDays)
    }
    let entry = Entry(
      actor, "pma-meeting-convened", clause: "L1.15", at: moment,
      facts: ["subject": id, "held": held.rfc3339, "items": String(agenda.count)])
    try records.write(entry) { transaction in
      guard try GovernanceRecords.findMeeting(id, in: transaction) == nil else {
        throw Refusal.meetingExists(id)
      }
      try GovernanceRecords.keep(
        Meeting(
          id: id, held: held, notified: moment, place: place, shortNotice: shortNotice,
          opened: nil, closed: nil, published: nil), in: transaction)
      let organisations = try GovernanceRecords.organisations(in: transaction)
      for item in agenda {
        // R2-26: of a name that nobody knows no conflict could be found.
        guard item.subject.isEmpty || organisations[item.subject] != nil else {
          throw Refusal.organisationUnknown(item.subject, "R2-26")
        }
        try GovernanceRecords.keep(item, of: id, in: transaction)
      }
      // The date of the meeting chooses the constitution, whatever holds at its notice.
      let board = try membership.board(on: Day(held), in: transaction)
      for invitee in Self.standing(board) {
        try GovernanceRecords.keep(invitee, of: id, in: transaction)
      }
    }
  }

  /// L1.14(a): those who are invited to every meeting, with their right to speak.
  static func standing(_ board: Board) -> [Invitee] {
    let capacities: [Seat.Name: Invitee.Capacity] = [
      .dcc: .dcc, .specialist: .specialist, .ofgem: .ofgem, .government: .government,
    ]
    return board.constitution.seats.filter { !$0.isMember }.compactMap { seat in
      capacities[seat.name].map { capacity in
        Invitee(
          name: board.holders[seat.name] ?? "\(seat.title) representative", capacity: capacity,
          maySpeak: board.constitution.speaking.contains(seat.name), clause: seat.clause)
      }
    }
  }

  /// L1.14(b), R2-29-o, C3-63: the Chair invites somebody, who has no vote.
  package func invite(
    _ name: String, as capacity: Invitee.Capacity, to id: String, by chair: String,
    at moment: Time, by actor: Actor
  ) throws {
    let clause: Clause =
      switch capacity {
      case .assuranceProvider: "L1.14(b)(i)"
      case .deviceManufacturer: "L1.14(b)(ii)"
      case .legalAdviser: "L1.14(b)(iii)"
      case .user: "R2-30"
      default: "L1.14(b)"
      }
    let entry = Entry(
      actor, "pma-invited", clause: clause, at: moment,
      facts: ["subject": id, "name": name, "invited-by": chair])
    try records.write(entry) { transaction in
      let meeting = try GovernanceRecords.meeting(id, in: transaction)
      guard meeting.closed == nil else { throw Refusal.meetingStage(meeting, "not closed") }
      let board = try membership.board(on: Day(moment), in: transaction)
      guard board.holders[.chair] == chair || board.alternates[.chair] == chair else {
        throw Refusal.onlyChairInvites(chair)
      }
      try GovernanceRecords.keep(
        Invitee(name: name, capacity: capacity, maySpeak: false, clause: clause), of: id,
        in: transaction)
    }
  }

  /// Opens a meeting; whether business can be done is asked at each piece of it.
  package func open(_ id: String, at moment: Time, by actor: Actor) throws {
    let entry = Entry(
      actor, "pma-meeting-opened", clause: "L1.15", at: moment, facts: ["subject": id])
    try records.write(entry) { transaction in
      let meeting = try GovernanceRecords.meeting(id, in: transaction)
      guard meeting.opened == nil, moment >= meeting.held else {
        throw Refusal.meetingStage(meeting, "convened, and its time has come")
      }
      try GovernanceRecords.keep(meeting.changed(opened: moment), in: transaction)
    }
  }

  /// L1.13: somebody comes; nothing is entered later than it happened.
  package func arrive(
    _ person: String, to id: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-arrived", clause: "L1.13", at: moment, facts: ["subject": id, "person": person])
    try records.write(entry) { transaction in
      try openMeeting(id, in: transaction)
      _ = try membership.known(person, in: transaction)
      guard try !present(at: moment, in: id, transaction).contains(person) else {
        throw Refusal.alreadyThere(person)
      }
      try GovernanceRecords.keep(
        GovernanceRecords.Presence(person: person, came: moment, left: nil), of: id,
        in: transaction)
    }
  }

  /// L1.13: somebody goes.
  package func leave(_ person: String, from id: String, at moment: Time, by actor: Actor) throws {
    let entry = Entry(
      actor, "pma-went", clause: "L1.13", at: moment, facts: ["subject": id, "person": person])
    try records.write(entry) { transaction in
      try openMeeting(id, in: transaction)
      let presence = try GovernanceRecords.presences(of: id, in: transaction).last {
        $0.person == person && $0.left == nil
      }
      guard let presence else { throw Refusal.notThere(person) }
      try GovernanceRecords.keep(
        GovernanceRecords.Presence(person: person, came: presence.came, left: moment), of: id,
        in: transaction)
    }
  }

  /// R2-26: a Member stands aside from an item.
  package func declare(
    _ person: String, conflictIn item: Int, of id: String, reason: String, at moment: Time,
    by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-conflict-declared", clause: "R2-26", at: moment,
      facts: ["subject": id, "item": String(item), "person": person])
    try records.write(entry) { transaction in
      let meeting = try GovernanceRecords.meeting(id, in: transaction)
      guard meeting.closed == nil else { throw Refusal.meetingStage(meeting, "not closed") }
      _ = try GovernanceRecords.item(item, of: id, in: transaction)
      _ = try membership.known(person, in: transaction)
      try transaction.keep(
        GovernanceRecords.conflict,
        [.text(id), .int(Int64(item)), .text(person), .text(reason)])
    }
  }

  @discardableResult
  func openMeeting(_ id: String, in reading: some Querying) throws -> Meeting {
    let meeting = try GovernanceRecords.meeting(id, in: reading)
    guard meeting.isOpen else { throw Refusal.meetingStage(meeting, "open") }
    return meeting
  }

  func present(
    at moment: Time, in id: String, _ reading: some Querying
  ) throws -> Set<String> {
    Set(
      try GovernanceRecords.presences(of: id, in: reading).filter {
        $0.came <= moment && $0.left.map { moment < $0 } ?? true
      }.map(\.person))
  }

  /// L1.13, R2-26: the quorum for an item at a moment: conflicted Members do not count.
  ///
  /// `concerned` are organisations that a motion is about, beside that of the item.
  func quorum(
    for item: AgendaItem, concerning concerned: Set<String> = [], of id: String, at moment: Time,
    in reading: some Querying
  ) throws -> Quorum {
    let board = try membership.board(on: Day(moment), in: reading)
    let seats = board.representation(of: try present(at: moment, in: id, reading))
    let declared = try GovernanceRecords.conflicted(in: item.number, of: id, reading)
    let people = try GovernanceRecords.people(in: reading)
    let organisations = try GovernanceRecords.organisations(in: reading)
    let excused = seats.filter { seat in
      guard !declared.contains(seat.value) else { return true }
      return Board.isAffiliate(
        people[seat.value]?.employer ?? "", ofAny: concerned.union([item.subject]), organisations)
    }
    return Quorum(
      counted: seats.filter { excused[$0.key] == nil }, excused: Set(excused.values).sorted())
  }

  /// L1.13: the quorum for an item at a moment.
  package func quorum(item number: Int, of id: String, at moment: Time) throws -> Quorum {
    try records.read { reading in
      try quorum(
        for: GovernanceRecords.item(number, of: id, in: reading), of: id, at: moment, in: reading)
    }
  }

  /// Every meeting, oldest first.
  package func all() throws -> [Meeting] {
    try records.read { try GovernanceRecords.meetings(in: $0) }
  }

  /// The agenda of a meeting, with its minutes.
  package func items(of id: String) throws -> [AgendaItem] {
    try records.read { try GovernanceRecords.items(of: id, in: $0) }
  }

  /// Who was invited to a meeting besides the Members.
  package func invitees(of id: String) throws -> [Invitee] {
    try records.read { try GovernanceRecords.invitees(of: id, in: $0) }
  }

  /// R2-26: who stood aside from an item, and why.
  package func conflicts(in item: Int, of id: String) throws -> [(person: String, reason: String)] {
    try records.read { reading in
      try reading.query(
        """
        SELECT person, reason FROM pma_conflict WHERE meeting = \(id) AND item = \(item)
        ORDER BY person
        """
      ).map { (try $0.text("person"), try $0.text("reason")) }
    }
  }

  /// Who came and went: person, from, to.
  package func attendance(of id: String) throws -> [(person: String, came: Time, left: Time?)] {
    try records.read { reading in
      try GovernanceRecords.presences(of: id, in: reading).map { ($0.person, $0.came, $0.left) }
    }
  }
}
