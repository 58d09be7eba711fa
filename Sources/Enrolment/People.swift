// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
package import SEC

/// Persons who act for parties, and the officers of the Registration Authority.
extension Enrolment {
  /// Every person, by party and identifier.
  package func persons(of party: String? = nil) throws -> [EnrolledPerson] {
    try records.read { reading in
      guard let party else {
        return try EnrolmentRecords.persons("ORDER BY party, id", in: reading)
      }
      return try EnrolmentRecords.persons("WHERE party = \(party) ORDER BY id", in: reading)
    }
  }

  /// A person, or a refusal.
  package func person(_ id: String) throws -> EnrolledPerson {
    guard let person = try records.read({ try Self.person(id, in: $0) }) else {
      throw Refusal.personUnknown(id, nil)
    }
    return person
  }

  /// A person in a reading or writing that is under way, or nil.
  package static func person(_ id: String, in reading: some Querying) throws -> EnrolledPerson? {
    try EnrolmentRecords.persons("WHERE id = \(id)", in: reading).first
  }

  /// M4-ra-revoke-how: when the credentials of a registration officer were revoked, or nil.
  package func revocation(ofOfficer name: String) throws -> Time? {
    try records.read { reading in
      try reading.first("SELECT revoked FROM revoked_officer WHERE officer = \(name)")?
        .time("revoked")
    }
  }

  /// ENG-personal-data: everything that is or was known of a person or of those on a form.
  package func personalData(of subject: String) throws -> [PersonalDatum] {
    try records.read { try PersonalData.all(of: subject, in: $0) }
  }

  /// ENG-personal-data: until when what a person said is kept; nil while the person is active.
  package func keptUntil(_ datum: PersonalDatum) throws -> Time? {
    try records.read { try keptUntil(datum, in: $0) }
  }

  private func keptUntil(_ datum: PersonalDatum, in reading: some Querying) throws -> Time? {
    let days = terms.retentionDays[datum.kind] ?? EnrolmentTerms().retentionDays[datum.kind] ?? 0
    guard let person = try Self.person(datum.subject, in: reading) else {
      return datum.collected.adding(seconds: Int64(days) * 86_400)
    }
    return person.left?.adding(seconds: Int64(days) * 86_400)
  }

  /// ENG-personal-data: erases what a person said; the digests in the tree stay.
  ///
  /// - Returns: how many answers went.
  /// - Throws: `person-active` while the person acts for a party.
  @discardableResult
  package func erase(
    _ subject: String, because reason: String, at moment: Time, by officer: Actor
  ) throws -> Int {
    let entry = Entry(
      officer, "personal-data-erased", clause: "ENG-personal-data", at: moment,
      facts: ["subject": subject, "reason": reason])
    return try records.write(entry) { transaction in
      if let person = try Self.person(subject, in: transaction), person.isActive(at: moment) {
        throw Refusal.personActive(person)
      }
      let data = try PersonalData.all(of: subject, in: transaction).filter { $0.value != nil }
      guard !data.isEmpty else { throw Refusal.nothingKept(subject) }
      try PersonalData.erase(data, at: moment, in: transaction)
      return data.count
    }
  }

  /// ENG-personal-data: erases what has been kept long enough.
  ///
  /// - Returns: how many answers went.
  package func eraseOverdue(at moment: Time, by actor: Actor) throws -> Int {
    let due = try records.read { reading in
      try PersonalData.data(" WHERE d.erased IS NULL", in: reading).filter { datum in
        try keptUntil(datum, in: reading).map { $0 <= moment } ?? false
      }
    }
    // An entry has room for so many rows.
    let now = due.prefix(100)
    guard !now.isEmpty else { return 0 }
    let entry = Entry(
      actor, "personal-data-erased", clause: "ENG-personal-data", at: moment,
      facts: ["reason": "kept long enough"])
    try records.write(entry) { transaction in
      try PersonalData.erase(Array(now), at: moment, in: transaction)
    }
    return now.count
  }
}

/// A call to the Service Desk: who, how they were identified, what was done.
package struct DeskCall: Hashable, Sendable {
  /// Counted from 1, and when it came.
  package let id: Int
  package let moment: Time
  /// How it came: `telephone`, `e-mail`, `letter` or `visit`.
  package let channel: String
  /// For whom the caller speaks.
  package let party: String
  /// A person's identifier, or `other`, whose name lies outside the tree.
  package let caller: String
  /// How the caller was identified, or that the caller was not.
  package let identified: String
  package let request: String
  package let action: String
  package let officer: String

  /// P3-1.3-lodging: whether what the caller said agreed with the nomination form.
  package var isIdentified: Bool { identified.hasPrefix(Self.identifiedPrefix) }

  /// How the outcome of a check begins that agreed.
  static let identifiedPrefix = "identified: "
}

