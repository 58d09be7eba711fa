// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
import Records
package import SEC

extension Membership {
  /// L1.12: a Member names an Alternate from a day.
  ///
  /// `independence` is the finding that the person is sufficiently independent, where it is asked
  /// for; `specialistUnavailable` shows that the Specialist cannot act (L1.12(b)@2014).
  package func appoint(
    _ person: String, alternateOf name: Seat.Name, from day: Day, until: Day? = nil,
    independence: String = "", specialistUnavailable: String = "", at moment: Time, by actor: Actor
  ) throws {
    let constitution = Constitution.at(day.begins)
    guard let seat = constitution.seat(name), seat.isMember else {
      throw Refusal.noSuchSeat(name, constitution)
    }
    let evidence = [independence, specialistUnavailable].filter { !$0.isEmpty }
      .joined(separator: "; ")
    let entry = Entry(
      actor, "pma-alternate-appointed", clause: "L1.12", at: moment,
      facts: ["subject": name.rawValue, "person": person, "day": day.description])
    try records.write(entry) { transaction in
      let candidate = try known(person, in: transaction)
      guard candidate.kind == .natural else { throw Refusal.notNatural(candidate) }
      let board = try board(on: day, in: transaction)
      guard let member = board.holders[name] else { throw Refusal.seatVacant(name, day) }
      if name == .chair {
        try Self.checkChairs(
          person, board, constitution, independence: independence,
          unavailable: specialistUnavailable)
      } else {
        try checkMembers(candidate, of: member, name, constitution, board, in: transaction)
      }
      for old in try GovernanceRecords.alternates(in: transaction)
      where old.seat == name && old.isActive(on: day) && old.since < day {
        try GovernanceRecords.keep(
          Alternate(
            seat: name, person: old.person, since: old.since, until: day,
            evidence: old.evidence), in: transaction)
      }
      try GovernanceRecords.keep(
        Alternate(seat: name, person: person, since: day, until: until, evidence: evidence),
        in: transaction)
    }
  }

  private static func checkChairs(
    _ person: String, _ board: Board, _ constitution: Constitution, independence: String,
    unavailable: String
  ) throws(Refusal) {
    let isSpecialist = board.holders[.specialist] == person
    let seat = board.seat(of: person)
    switch constitution.edition {
    case .y2013:
      // C3-65: the Specialist, or another from among the Members.
      guard isSpecialist || seat.flatMap(constitution.seat)?.isMember == true else {
        throw .chairAlternate(person, "C3-65")
      }
    case .y2014:
      guard !isSpecialist else { return }
      guard seat.flatMap(constitution.seat)?.isMember != true, !independence.isEmpty,
        !unavailable.isEmpty
      else { throw .chairAlternate(person, "L1.12(b)@2014") }
    case .current:
      guard isSpecialist || seat.flatMap(constitution.seat)?.isMember != true,
        !independence.isEmpty
      else { throw .chairAlternate(person, "L1.12-chair") }
    }
  }

  private func checkMembers(
    _ candidate: Person, of member: String, _ name: Seat.Name, _ constitution: Constitution,
    _ board: Board, in reading: some Querying
  ) throws {
    switch constitution.edition {
    case .y2013: throw Refusal.alternateNotAllowed(name)
    case .y2014:
      let employer = try known(member, in: reading).employer
      let organisations = try GovernanceRecords.organisations(in: reading)
      if !employer.isEmpty, Board.areAffiliates(employer, candidate.employer, organisations) {
        throw Refusal.alternateOfSameEmployer(candidate)
      }
    case .current: break
    }
    guard candidate.id != member else { throw Refusal.secondOfficeAlternate(candidate) }
  }

  /// Who holds the seats and who may act for them on a day.
  package func board(on day: Day) throws -> Board {
    try records.read { try board(on: day, in: $0) }
  }

  func board(on day: Day, in reading: some Querying) throws -> Board {
    let constitution = Constitution.at(day.begins)
    var holders: [Seat.Name: String] = [:]
    for tenure in try GovernanceRecords.tenures(in: reading)
    where tenure.holds(on: day) && constitution.seat(tenure.seat) != nil {
      holders[tenure.seat] = tenure.person
    }
    var alternates: [Seat.Name: String] = [:]
    if constitution.edition != .current, let specialist = holders[.specialist] {
      // L1.12(a)@2014, C3-65: deemed, with no action needed.
      alternates[.chair] = specialist
    }
    for alternate in try GovernanceRecords.alternates(in: reading)
    where alternate.isActive(on: day) { alternates[alternate.seat] = alternate.person }
    return Board(constitution: constitution, holders: holders, alternates: alternates)
  }

  /// Every time in a seat, oldest first.
  package func tenures() throws -> [Tenure] {
    try records.read { try GovernanceRecords.tenures(in: $0) }
  }

  /// Everybody who is known, by identifier.
  package func people() throws -> [String: Person] {
    try records.read { try GovernanceRecords.people(in: $0) }
  }

  /// Every organisation that is known, by identifier.
  package func organisations() throws -> [String: Organisation] {
    try records.read { try GovernanceRecords.organisations(in: $0) }
  }
}

extension Constitution {
  /// L1.12: who may be the Alternate of a seat, as it is shown to people; empty for attendees.
  package func alternateRule(of seat: Seat) -> String {
    guard seat.isMember else { return "" }
    return switch (edition, seat.name == .chair) {
    case (.y2013, true): "the Specialist or another Member (C3-65)"
    case (.y2013, false): "nobody (R2-18)"
    case (.y2014, true):
      "the Specialist; else somebody independent who is no Member (L1.12(b)@2014)"
    case (.y2014, false): "somebody of another employer and group (L1.12(c)@2014)"
    case (.current, true):
      "the Specialist or somebody who is no Member, independent (L1.12-chair)"
    case (.current, false): "anybody but the Member (L1.12)"
    }
  }
}
