// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Every row of kind record is a duty that the program knows")
struct DutyTests {
  static let path = "Sources/Duties/Table/Duties.tsv"

  /// Rows of one of the two that the other lacks, and cells that differ.
  static func findings(duties text: String, _ register: Register) -> [Finding] {
    var findings: [Finding] = []
    var known: Set<String> = []
    let rows = Dictionary(register.rows.map { ($0.id, $0) }) { first, _ in first }
    for (index, line) in text.split(separator: "\n").enumerated().dropFirst() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      func complain(_ message: String) {
        findings.append(Finding(path: path, line: index + 1, message: message))
      }
      guard cells.count == 8 else {
        complain("\(cells.count) columns, not 8")
        continue
      }
      if !known.insert(cells[0]).inserted { complain("\(cells[0]) stands twice") }
      guard let row = rows[cells[0]], row.kind == "record" else {
        complain("\(cells[0]) is no row of kind record")
        continue
      }
      if row.area != cells[1] { complain("\(cells[0]) is of area \(row.area)") }
      if cells[..<7].contains(where: \.isEmpty) { complain("\(cells[0]) has an empty cell") }
    }
    findings += register.rows.filter { $0.kind == "record" && !known.contains($0.id) }.map {
      Finding(path: Register.path, line: $0.line, message: "\($0.id) is in no row of \(path)")
    }
    return findings
  }

  @Test("the register and the table of duties name the same clauses")
  func table() throws {
    let text = try #require(Project.here.text(Self.path))
    expectNone(Self.findings(duties: text, Law.register))
  }

  @Test("a duty without a row, a row without a duty, and an empty cell are found")
  func canFail() {
    let register = Register(
      Register.columns.joined(separator: "\t") + "\n"
        + "L5.7\tx\tx\tx\trecord\tx\trepository\t\topen\n"
        + "L5.8\tx\tx\tx\tenforce\tx\trepository\t\topen\n")
    func count(_ rows: String...) -> Int {
      Self.findings(duties: "head\n" + rows.joined(separator: "\n"), register).count
    }
    let good = "L5.7\trepository\tx\tx\tx\tpromptly\tx\t"
    #expect(count(good) == 0)
    #expect(count() == 1)
    #expect(count(good, good) == 1)
    #expect(count(good, "L5.8\trepository\tx\tx\tx\tpromptly\tx\t") == 1)
    #expect(count("L5.7\trepository\tx\tx\t\tpromptly\tx\t") == 1)
    #expect(count("L5.7\tdocuments\tx\tx\tx\tpromptly\tx\t") == 1)
  }
}