/// What an officer of the Service Desk notes of a call.
package struct DeskNote: Hashable, Sendable {
  /// P3-2.2-service-desk: the ways in which a call comes.
  package static let channels = ["telephone", "e-mail", "letter", "visit"]

  /// How the call came, and for whom the caller speaks.
  package var channel: String
  package var party: String
  /// The person's identifier; nil for somebody who is not enrolled.
  package var person: String?
  /// The name that somebody gave who is not enrolled.
  package var name: String?
  /// What the caller answered, by question of the nomination form.
  package var answers: [String: String]
  package var request: String
  package var action: String

  /// A note, whole.
  package init(
    channel: String, party: String, person: String?, name: String?, answers: [String: String],
    request: String, action: String
  ) {
    self.channel = channel
    self.party = party
    self.person = person
    self.name = name
    self.answers = answers
    self.request = request
    self.action = action
  }
}

extension Enrolment {
  /// P3-2.2-service-desk: keeps a call, and says whether the caller was identified.
  package func log(_ note: DeskNote, at moment: Time, by officer: Actor) throws -> DeskCall {
    guard DeskNote.channels.contains(note.channel), !note.request.isEmpty, !note.action.isEmpty
    else { throw Refusal.deskNote(note.channel) }
    let entry = Entry(
      officer, "service-desk-call", clause: "P3-2.2-service-desk", at: moment,
      facts: ["party": note.party])
    return try records.write(entry) { [self] transaction in
      let id = try EnrolmentRecords.nextNumber(of: EnrolmentRecords.call, in: transaction)
      let call = DeskCall(
        id: id, moment: moment, channel: note.channel, party: note.party,
        caller: note.person ?? "other",
        identified: try identification(note, at: moment, in: transaction), request: note.request,
        action: note.action, officer: officer.name)
      try transaction.keep(
        EnrolmentRecords.call,
        [
          .int(Int64(id)), .int(moment.milliseconds), .text(call.channel), .text(call.party),
          .text(call.caller), .text(call.identified), .text(call.request), .text(call.action),
          .text(call.officer),
        ])
      if let name = note.name {
        try PersonalData.keep(
          [("name", [name])], source: "call-\(id)", subject: "call-\(id)", kind: .call,
          at: moment, salt: random, in: transaction)
      }
      return call
    }
  }

  /// P3-1.3-lodging: compares what a caller says with the nomination form.
  private func identification(
    _ note: DeskNote, at moment: Time, in transaction: Transaction
  ) throws -> String {
    guard let id = note.person else { return "not identified: not enrolled" }
    guard let person = try Self.person(id, in: transaction), person.party == note.party else {
      throw Refusal.personUnknown(id, note.party)
    }
    guard person.isActive(at: moment) else { return "not identified: no longer active" }
    let known = try PersonalData.all(of: id, in: transaction)
    let agreeing = note.answers.filter { field, answer in
      known.contains { $0.field == field && $0.value.map { Self.agree($0, answer) } ?? false }
    }
    guard agreeing.count == note.answers.count, agreeing.count >= terms.answersMin else {
      return "not identified: \(agreeing.count) of \(note.answers.count) answers agree"
    }
    return "\(DeskCall.identifiedPrefix)\(agreeing.count) answers agree"
  }

  /// Letters and digits, in either case: how something is spoken is not how it is written.
  private static func agree(_ known: String, _ said: String) -> Bool {
    func bare(_ text: String) -> [Character] {
      text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    return !bare(said).isEmpty && bare(known) == bare(said)
  }

  /// Every call, the newest last.
  package func calls(of party: String? = nil) throws -> [DeskCall] {
    try records.read { reading in
      try reading.query(
        """
        SELECT id, moment, channel, party, caller, identified, request, action, officer
        FROM desk_call ORDER BY id
        """
      ).map { row in
        DeskCall(
          id: try row.int("id"), moment: try row.time("moment"), channel: try row.text("channel"),
          party: try row.text("party"), caller: try row.text("caller"),
          identified: try row.text("identified"), request: try row.text("request"),
          action: try row.text("action"), officer: try row.text("officer"))
      }.filter { party == nil || $0.party == party }
    }
  }
}
