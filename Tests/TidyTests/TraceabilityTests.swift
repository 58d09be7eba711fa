// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("The path from clause to code to test is written down")
struct TraceabilityTests {
  @Test("docs/traceability.md is what make trace writes")
  func isCurrent() throws {
    let trace = Trace(Law.register, Citations.here.all).text
    if ProcessInfo.processInfo.environment["SMKI_WRITE_TRACE"] == "1" {
      let url = Project.here.root.appending(path: Trace.path)
      try trace.write(to: url, atomically: true, encoding: .utf8)
    } else {
      // Compared line by line, so that a difference shows as a few lines and not as two files.
      let written = (Project.here.text(Trace.path) ?? "").split(separator: "\n")
      let difference = trace.split(separator: "\n").difference(from: written)
      #expect(difference.isEmpty, "run `make trace` and commit \(Trace.path)")
    }
  }

  @Test("the trace lists cited rows, cited stems and settled rows, and counts all")
  func lists() {
    let register = Register(
      Register.columns.joined(separator: "\t") + "\n"
        + "L8.2\tx\tx\tx\tenforce\tx\tperformance\t\tdone\n"
        + "L8.3\tx\tx\tx\tenforce\tx\tperformance\t\topen\n"
        + "C3-118-4a\tx\tx\tx\tcompute\tx\thierarchy\t\topen\n"
        + "C3-118-4b\tx\tx\tx\tcompute\tx\thierarchy\t\topen\n"
        + "C3-16\tx\tx\tx\tnone\tOut: no rule\tinventory\t\tout\n")
    #expect(register.findings == [])
    func citation(_ id: String, _ form: Citation.Form, _ path: String, _ name: String) -> Citation {
      Citation(clause: id, form: form, path: path, line: 1, symbol: name)
    }
    let trace = Trace(
      register,
      [
        citation("L8.2", .value, "Sources/A/B.swift", "B.c"),
        citation("L8.2", .comment, "Sources/A/B.swift", "B.c"),
        citation("L8.2", .trait, "Tests/ATests/B.swift", "a | b"),
        citation("L8.2", .value, "Tests/ATests/B.swift", "not shown"),
        citation("L8.3", .value, "Tests/ATests/B.swift", "not shown"),
        citation("C3-118", .comment, "Sources/A/D.swift", "D"),
      ])
    let lines = trace.text.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(
      lines.suffix(4) == [
        "| --- | --- | --- | --- |",
        "| L8.2 | done | A/B.swift: B.c | a \\| b |",
        "| C3-118 | stem of 2 | A/D.swift: D |  |",
        "| C3-16 | out: no rule |  |  |",
      ])
    #expect(lines.contains("| enforce | 2 | 1 | 1 | 0 | 1 | 1 |"))
    #expect(lines.contains("| compute | 2 | 2 | 0 | 0 | 2 | 0 |"))
    #expect(lines.contains("| **all** | 5 | 3 | 1 | 1 | 3 | 1 |"))
  }
}
