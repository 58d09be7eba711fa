// SPDX-License-Identifier: Apache-2.0

import DER

/// The decisions and elections of the PMA, computed again from who could vote and what was given.
struct GovernanceAssessment {
  let store: SQLite
  private(set) var faults: [String] = []
  private(set) var decisions = 0
  private(set) var elections = 0

  /// First moments of the editions of 2014 and of now, in milliseconds.
  private static let editions: [(from: Int, name: String)] = [
    (Int.min, "2013"), (1_393_632_000_000, "2014"), (1_645_660_800_000, "current"),
  ]
  private static let quorum = 4

  /// Rows of the tables that belong to one vote, meeting or election, by its number.
  private var electors: [String: [[Value]]] = [:]
  private var casts: [String: [[Value]]] = [:]
  private var castings: [String: [[Value]]] = [:]
  private var presences: [String: [[Value]]] = [:]

  init(_ store: SQLite) { self.store = store }

  /// Rows by their first column.
  private func grouped(_ text: String) throws -> [String: [[Value]]] {
    Dictionary(grouping: try store.rows(text)) { $0[0].text ?? "" }
  }

  mutating func run() throws {
    electors = try grouped("SELECT vote, seat, person, right_to_vote FROM pma_elector")
    casts = try grouped("SELECT vote, seat, person, choice, moment FROM pma_cast")
    castings = try grouped("SELECT vote, person, choice FROM pma_casting")
    presences = try grouped("SELECT meeting, person, came, left_at FROM pma_presence")
    for row in try store.rows(
      """
      SELECT id, meeting, edition, threshold, opened, closed, outcome, effect FROM pma_vote
      ORDER BY id
      """)
    {
      vote(row)
    }
    for row in try store.rows(
      "SELECT id, seats, ballot_close, closed FROM pma_election ORDER BY id")
    {
      try election(row)
    }
  }

  private mutating func vote(_ row: [Value]) {
    guard let id = row[0].text, let meeting = row[1].text, let opened = row[4].int else {
      faults.append("pma_vote \(row[0]): unreadable")
      return
    }
    func wrong(_ what: String) -> String { "pma_vote \(id): \(what)" }
    let edition = Self.editions.last { $0.from <= opened }?.name
    if row[2].text != edition { faults.append(wrong("of another edition than its day")) }
    let outcome = row[6].text ?? ""
    if row[7] != .null, outcome != "carried" { faults.append(wrong("carried out, not carried")) }
    if (row[5] == .null) != (outcome == "") { faults.append(wrong("closed without an outcome")) }
    var rights: [String: (person: String, right: String)] = [:]
    for elector in electors[id] ?? [] {
      rights[elector[1].text ?? ""] = (elector[2].text ?? "", elector[3].text ?? "")
    }
    if !meeting.isEmpty {
      if rights.count < Self.quorum || rights["chair"] == nil {
        faults.append(wrong("put without a quorum"))
      }
      let there = present(in: meeting, at: opened)
      for (seat, elector) in rights where !there.contains(elector.person) {
        faults.append(wrong("\(seat) could vote and was not there"))
      }
    }
    guard outcome == "carried" || outcome == "lost" else { return }
    decisions += 1
    let counted = count(id, rights, opened: opened, closed: row[5].int ?? opened)
    faults += counted.faults.map(wrong)
    let computed = Self.outcome(counted, rights: rights, threshold: row[3].text)
    if computed != outcome { faults.append(wrong("\(outcome), and its votes say \(computed)")) }
  }

  private struct Counted {
    var yes = 0
    var no = 0
    var casting: String?
    var faults: [String] = []
  }

  private func count(
    _ id: String, _ rights: [String: (person: String, right: String)], opened: Int, closed: Int
  ) -> Counted {
    var counted = Counted()
    for cast in casts[id] ?? [] {
      let moment = cast[4].int ?? -1
      guard let elector = rights[cast[1].text ?? ""], elector.person == cast[2].text,
        elector.right == "full", moment >= opened, moment <= closed
      else {
        counted.faults.append("a vote of \(cast[2]) that was not his or hers to give")
        continue
      }
      switch cast[3].text {
      case "for": counted.yes += 1
      case "against": counted.no += 1
      case "abstain": break
      default: counted.faults.append("a vote for nothing")
      }
    }
    for cast in castings[id] ?? [] {
      let isElector = rights.values.contains { $0.person == cast[1].text && $0.right == "casting" }
      if !isElector || counted.yes != counted.no {
        counted.faults.append("a casting vote that nobody had")
      }
      counted.casting = cast[2].text
    }
    return counted
  }

