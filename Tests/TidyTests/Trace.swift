// SPDX-License-Identifier: Apache-2.0

/// `docs/traceability.md`: from each clause to the code that holds it and the tests that prove it.
///
/// No line numbers, so that the file changes only when what it says changes.
struct Trace {
  static let path = "docs/traceability.md"
  static let kindsInOrder = ["enforce", "compute", "perform", "define", "record", "none"]

  let text: String

  init(_ register: Register, _ citations: [Citation]) {
    let shown = citations.filter { $0.path.hasPrefix("Sources/") || $0.form == .trait }
    let cited = Dictionary(grouping: shown, by: \.clause)
    var lines = [
      "# Traceability", "",
      "Written by `make trace` from `\(Register.path)`, the sources and the tests; a test",
      "compares. A clause is listed when something cites it or when it is no longer open. A",
      "citation of a stem stands for all rows under it.", "",
    ]
    lines += Self.counts(register, cited) + [""]
    lines += ["| clause | state | sources | tests |", "| --- | --- | --- | --- |"]
    for entry in Self.entries(register, cited) {
      let places = cited[entry.id] ?? []
      let sources = places.filter { $0.path.hasPrefix("Sources/") }
        .map { "\($0.path.dropFirst("Sources/".count)): \($0.symbol)" }
      let tests = places.filter { $0.form == .trait }.map(\.symbol)
      lines.append(
        "| \(entry.id) | \(entry.state) | \(Self.cell(sources)) | \(Self.cell(tests)) |")
    }
    text = lines.joined(separator: "\n") + "\n"
  }

  /// Cited rows and stems and settled rows, in the order of the register; a stem before its rows.
  private static func entries(
    _ register: Register, _ cited: [String: [Citation]]
  ) -> [(id: String, state: String)] {
    var listed: Set<String> = []
    var sizes: [String: Int] = [:]
    for row in register.rows {
      for stem in Register.citations(of: row.id).dropFirst() where cited[stem] != nil {
        sizes[stem, default: 0] += 1
      }
    }
    let ids = Set(register.rows.map(\.id))
    return register.rows.flatMap { row -> [(id: String, state: String)] in
      var entries: [(id: String, state: String)] = []
      for stem in Register.citations(of: row.id).dropFirst()
      where cited[stem] != nil && !ids.contains(stem) && listed.insert(stem).inserted {
        entries.append((stem, "stem of \(sizes[stem] ?? 0)"))
      }
      if cited[row.id] != nil || row.state != "open" {
        let reason = row.state == "out" ? ": " + row.behaviour.dropFirst("Out: ".count) : ""
        entries.append((row.id, row.state + reason))
      }
      return entries
    }
  }

  private static func counts(
    _ register: Register, _ cited: [String: [Citation]]
  ) -> [String] {
    var lines = [
      "| kind | rows | open | done | out | cited in sources | held by tests |",
      "| --- | --: | --: | --: | --: | --: | --: |",
    ]
    for kind in kindsInOrder + [""] {
      let rows = register.rows.filter { kind.isEmpty || $0.kind == kind }
      func count(_ isCounted: (Register.Row) -> Bool) -> Int { rows.count(where: isCounted) }
      func isHeld(_ row: Register.Row, _ isMeant: (Citation) -> Bool) -> Bool {
        Register.citations(of: row.id).contains { cited[$0]?.contains(where: isMeant) == true }
      }
      let figures = [
        rows.count, count { $0.state == "open" }, count { $0.state == "done" },
        count { $0.state == "out" },
        count { row in isHeld(row) { $0.path.hasPrefix("Sources/") } },
        count { row in isHeld(row) { $0.form == .trait } },
      ]
      let title = kind.isEmpty ? "**all**" : kind
      lines.append("| \(title) | \(figures.map(String.init).joined(separator: " | ")) |")
    }
    return lines
  }

  private static func cell(_ texts: [String]) -> String {
    Set(texts.map { $0.replacing("|", with: "\\|") }).sorted().joined(separator: "<br>")
  }
}
