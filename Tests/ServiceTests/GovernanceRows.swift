// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Governance
import Keys
import Records
import SEC
import TestEstate
import Testing

/// Something in every table of the PMA and of the duties.
struct GovernanceRows {
  let estate: TestEstate
  let by = Actor(name: "Sam Secretary", role: .secretariat)
  private let membership: Membership
  private let elections: Elections
  private let meetings: Meetings
  let votes: Votes
  /// The credential of a Member who signs.
  let signer: (serial: String, key: SoftwareKey)

  @discardableResult
  init(in estate: TestEstate, signing signer: (serial: String, key: SoftwareKey)) throws {
    var rules = ProceedingRules()
    rules.nominationWorkingDays = 0
    rules.ballotWorkingDays = 0
    self.estate = estate
    self.signer = signer
    membership = Membership(records: estate.records, rules: rules)
    elections = Elections(records: estate.records, rules: rules)
    meetings = Meetings(records: estate.records, rules: rules)
    votes = Votes(records: estate.records, rules: rules)
    try duties()
    try people()
    try hold()
    try meet()
  }

  var now: Time { estate.now }
  var today: Day { Day(now) }

  private func duties() throws {
    let book = DutyBook(records: estate.records)
    try book.report(
      "document-incorporated", of: "Device CP", on: today, reference: "SEC v57", at: now, by: by)
    let owed = try book.instances(on: today).filter { $0.discharge == nil }
    for instance in owed.prefix(2) {
      try book.discharge(instance.id, on: today, evidence: "minute 1", at: now, by: by)
    }
    for notice in try book.notices(on: today, reminding: 2_000).prefix(2) {
      try book.sent(notice, to: "a@example.org", at: now, by: by)
    }
    try book.harvest(at: now, by: by, every: 1)
  }

  private func people() throws {
    for id in ["small-1", "small-2"] {
      try membership.enter(
        Organisation(id: id, name: id, category: .smallSupplier, group: id), at: now, by: by)
    }
    let seats: [Seat.Name] = [.chair, .specialist, .security, .technical, .dcc]
    for seat in seats {
      try membership.enter(
        Person(id: "p-\(seat.rawValue)", name: seat.rawValue, employer: ""), at: now, by: by)
      for step in AppointmentStep.allCases where step != .clearanceExtension {
        try membership.file(
          step, of: "p-\(seat.rawValue)", for: seat, on: today, evidence: "letter", at: now,
          by: by)
      }
      try membership.seat(
        "p-\(seat.rawValue)", in: seat, from: today, basis: "letter", at: now, by: by)
    }
    for seat in [Seat.Name.security, .technical] {
      try membership.enter(
        Person(id: "a-\(seat.rawValue)", name: seat.rawValue, employer: ""), at: now, by: by)
      try membership.appoint(
        "a-\(seat.rawValue)", alternateOf: seat, from: today, at: now, by: by)
    }
  }

  /// One election that was counted, and one whose ballots lie in the box.
  private func hold() throws {
    let key = try SoftwareKey.generate(.rsa2048)
    guard case .rsa(let publicKey) = key.publicKey else { return }
    for id in ["counted", "open"] {
      try elections.open(
        id, of: .smallSuppliers, seats: 1, from: today, key: publicKey, at: now, by: by)
      for person in ["p-dcc", "a-security"] {
        try elections.nominate(person, in: id, by: "anybody", at: now, by: by)
      }
      estate.now = now.adding(seconds: 86_400)
      try elections.endNominations(of: id, at: now, by: by)
      for party in ["small-1", "small-2"] {
        _ = try elections.cast(
          Ballot.seal(["p-dcc"], in: id, to: publicKey), of: party, in: id, at: now, by: by)
      }
      guard id == "counted" else { return }
      estate.now = now.adding(seconds: 86_400)
      _ = try elections.count(id, with: key, at: now, by: by)
    }
  }

  private func meet() throws {
    let held = now.adding(seconds: 3_600)
    try meetings.convene(
      "m", at: held, place: "London", agenda: [AgendaItem(number: 1, title: "Business")],
      shortNotice: "a test", at: now, by: by)
    estate.now = held
    try meetings.open("m", at: now, by: by)
    for seat in ["chair", "specialist", "security", "technical"] {
      try meetings.arrive("p-\(seat)", to: "m", at: now, by: by)
    }
    for id in ["v-1", "v-2"] {
      try votes.open(
        id, in: "m", item: 1, kind: .general, motion: "That it be so", at: now, by: by)
      try votes.cast(.yes, by: "p-security", in: id, at: now, by: by)
      try votes.cast(.no, by: "p-technical", in: id, at: now, by: by)
      try votes.cast(.abstain, by: "p-specialist", in: id, at: now, by: by)
      try votes.cast(.yes, by: "p-chair", in: id, at: now, by: by)
      _ = try votes.close(id, at: now, by: by)
    }
    try business()
    try meetings.declare(
      "p-technical", conflictIn: 1, of: "m", reason: "shares", at: now, by: by)
  }
}