  private static func outcome(
    _ counted: Counted, rights: [String: (person: String, right: String)], threshold: String?
  ) -> String {
    switch threshold {
    case "majority-of-entitled":
      let entitled = rights.values.count { $0.right == "full" }
      return counted.yes > entitled - counted.yes ? "carried" : "lost"
    case "two-thirds-of-cast":
      let needed = 2 * (counted.yes + counted.no)
      return counted.yes > 0 && 3 * counted.yes >= needed ? "carried" : "lost"
    default:
      let balance = counted.yes - counted.no
      return balance > 0 || (balance == 0 && counted.casting == "for") ? "carried" : "lost"
    }
  }

  private func present(in meeting: String, at moment: Int) -> Set<String> {
    var there: Set<String> = []
    for row in presences[meeting] ?? [] {
      let came = row[2].int ?? Int.max
      if came <= moment, row[3].int.map({ moment <= $0 }) ?? true {
        there.insert(row[1].text ?? "")
      }
    }
    return there
  }

  private mutating func election(_ row: [Value]) throws {
    guard let id = row[0].text, let seats = row[1].int else { return }
    let voted = try store.rows("SELECT election FROM pma_voted").count { $0[0].text == id }
    let box = try store.rows("SELECT receipt, sealed, election FROM pma_ballot_box")
      .filter { $0[2].text == id }
    for ballot in box
    where ballot[0].text != Hex.encode(SHA256.hash(ballot[1].blob ?? [])).lowercased() {
      faults.append("pma_ballot_box: a receipt that is not its ballot's")
    }
    let candidates = try store.rows("SELECT election, person, votes, elected FROM pma_candidate")
      .filter { $0[0].text == id }
    guard row[3] != .null else {
      if box.count != voted { faults.append("pma_ballot_box: not the ballots of \(id)") }
      if candidates.contains(where: { $0[2] != .null || $0[3] != .null }) {
        faults.append("pma_candidate: a result of \(id) before its count")
      }
      return
    }
    elections += 1
    var votes: [String: Int] = [:]
    for candidate in candidates { votes[candidate[1].text ?? ""] = 0 }
    let ballots = try store.rows("SELECT election, receipt, names FROM pma_published_ballot")
      .filter { $0[0].text == id }
    if ballots.count != voted { faults.append("pma_published_ballot: not those of \(id)") }
    for ballot in ballots {
      let names = (ballot[2].text ?? "").split(separator: ",").map(String.init)
      guard names.count <= seats, names.allSatisfy({ votes[$0] != nil }) else { continue }
      for name in Set(names) { votes[name, default: 0] += 1 }
    }
    let list = ballots.compactMap { $0[1].text }.sorted().joined(separator: "\n")
    let seed = Hex.encode(SHA256.hash(Array(list.utf8)))
    let order = votes.keys.sorted { first, second in
      let (one, other) = (votes[first] ?? 0, votes[second] ?? 0)
      guard one == other else { return one > other }
      return Self.lot(seed, first) < Self.lot(seed, second)
    }
    let isContested = votes.count > seats
    let elected = Set(order.prefix(seats))
    for candidate in candidates {
      let name = candidate[1].text ?? ""
      let expected: Value = isContested ? .int(Int64(votes[name] ?? 0)) : .null
      if candidate[2] != expected || candidate[3].int != (elected.contains(name) ? 1 : 0) {
        faults.append("pma_candidate \(id)/\(name): the published ballots say otherwise")
      }
    }
  }

  private static func lot(_ seed: String, _ name: String) -> String {
    Hex.encode(SHA256.hash(Array("\(seed)\n\(name)".utf8)))
  }
}
