// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Foundation
import Governance
import Keys
import SEC
import Service
import Testing

/// The PMA as its Secretariat has it: by operations that reach a node as JSON, on a set day.
final class PMADoor {
  let estate: ServingEstate
  static let officersKey = Result { try ClientKey.generate() }
  private let user: UInt32 = 4_711

  init(on day: String, rules: ProceedingRules = ProceedingRules()) throws {
    estate = try ServingEstate {
      $0.proceedings = rules
      $0.officers = [
        Configuration.Officer(
          user: 4_711, name: "Sam Secretary", roles: ["secretariat", "operator"])
      ]
    }
    set(try #require(Day(day)))
  }

  var today: Day { Day(estate.now) }
  var day: String { today.description }

  /// Ten in the morning of a day.
  func set(_ day: Day) {
    let moment = day.begins.adding(seconds: 36_000)
    estate.pass(seconds: moment.seconds - estate.now.seconds)
  }

  func pass(days: Int) { set(today.adding(days: days)) }

  @discardableResult
  func perform<Request: ControlRequest>(_ request: Request) throws -> Request.Answer {
    let sent = try JSONDecoder().decode(Request.self, from: Data(Control.encode(request)))
    return try Control.perform(sent, in: estate.node, as: user)
  }

  @discardableResult
  func act(_ act: PMAAct.Act) throws -> PMAAct.Answer { try perform(PMAAct(act)) }

  /// The code and clause of the refusal that an act meets; empty when it is done.
  func refusal(_ act: PMAAct.Act) -> String { refusal { try self.act(act) } }

  func refusal(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch let refusal as Refusal {
      return "\(refusal.code) \(refusal.clause)"
    } catch {
      return "\(error)"
    }
  }

  func person(_ id: String, of employer: String = "", kind: String = "natural") throws {
    try act(.person(id: id, name: id.capitalized, kind: kind, employer: employer))
  }

  func organisation(_ id: String, _ category: String, group: String? = nil) throws {
    try act(.organisation(id: id, title: id, category: category, group: group ?? id))
  }

  func file(_ steps: String, of person: String, for seat: String) throws {
    for step in steps.split(separator: " ") {
      try act(
        .step(
          seat: seat, person: person, step: String(step), evidence: "letter", day: nil))
    }
  }

  static let chair =
    "independence qualification rate sos-notified sos-non-objection direction-terms clearance "
    + "confirmation undertaking"
  static let nominee = "sub-committee-list notice confirmation undertaking"
  static let specialist = "contract provider-independence confirmation undertaking"
  static let elected = "confirmation undertaking"

  func seat(_ person: String, in seat: String, basis: String = "letter") throws {
    try act(.seat(seat: seat, person: person, basis: basis, day: nil, months: nil))
  }

  /// Files everything that a seat asks for, and seats.
  func fill(_ seat: String, with person: String, _ steps: String, basis: String = "letter") throws {
    try self.person(person)
    try file(steps, of: person, for: seat)
    try self.seat(person, in: seat, basis: basis)
  }

  func open(_ election: String, _ constituency: String, seats: Int = 1) throws {
    guard case .rsa(let key) = try Self.officersKey.get().key.publicKey else { return }
    try act(
      .openElection(
        id: election, constituency: constituency, seats: seats, modulus: Data(key.modulus),
        exponent: Data(key.exponent)))
  }

  /// Opens an election, nominates, and goes behind the last day of nominations.
  func nominate(
    _ people: [String], in election: String, _ constituency: String, seats: Int = 1
  ) throws {
    try open(election, constituency, seats: seats)
    for person in people {
      try act(.nominate(election: election, person: person, nominator: "Carl Citizen"))
    }
    set(try estate.node.elections.election(election).nominationsClose.adding(days: 1))
    try act(.endNominations(election: election))
  }

  func vote(_ party: String, _ names: [String], in election: String) throws -> String {
    let key = try Ballot.key(try estate.node.elections.election(election).publicKey)
    let sealed = try Ballot.seal(names, in: election, to: key)
    return try perform(
      CastBallot(election: election, party: party, sealed: Data(sealed))
    ).receipt
  }

  func count(_ election: String) throws -> CountBallots.Answer {
    let last = try #require(try estate.node.elections.election(election).ballotCloses)
    set(last.adding(days: 1))
    let path = estate.folder.path + "/\(election)-\(UUID().uuidString).key"
    try Self.officersKey.get().write(toNewFile: path)
    return try perform(CountBallots(election: election, keyPath: path))
  }

  /// A meeting that is open, with these people in it.
  func meet(_ id: String, items: [PMAAct.Item], present: [String]) throws {
    let held = WorkingDays().adding(6, to: today)
    try act(
      .convene(
        meeting: id, held: held.begins.adding(seconds: 36_000).rfc3339, place: "London",
        items: items, shortNotice: ""))
    set(held)
    try act(.open(meeting: id))
    for person in present { try act(.arrive(meeting: id, person: person)) }
  }

  /// Chair, security, technical and small supplier, in the seats of any constitution.
  func four() throws {
    try fill("chair", with: "chair", Self.chair)
    try fill("security", with: "security", Self.nominee)
    try fill("technical", with: "technical", Self.nominee)
    try organisation("small-1", "small-supplier")
    try person("small", of: "small-1")
    try nominate(["small"], in: "small-e", "small-suppliers")
    try file(Self.elected, of: "small", for: "small-supplier")
    try seat("small", in: "small-supplier", basis: "small-e")
  }

  func holder(_ seat: Seat.Name) throws -> String? {
    try estate.node.membership.board(on: today).holders[seat]
  }

  func months(_ seat: Seat.Name) throws -> Int? {
    guard let tenure = try estate.node.membership.tenures().last(where: { $0.seat == seat }),
      let ends = tenure.ends
    else { return nil }
    return (1...60).first { tenure.began.adding(months: $0) == ends }
  }
}
