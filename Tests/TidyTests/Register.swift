// SPDX-License-Identifier: Apache-2.0

/// `Rules/clauses.tsv`: the law, one row a clause.
struct Register: Sendable {
  struct Row: Sendable {
    let id: String
    let source: String
    let actor: String
    let gist: String
    let kind: String
    let behaviour: String
    let area: String
    let supersedes: String
    let state: String
    /// The line of the file, from 1.
    let line: Int
  }

  static let path = "Rules/clauses.tsv"
  static let columns = [
    "id", "source", "actor", "gist", "kind", "behaviour", "area", "supersedes", "state",
  ]
  static let kinds: Set = ["define", "enforce", "compute", "perform", "record", "none"]
  static let states: Set = ["open", "done", "out"]
  static let areas: Set = [
    "governance", "liabilities", "agents", "documents", "assurance", "entry-tests",
    "test-service", "testing-issues", "performance", "repository", "registration", "inventory",
    "products-list", "hierarchy", "revocation", "iki-dccki-s1spki", "crypto-modules", "recovery",
    "service-interface", "engineering",
  ]

  let rows: [Row]
  /// What is wrong with the file itself.
  let findings: [Finding]
  /// What the identifiers begin with, such as `L`, `C3`, `M8` and `RFC5280`.
  let families: Set<String>
  private let ids: Set<String>
  private let stems: Set<String>

  init(_ text: String) {
    var rows: [Row] = []
    var findings: [Finding] = []
    var ids: Set<String> = []
    for (index, line) in text.split(separator: "\n").enumerated() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      func complain(_ message: String) {
        findings.append(Finding(path: Self.path, line: index + 1, message: message))
      }
      guard cells.count == Self.columns.count else {
        complain("\(cells.count) columns, not \(Self.columns.count)")
        continue
      }
      guard index > 0 else {
        if cells != Self.columns { complain("the heading is not \(Self.columns)") }
        continue
      }
      let row = Row(
        id: cells[0], source: cells[1], actor: cells[2], gist: cells[3], kind: cells[4],
        behaviour: cells[5], area: cells[6], supersedes: cells[7], state: cells[8], line: index + 1)
      Self.faults(of: row).forEach(complain)
      if !ids.insert(row.id).inserted { complain("\(row.id) stands twice") }
      rows.append(row)
    }
    self.rows = rows
    self.ids = ids
    stems = Set(ids.flatMap(Self.stems))
    families = Set(ids.compactMap(Self.family))
    let known = ids.union(stems)
    for row in rows {
      for old in row.supersedes.split(separator: ";") where !known.contains(String(old)) {
        findings.append(
          Finding(path: Self.path, line: row.line, message: "\(row.id) supersedes no row: \(old)"))
      }
    }
    self.findings = findings
  }

  /// Whether a citation is a row or a stem of rows.
  func covers(_ citation: String) -> Bool { ids.contains(citation) || stems.contains(citation) }

  /// The row itself and every stem of it: the citations that speak of the row.
  static func citations(of id: String) -> [String] { [id] + stems(of: id) }

  /// Whether a word looks like an identifier of one of the register's families.
  func isCitation(_ word: some StringProtocol) -> Bool {
    guard word.utf8.first.map({ (65...90).contains($0) }) == true, let family = Self.family(word)
    else { return false }
    return families.contains(family)
  }

  /// `L3.16-a` → `L`, `C3-118-4a` → `C3`, `RFC5280-4.1` → `RFC5280`; nil when it is no identifier.
  static func family(_ id: some StringProtocol) -> String? {
    if id.hasPrefix("L"), let digit = id.dropFirst().first, digit.isNumber, id.contains(".") {
      return "L"
    }
    guard let hyphen = id.firstIndex(of: "-"), id.index(after: hyphen) < id.endIndex else {
      return nil
    }
    return String(id[..<hyphen])
  }

  /// `C3-118-4a` → `C3-118-4`, `C3-118`, `C3`: cut where a part ends, never inside a number.
  private static func stems(of id: String) -> [String] {
    let characters = Array(id.prefix { $0 != "@" })
    return characters.indices.dropFirst().compactMap { cut in
      let (before, after) = (characters[cut - 1], characters[cut])
      guard before.isLetter || before.isNumber || before == ")" else { return nil }
      let isBoundary = "-.(".contains(after) || (before.isNumber && after.isLetter)
      return isBoundary ? String(characters[..<cut]) : nil
    }
  }

  private static func faults(of row: Row) -> [String] {
    var faults: [String] = []
    if row.id.wholeMatch(of: #/[A-Z][A-Za-z0-9.()@-]*[A-Za-z0-9)]/#) == nil {
      faults.append("\(row.id) is no identifier")
    }
    if !kinds.contains(row.kind) { faults.append("\(row.id) has no known kind: \(row.kind)") }
    if !areas.contains(row.area) { faults.append("\(row.id) has no known area: \(row.area)") }
    if !states.contains(row.state) { faults.append("\(row.id) has no known state: \(row.state)") }
    if row.gist.isEmpty || row.behaviour.isEmpty || row.source.isEmpty || row.actor.isEmpty {
      faults.append("\(row.id) has an empty cell")
    }
    if (row.state == "out") != row.behaviour.hasPrefix("Out: ") {
      faults.append("\(row.id): what is out says why, as `Out: …`, and nothing else does")
    }
    if row.kind == "none", row.state != "out" { faults.append("\(row.id) of kind none is not out") }
    return faults
  }
}
