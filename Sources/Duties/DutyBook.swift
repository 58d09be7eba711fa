// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
package import SEC

/// What everybody owes: found in the audit, reported by people, discharged with evidence.
package struct DutyBook: Sendable {
  /// The most events of one audit entry: each row is a fact of it.
  static let eventsPerEntryMax = 200
  /// Entries of the audit that are looked through again and again before the place is kept.
  package static let entriesBetweenHarvests = 10_000

  private let records: Records
  private let calendar: WorkingDays

  /// The book that these records hold, counted in a calendar.
  package init(records: Records, calendar: WorkingDays = WorkingDays()) {
    self.records = records
    self.calendar = calendar
  }

  /// L1.17(s): enters an event of the world outside, after which something is owed.
  ///
  /// Its day may lie in the past, or to come where something is owed before it. What else the event
  /// sets in motion happens in the same transaction.
  package func report(
    _ name: String, of subject: String, on day: Day, reference: String, at moment: Time,
    by actor: Actor, also act: @escaping @Sendable (Transaction) throws -> Void = { _ in }
  ) throws {
    guard Duty.byEvent[name] != nil else { throw Refusal.eventUnknown(name) }
    let entry = Entry(
      actor, "duty-event-reported", clause: "L1.17(s)", at: moment,
      facts: [
        "event": name, "subject": subject, "day": day.description, "reference": reference,
      ])
    try records.write(entry) { transaction in
      let event = DutyEvent(
        position: transaction.auditIndex, name: name, subject: subject, day: day,
        reference: reference)
      try transaction.keep(
        DutyRecords.event, DutyRecords.Happening(event: event, actor: actor.name).values)
      try act(transaction)
    }
  }

  /// L1.17(s): reports that something owed was done.
  package func discharge(
    _ id: String, on day: Day, evidence: String, at moment: Time, by actor: Actor
  ) throws {
    let today = Day(moment)
    guard !evidence.isEmpty else { throw Refusal.evidenceUnusable("nothing") }
    guard day <= today else { throw Refusal.evidenceUnusable("\(day), which is to come") }
    let entry = Entry(
      actor, "duty-discharged", clause: "L1.17(s)", at: moment,
      facts: ["instance": id, "day": day.description, "evidence": evidence])
    try records.write(entry) { transaction in
      guard let instance = try instances(on: today).first(where: { $0.id == id }) else {
        throw Refusal.nothingOwed(id)
      }
      guard instance.discharge == nil else { throw Refusal.alreadyDischarged(instance) }
      try transaction.keep(
        DutyRecords.discharge,
        [
          .text(instance.duty.clause.id), .int(Int64(instance.event.position)),
          .int(Int64(instance.turn)), .int(Int64(day.number)), .text(evidence), .text(actor.name),
        ])
    }
  }

  /// Looks through what the audit has gained and keeps what duties speak of.
  ///
  /// Nothing is kept before the audit has gained so many entries: few are soon looked through.
  ///
  /// - Returns: how many events were found.
  @discardableResult
  package func harvest(
    at moment: Time, by actor: Actor, every count: Int = DutyBook.entriesBetweenHarvests
  ) throws -> Int {
    let first = try records.read { try DutyRecords.position(in: $0) }
    guard try records.audit.size - first >= count else { return 0 }
    let (found, position) = try newHappenings()
    var rest = found[...]
    repeat {
      let some = rest.prefix(Self.eventsPerEntryMax)
      rest = rest.dropFirst(some.count)
      let reached = rest.first?.event.position ?? position
      let entry = Entry(
        actor, "duties-harvested", clause: "L1.17(s)", at: moment,
        facts: ["events": String(some.count)])
      try records.write(entry) { transaction in
        for happening in some { try transaction.keep(DutyRecords.event, happening.values) }
        try transaction.keep(DutyRecords.cursor, [.int(0), .int(Int64(reached))])
      }
    } while !rest.isEmpty
    return found.count
  }

  /// Everything that is or was owed, by due day, then by clause.
  package func instances(on today: Day) throws -> [DutyInstance] {
    let stored = try records.read { reading in
      (
        try DutyRecords.happenings(in: reading), try DutyRecords.discharges(in: reading)
      )
    }
    let happenings = (stored.0 + (try newHappenings().found))
      .sorted { $0.event.position < $1.event.position }
    let begun = try records.audit.entries(from: 0, most: 1).first.map { Day($0.entry.time) }
    let acts = Dictionary(grouping: happenings.filter { Duty.byDischarge[$0.event.name] != nil }) {
      $0.event.name
    }
    var instances: [DutyInstance] = []
    for event in happenings.map(\.event) {
      for duty in Duty.byEvent[event.name] ?? [] where duty.isOwed(of: event.subject) {
        instances += self.instances(
          duty, event, from: begun, until: today, reported: stored.1,
          acts: acts[duty.dischargedBy] ?? [])
      }
    }
    return instances.sorted {
      ($0.due, $0.duty.clause.id, $0.event.position, $0.turn)
        < ($1.due, $1.duty.clause.id, $1.event.position, $1.turn)
    }
  }

  private func instances(
    _ duty: Duty, _ event: DutyEvent, from begun: Day?, until today: Day,
    reported: [String: Discharge], acts: [DutyRecords.Happening]
  ) -> [DutyInstance] {
    // What is owed before an event may be done before it was heard of.
    let suitable = acts.filter {
      ($0.event.position >= event.position || duty.deadline.count <= 0)
        && (event.subject.isEmpty || $0.event.subject == event.subject
          // A document without its version: the lodging of any will do.
          || (!duty.about.isEmpty && DutyEvent.isAbout(event.subject, $0.event.subject)))
    }
    // L5.7: what was incorporated before there was a Repository is owed from when there was one.
    let isOlder = duty.after == "document-incorporated"
    let day = isOlder ? max(event.day, begun ?? event.day) : event.day
    var instances: [DutyInstance] = []
    var turn = 1
    while true {
      let due = duty.deadline.due(after: day, turn: turn, in: calendar)
      let id = "\(duty.clause)/\(event.position)/\(turn)"
      let act = suitable.dropFirst(turn - 1).first
      let discharge =
        reported[id]
        ?? act.map {
          Discharge(
            day: $0.event.day, evidence: "audit entry \($0.event.position)", by: $0.actor)
        }
      instances.append(
        DutyInstance(duty: duty, event: event, turn: turn, due: due, discharge: discharge))
      guard duty.deadline.isRepeated, due < today else { return instances }
      turn += 1
    }
  }

  /// Which letters were sent.
  func sentNotices() throws -> Set<String> {
    try records.read { try DutyRecords.notices(in: $0) }
  }

  func calendarDay(before day: Day, by workingDays: Int) -> Day {
    calendar.adding(-workingDays, to: day)
  }

  func write(
    _ entry: Entry, _ body: @escaping @Sendable (Transaction) throws -> Void
  ) throws {
    try records.write(entry, body)
  }

  /// What the audit holds behind the place that was reached, and the place after it.
  private func newHappenings() throws -> (found: [DutyRecords.Happening], position: Int) {
    var position = try records.read { try DutyRecords.position(in: $0) }
    var found: [DutyRecords.Happening] = []
    while true {
      let entries = try records.audit.entries(from: position)
      for (index, entry) in entries
      where Duty.byEvent[entry.action] != nil || Duty.byDischarge[entry.action] != nil {
        let subject = entry.facts["subject"] ?? entry.facts["party"] ?? ""
        let event = DutyEvent(
          position: index, name: entry.action,
          // Where an act is of a sort for which more is owed, the sort stands before its subject.
          subject: entry.facts["sort"].map { "\($0) \(subject)" } ?? subject,
          day: entry.facts["day"].flatMap { Day($0) } ?? Day(entry.time),
          reference: entry.facts["evidence"] ?? entry.facts["reference"] ?? "audit entry \(index)")
        found.append(DutyRecords.Happening(event: event, actor: entry.actor))
      }
      guard let last = entries.last else { return (found, position) }
      position = last.index + 1
    }
  }
}
