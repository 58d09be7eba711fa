// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Foundation
import Governance
import Keys
import Records
import SEC
import Testing
import Threads

/// A PMA of a test, with a store of its own and a clock that is set.
final class SampleBody {
  static let secretary = Actor(name: "Sam Secretary", role: .secretariat)
  /// The key of the returning officers, made once.
  static let officersKey = Result { try SoftwareKey.generate(.rsa2048) }

  let folder: String
  let records: Records
  let membership: Membership
  let elections: Elections
  let meetings: Meetings
  let votes: Votes
  private let clock: Guarded<Time>

  var now: Time {
    get { clock.value }
    set { clock.change { $0 = newValue } }
  }
  var today: Day { Day(now) }
  var by: Actor { Self.secretary }

  init(on day: String, rules: ProceedingRules = ProceedingRules()) throws {
    let folder = NSTemporaryDirectory() + "smki-pma-\(UUID().uuidString)"
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let clock = Guarded(try #require(Day(day)).begins.adding(seconds: 36_000))
    self.clock = clock
    records = try Records.open(
      folder + "/smki.sqlite", clock: { clock.value },
      migrations: Standing.migrations + GovernanceRecords.migrations
        + GovernanceRecords.laterMigrations + GovernanceRecords.directionMigrations
        + DutyRecords.migrations)
    membership = Membership(records: records, rules: rules)
    elections = Elections(records: records, rules: rules)
    meetings = Meetings(records: records, rules: rules)
    votes = Votes(records: records, rules: rules)
    for organisation in Self.organisations {
      try membership.enter(organisation, at: now, by: by)
    }
  }

  deinit {
    records.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Three large groups, one of two suppliers; two small ones; networks of either fuel.
  static let organisations =
    (1...4).map {
      Organisation(
        id: "large-\($0)", name: "Large \($0)", category: .largeSupplier,
        group: "group-\(min($0, 3))")
    }
    + (1...2).map {
      Organisation(
        id: "small-\($0)", name: "Small \($0)", category: .smallSupplier, group: "small-\($0)")
    }
    + [
      Organisation(
        id: "grid", name: "Grid", category: .electricityNetwork, group: "networks-1"),
      Organisation(id: "wires", name: "Wires", category: .electricityNetwork, group: "networks-2"),
      Organisation(id: "pipes", name: "Pipes", category: .gasNetwork, group: "networks-1"),
      Organisation(id: "dcc", name: "DCC", category: .other, group: "dcc"),
      Organisation(id: "consultants", name: "Consultants", category: .other, group: ""),
    ]

  func pass(days: Int) { now = now.adding(seconds: Int64(days) * 86_400) }

  @discardableResult
  func person(
    _ id: String, of employer: String = "", kind: Person.Kind = .natural
  ) throws -> String {
    try membership.enter(
      Person(id: id, name: id.capitalized, kind: kind, employer: employer), at: now, by: by)
    return id
  }

  func file(_ steps: AppointmentStep..., of person: String, for seat: Seat.Name) throws {
    for step in steps {
      try membership.file(
        step, of: person, for: seat, on: today, evidence: "letter", at: now, by: by)
    }
  }

  /// Everything that any seat may ask for.
  func fileAll(of person: String, for seat: Seat.Name) throws {
    for step in AppointmentStep.allCases where step != .clearanceExtension {
      try membership.file(
        step, of: person, for: seat, on: today, evidence: "letter", at: now, by: by)
    }
  }

  func seat(
    _ person: String, in name: Seat.Name, from day: Day? = nil, basis: String = "letter 1"
  ) throws {
    try membership.seat(person, in: name, from: day ?? today, basis: basis, at: now, by: by)
  }

  /// Elects candidates, unopposed when they are few enough, and leaves the clock behind the end.
  ///
  /// `sealed` makes ballots that the program would not make.
  func elect(
    _ candidates: [String], by constituency: Constituency, seats: Int = 1, id: String,
    ballots: [(party: String, names: [String])] = [], countedWith other: SoftwareKey? = nil,
    sealed: (RSAPublicKey) throws -> [(party: String, octets: [UInt8])] = { _ in [] }
  ) throws {
    let key = try Self.officersKey.get()
    guard case .rsa(let publicKey) = key.publicKey else { return }
    try elections.open(
      id, of: constituency, seats: seats, from: today, key: publicKey, at: now, by: by)
    for candidate in candidates {
      try elections.nominate(candidate, in: id, by: "anybody", at: now, by: by)
    }
    now = try elections.election(id).nominationsClose.adding(days: 1).begins
      .adding(seconds: 36_000)
    try elections.endNominations(of: id, at: now, by: by)
    guard let last = try elections.election(id).ballotCloses else { return }
    for ballot in ballots {
      let sealed = try Ballot.seal(ballot.names, in: id, to: publicKey)
      _ = try elections.cast(sealed, of: ballot.party, in: id, at: now, by: by)
    }
    for ballot in try sealed(publicKey) {
      _ = try elections.cast(ballot.octets, of: ballot.party, in: id, at: now, by: by)
    }
    now = last.adding(days: 1).begins.adding(seconds: 36_000)
    _ = try elections.count(id, with: other ?? key, at: now, by: by)
  }

  /// The constitution's seats with somebody in each; the clock ends where all of them sit.
  func fill() throws {
    let constitution = Constitution.at(now)
    var elected: [Constituency: [Seat.Name]] = [:]
    let employers: [Seat.Name: String] = [
      .largeSupplier1: "large-1", .largeSupplier2: "large-2", .largeSupplier3: "large-3",
      .smallSupplier: "small-1", .network: "grid", .electricityNetwork: "grid",
      .gasNetwork: "pipes",
    ]
    for seat in constitution.seats where seat.name != .dcc {
      try person("p-\(seat.name.rawValue)", of: employers[seat.name] ?? "")
      if case .election(let constituency) = seat.filling {
        elected[constituency, default: []].append(seat.name)
      }
    }
    for (constituency, names) in elected.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try elect(
        names.map { "p-\($0.rawValue)" }, by: constituency, seats: names.count,
        id: "e-\(constituency.rawValue)")
    }
    for seat in constitution.seats where seat.name != .dcc {
      try fileAll(of: "p-\(seat.name.rawValue)", for: seat.name)
      var basis = "letter 1"
      if case .election(let constituency) = seat.filling { basis = "e-\(constituency.rawValue)" }
      try self.seat("p-\(seat.name.rawValue)", in: seat.name, basis: basis)
    }
  }

  /// A meeting that is open, with these people in it.
  func meet(_ id: String, items: [AgendaItem], present: [String]) throws {
    now = WorkingDays().adding(0, to: today).begins.adding(seconds: 36_000)
    let held = WorkingDays().adding(5, to: today).begins.adding(seconds: 36_000)
    try meetings.convene(id, at: held, place: "London", agenda: items, at: now, by: by)
    now = held
    try meetings.open(id, at: now, by: by)
    for person in present { try meetings.arrive(person, to: id, at: now, by: by) }
  }

  func cast(_ vote: String, _ choices: [(String, Choice)]) throws {
    for (person, choice) in choices {
      try votes.cast(choice, by: person, in: vote, at: now, by: by)
    }
  }
}
