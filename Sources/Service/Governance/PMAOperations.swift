// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
package import FoundationEssentials
package import Governance
import Keys
package import SEC

extension Node {
  /// The rooms of the PMA, under the configuration's rules of proceeding.
  package var membership: Membership {
    Membership(records: records, rules: configuration.proceedings)
  }
  /// L1.7, L1.9: its elections.
  package var elections: Elections {
    Elections(
      records: records, rules: configuration.proceedings, calendar: configuration.workingDays)
  }
  /// L1.13, L1.14, L1.15: its meetings.
  package var meetings: Meetings {
    Meetings(
      records: records, rules: configuration.proceedings, calendar: configuration.workingDays)
  }
  /// L1.15: its votes.
  package var votes: Votes { Votes(records: records, rules: configuration.proceedings) }
}

/// L1.2: what the Secretariat enters for the PMA.
package struct PMAAct: ControlRequest {
  /// One act; words are those that the register, the seats and the constitution use.
  package enum Act: Codable, Sendable {
    case organisation(id: String, title: String, category: String, group: String)
    case person(id: String, name: String, kind: String, employer: String)
    case step(seat: String, person: String, step: String, evidence: String, day: String?)
    case seat(seat: String, person: String, basis: String, day: String?, months: Int?)
    case leave(seat: String, reason: String, evidence: String, day: String?)
    case holdOver(until: String, reason: String)
    case clearance(person: String, until: String, evidence: String)
    case read(seat: String, versions: String)
    case alternate(
      seat: String, person: String, independence: String, unavailable: String, day: String?)
    case openElection(id: String, constituency: String, seats: Int, modulus: Data, exponent: Data)
    case nominate(election: String, person: String, nominator: String)
    case endNominations(election: String)
    case convene(meeting: String, held: String, place: String, items: [Item], shortNotice: String)
    case invite(meeting: String, name: String, capacity: String, chair: String)
    case open(meeting: String)
    case arrive(meeting: String, person: String)
    case go(meeting: String, person: String)
    case conflict(meeting: String, item: Int, person: String, reason: String)
    case minute(meeting: String, item: Int, text: String, confidential: String)
    case close(meeting: String)
    case publish(meeting: String)
    case openVote(
      vote: String, meeting: String?, item: Int, kind: String, motion: String, subject: String,
      terms: [String: String] = [:])
    case cast(vote: String, person: String, choice: String)
    case closeVote(vote: String, casting: String? = nil)
    case withdraw(vote: String)
  }

  /// An item of an agenda.
  package struct Item: Codable, Sendable {
    /// Its title, what it is about, and whether all of it is confidential.
    package let title: String
    package let subject: String
    package let isConfidential: Bool

    /// An item, whole.
    package init(title: String, subject: String = "", isConfidential: Bool = false) {
      self.title = title
      self.subject = subject
      self.isConfidential = isConfidential
    }
  }

  /// Under whose name it was entered, and what came of it.
  package struct Answer: Codable, Sendable {
    /// The officer's name.
    package let officer: String
    /// The result of a vote; empty for other acts.
    package let outcome: String
    /// Why a vote came out so; of a meeting that was closed, what is still to be done.
    package let reasons: [String]
  }

  package let act: Act

  package static let name = "pma"
  package static let role = Actor.Role.secretariat

  /// An act to be entered.
  package init(_ act: Act) {
    self.act = act
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let now = node.clock()
    if case .closeVote(let vote, let casting) = act {
      let tally = try node.votes.close(
        vote, casting: casting.map { try Control.word($0, CastingVote.init, "casting") }, at: now,
        by: officer)
      return Answer(
        officer: officer.name, outcome: tally.outcome.rawValue, reasons: tally.reasons)
    }
    if case .close(let meeting) = act {
      let items = try node.meetings.close(meeting, at: now, by: officer)
      return Answer(
        officer: officer.name, outcome: "",
        reasons: items.map { "Item \($0.number), \($0.title), has no minute yet." })
    }
    let isDone =
      try people(node.membership, now, officer) || elections(node.elections, now, officer)
      || meetings(node.meetings, now, officer) || votes(node, now, officer)
    precondition(isDone, "every act has a room")
    return Answer(officer: officer.name, outcome: "", reasons: [])
  }

  /// A day as it was typed, or today.
  static func day(_ text: String?, _ now: Time) throws(Refusal) -> Day {
    guard let text else { return Day(now) }
    return try Control.word(text, { Day($0) }, "day")
  }

  private func day(_ text: String?, _ now: Time) throws(Refusal) -> Day {
    try Self.day(text, now)
  }

  private func people(_ room: Membership, _ now: Time, _ by: Actor) throws -> Bool {
    switch act {
    case .organisation(let id, let title, let category, let group):
      let category = try Control.word(category, PartyCategory.init, "category")
      try room.enter(
        Organisation(id: id, name: title, category: category, group: group), at: now, by: by)
    case .person(let id, let name, let kind, let employer):
      let kind = try Control.word(kind, Person.Kind.init, "kind")
      try room.enter(
        Person(id: id, name: name, kind: kind, employer: employer), at: now, by: by)
    case .step(let seat, let person, let step, let evidence, let text):
      try room.file(
        Control.word(step, AppointmentStep.init, "step"), of: person, for: name(seat),
        on: day(text, now), evidence: evidence, at: now, by: by)
    case .seat(let seat, let person, let basis, let text, let months):
      try room.seat(
        person, in: name(seat), from: day(text, now), basis: basis, transitionalMonths: months,
        at: now, by: by)
    case .leave(let seat, let reason, let evidence, let text):
      try room.leave(
        name(seat), because: Control.word(reason, Leaving.init, "reason"), on: day(text, now),
        evidence: evidence, at: now, by: by)
    case .holdOver(let until, let reason):
      try room.holdOver(until: day(until, now), reason: reason, at: now, by: by)
    case .clearance(let person, let until, let evidence):
      try room.extendClearance(
        of: person, until: day(until, now), evidence: evidence, at: now, by: by)
    case .read(let seat, let versions):
      try room.attestReading(
        name(seat), versions: versions, on: Day(now), at: now, by: by)
    case .alternate(let seat, let person, let independence, let unavailable, let text):
      try room.appoint(
        person, alternateOf: name(seat), from: day(text, now), independence: independence,
        specialistUnavailable: unavailable, at: now, by: by)
    default: return false
    }
    return true
  }

  private func name(_ seat: String) throws(Refusal) -> Seat.Name {
    try Control.word(seat, Seat.Name.init, "seat")
  }

  private func elections(_ room: Elections, _ now: Time, _ by: Actor) throws -> Bool {
    switch act {
    case .openElection(let id, let constituency, let seats, let modulus, let exponent):
      try room.open(
        id, of: Control.word(constituency, Constituency.init, "constituency"), seats: seats,
        from: Day(now),
        key: RSAPublicKey(modulus: Array(modulus)[...], exponent: Array(exponent)[...]),
        at: now, by: by)
    case .nominate(let election, let person, let nominator):
      try room.nominate(person, in: election, by: nominator, at: now, by: by)
    case .endNominations(let election):
      try room.endNominations(of: election, at: now, by: by)
    default: return false
    }
    return true
  }

  private func meetings(_ room: Meetings, _ now: Time, _ by: Actor) throws -> Bool {
    switch act {
    case .convene(let meeting, let held, let place, let items, let shortNotice):
      let agenda = items.enumerated().map { index, item in
        AgendaItem(
          number: index + 1, title: item.title, subject: item.subject,
          isConfidential: item.isConfidential)
      }
      try room.convene(
        meeting, at: Control.moment(held, "held"), place: place,
        agenda: agenda, shortNotice: shortNotice, at: now, by: by)
    case .invite(let meeting, let name, let capacity, let chair):
      try room.invite(
        name, as: Control.word(capacity, Invitee.Capacity.init, "capacity"), to: meeting,
        by: chair, at: now, by: by)
    case .open(let meeting): try room.open(meeting, at: now, by: by)
    case .arrive(let meeting, let person): try room.arrive(person, to: meeting, at: now, by: by)
    case .go(let meeting, let person): try room.leave(person, from: meeting, at: now, by: by)
    case .conflict(let meeting, let item, let person, let reason):
      try room.declare(
        person, conflictIn: item, of: meeting, reason: reason, at: now, by: by)
    case .minute(let meeting, let item, let text, let confidential):
      try room.minute(
        item, of: meeting, publicText: text, confidentialText: confidential, at: now, by: by)
    case .publish(let meeting): try room.publish(meeting, at: now, by: by)
    default: return false
    }
    return true
  }

  private func votes(_ node: Node, _ now: Time, _ by: Actor) throws -> Bool {
    let room = node.votes
    switch act {
    case .openVote(
      let vote, let meeting, let item, let kind, let motion, let subject,
      let terms):
      let kind = try Control.word(kind, DecisionKind.init, "kind")
      let checked = try MotionCheck(node: node, now: now, officer: by)
        .terms(of: kind, about: subject, terms)
      if let meeting {
        try room.open(
          vote, in: meeting, item: item, kind: kind, motion: motion, subject: subject,
          terms: checked, at: now, by: by)
      } else {
        try room.openInWriting(
          vote, kind: kind, motion: motion, subject: subject, terms: checked, at: now, by: by)
      }
    case .cast(let vote, let person, let choice):
      try room.cast(
        Control.word(choice, Choice.init, "choice"), by: person, in: vote, at: now, by: by)
    case .withdraw(let vote): try room.withdraw(vote, at: now, by: by)
    default: return false
    }
    return true
  }
}
