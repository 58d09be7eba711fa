// SPDX-License-Identifier: Apache-2.0

/// What votes of the PMA are said to have brought about, held against the votes themselves.
struct BusinessAssessment {
  let store: SQLite
  private(set) var faults: [String] = []

  private struct Vote {
    let kind: String
    let outcome: String
    let isCarriedOut: Bool
    var terms: [String: String] = [:]
  }

  private var votes: [String: Vote] = [:]

  init(_ store: SQLite) { self.store = store }

  mutating func run() throws {
    for row in try store.rows("SELECT id, kind, outcome, effect FROM pma_vote") {
      votes[row[0].text ?? ""] = Vote(
        kind: row[1].text ?? "", outcome: row[2].text ?? "", isCarriedOut: row[3] != .null)
    }
    for row in try store.rows("SELECT vote, name, content FROM pma_term") {
      votes[row[0].text ?? ""]?.terms[row[1].text ?? ""] = row[2].text
    }
    try matters()
    try standards()
    try proposals()
    try directions()
    try signatures()
  }

  /// The vote of a number when it was carried and carried out.
  private func done(_ id: String) -> Vote? {
    votes[id].flatMap { $0.outcome == "carried" && $0.isCarriedOut ? $0 : nil }
  }

  /// A matter that a vote decided has the outcome that the motion named.
  private mutating func matters() throws {
    for row in try store.rows("SELECT id, vote, outcome, state FROM pma_matter ORDER BY id") {
      let (id, vote, outcome) = (row[0].text ?? "", row[1].text ?? "", row[2].text ?? "")
      if (row[3].text == "open") != outcome.isEmpty {
        faults.append("pma_matter \(id): an outcome and a state that do not fit")
      }
      guard !vote.isEmpty else { continue }
      let terms = done(vote)?.terms
      if terms?["matter"] != id || terms?["outcome"] != outcome {
        faults.append("pma_matter \(id): not what vote \(vote) decided")
      }
    }
  }

  /// A day of a standard comes of a vote, or of the Panel.
  private mutating func standards() throws {
    let changed = Set(
      try store.rows("SELECT name, version FROM pma_standard_appeal WHERE outcome = 'changed'")
        .map { "\($0[0].text ?? "") \($0[1].text ?? "")" })
    for row in try store.rows("SELECT name, version, applies, vote FROM pma_standard") {
      let name = "\(row[0].text ?? "") \(row[1].text ?? "")"
      guard row[2] != .null else { continue }
      let terms = done(row[3].text ?? "")?.terms
      let voted = terms.flatMap { $0["from"] }.flatMap(Self.days)
      if "\(terms?["standard"] ?? "") \(terms?["version"] ?? "")" != name
        || (!changed.contains(name) && row[2].int != voted)
      {
        faults.append("pma_standard \(name): a day that nobody set")
      }
    }
  }

  /// Days since 1970 of a date, by the civil calendar.
  private static func days(_ text: String) -> Int? {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3 else { return nil }
    let year = parts[1] > 2 ? parts[0] : parts[0] - 1
    let month = (parts[1] + 9) % 12
    let era = year / 400
    let ofEra = year - era * 400
    let ofYear = (153 * month + 2) / 5 + parts[2] - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  /// A proposal of the PMA's was carried, one of a Member alone was lost; a release had not passed
  /// its cut-off when it was decided.
  private mutating func proposals() throws {
    let decided = Dictionary(
      try store.rows("SELECT proposal, actual FROM pma_stage WHERE stage = 'decided'")
        .map { ($0[0].text ?? "", $0[1].int) }, uniquingKeysWith: { first, _ in first })
    let cutOffs = Dictionary(
      try store.rows("SELECT day, cut_off FROM pma_release")
        .map { ($0[0].int ?? 0, $0[1].int ?? 0) }, uniquingKeysWith: { first, _ in first })
    for row in try store.rows(
      "SELECT id, proposer, vote, release_day, is_approved FROM pma_proposal ORDER BY id")
    {
      let id = row[0].text ?? ""
      let vote = votes[row[2].text ?? ""]
      let isRight =
        switch row[1].text {
        case "pma": done(row[2].text ?? "")?.kind == "propose-modification"
        case "member": vote?.kind == "propose-modification" && vote?.outcome == "lost"
        default: row[2].text == ""
        }
      if !isRight || (row[1].text != "party" && vote?.terms["proposal"] != id) {
        faults.append("pma_proposal \(id): its proposer had no such vote")
      }
      if let release = row[3].int {
        let day = decided[id].flatMap { $0 }
        if row[4].int != 1 || day == nil || (cutOffs[release] ?? -1) < (day ?? 0) {
          faults.append("pma_proposal \(id): a release after its cut-off")
        }
      }
    }
  }

  /// A direction to use a key says what its vote did, and each such vote has its direction.
  private mutating func directions() throws {
    let subjects = Dictionary(
      try store.rows("SELECT id, subject FROM pma_matter").map {
        ($0[0].text ?? "", $0[1].text ?? "")
      }, uniquingKeysWith: { first, _ in first })
    var given: Set<String> = []
    for row in try store.rows(
      "SELECT vote, key_name, matter, incident FROM pma_direction ORDER BY vote")
    {
      let (id, terms) = (row[0].text ?? "", done(row[0].text ?? "")?.terms)
      given.insert(id)
      if terms?["outcome"] != row[1].text || terms?["matter"] != row[2].text
        || subjects[row[2].text ?? ""] != row[3].text
      {
        faults.append("pma_direction \(id): not what vote \(id) directed")
      }
    }
    for (id, vote) in votes.sorted(by: { $0.key < $1.key })
    where ["use-recovery-key", "use-contingency-key"].contains(vote.kind) && vote.isCarriedOut
      && vote.terms["outcome"] != "no-use" && !given.contains(id)
    {
      faults.append("pma_vote \(id): no direction came of it")
    }
  }

  /// Who signed could vote.
  private mutating func signatures() throws {
    let electors = Set(
      try store.rows("SELECT vote, person FROM pma_elector").map {
        "\($0[0].text ?? "")/\($0[1].text ?? "")"
      })
    for row in try store.rows("SELECT vote, person FROM pma_signature") {
      let name = "\(row[0].text ?? "")/\(row[1].text ?? "")"
      if !electors.contains(name) { faults.append("pma_signature \(name): of no elector") }
    }
  }
}
