// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("The documents say what is there")
struct DocumentTests {
  /// Keep a Changelog's headings, and one for clauses added or changed.
  static let changeHeadings: Set = [
    "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Rules",
  ]
  static let decisionHeadings = [
    "## Context", "## Decision", "## Consequences", "## What would change our mind",
  ]
  /// One page.
  static let decisionLinesMax = 60

  /// A changelog: versions newest first, known headings, and clauses that exist.
  static func findings(inChangelog text: String, _ register: Register) -> [String] {
    var findings: [String] = []
    var versions: [Substring] = []
    var heading = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("## ") {
        versions.append(line.dropFirst(3))
        let isVersion = line.wholeMatch(of: #/## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d/#) != nil
        if !(versions.count == 1 ? line == "## [Unreleased]" : isVersion) {
          findings.append("not a version in its place: \(line)")
        }
        heading = ""
      } else if line.hasPrefix("### ") {
        heading = String(line.dropFirst(4))
        if !changeHeadings.contains(heading) { findings.append("unknown heading: \(heading)") }
      } else if heading == "Rules" {
        for match in line.matches(of: #/`([^`]+)`/#) where register.isCitation(match.1) {
          if !register.covers(String(match.1)) { findings.append("no such clause: \(match.1)") }
        }
      } else if line.hasPrefix("- "), heading.isEmpty {
        findings.append("a change under no heading: \(line)")
      }
    }
    if !text.hasPrefix("# Changelog\n") { findings.append("the title is not Changelog") }
    if versions.isEmpty { findings.append("no version") }
    return findings
  }

  /// The first column of the table whose heading begins with the word.
  static func firstColumn(ofTable heading: String, in text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("| \(heading) |") }) else { return [] }
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.compactMap { line in
      line.split(separator: "|").first.map { cell in
        String(cell.filter { $0 != "`" && $0 != " " })
      }
    }
  }

  /// What is wrong with a decision record.
  static func findings(inDecision text: String, number: Int) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var findings: [String] = []
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    if lines.first?.hasPrefix("# \(padded) ") != true {
      findings.append("the title is not \(padded) …")
    }
    if lines.filter({ $0.hasPrefix("## ") }).map(String.init) != decisionHeadings {
      findings.append("its headings are not \(decisionHeadings)")
    }
    if lines.count > decisionLinesMax { findings.append("it is longer than a page") }
    return findings
  }

  /// Links of a document to files that are not there.
  static func brokenLinks(in text: PlainText, exists: (String) -> Bool) -> [Finding] {
    let folder = text.path.split(separator: "/").dropLast()
    return text.lines.enumerated().flatMap { index, line in
      line.matches(of: #/\]\(([^)#:\s]+)(?:#[^)]*)?\)/#).compactMap { match -> Finding? in
        var parts = folder
        for part in match.1.split(separator: "/") {
          if part == ".." { parts = parts.dropLast() } else if part != "." { parts.append(part) }
        }
        return exists(parts.joined(separator: "/"))
          ? nil : Finding(path: text.path, line: index + 1, message: "no such file: \(match.1)")
      }
    }
  }

  private static func text(_ path: String) throws -> String {
    try #require(Project.here.text(path), "\(path) is missing")
  }

  @Test("the changelog has its shape, and its rules exist")
  func changelog() throws {
    let findings = Self.findings(inChangelog: try Self.text("CHANGELOG.md"), Law.register)
    #expect(findings == [])
  }

  @Test("the README's floor plan is the rooms of Package.swift")
  func floorPlan() throws {
    let rooms = FloorPlan(manifest: try Self.text("Package.swift")).rooms.map(\.name)
    #expect(Self.firstColumn(ofTable: "room", in: try Self.text("README.md")) == rooms)
    let architecture = try Self.text("docs/architecture.md")
    for room in rooms {
      #expect(WordTests.isWord(room, in: architecture), "architecture.md does not name \(room)")
    }
  }

  @Test("every `make …` that a document names is a target")
  func makeTargets() throws {
    let makefile = try Self.text("Makefile")
    let targets = Set(makefile.matches(of: #/(?m)^([a-z-]+):/#).map { String($0.1) })
    #expect(targets.isSuperset(of: ["build", "run", "test"]))
    for text in Project.here.texts where text.path.hasSuffix(".md") {
      for (index, line) in text.lines.enumerated() {
        for match in line.matches(of: #/`make ([a-z-]+)/#) {
          #expect(targets.contains(String(match.1)), "\(text.path):\(index + 1): make \(match.1)")
        }
      }
    }
  }

  @Test("decision records are numbered without a gap, one page each, with the four headings")
  func decisions() {
    let records = Project.here.texts.filter {
      $0.path.hasPrefix("docs/decisions/") && $0.path.hasSuffix(".md")
    }
    #expect(!records.isEmpty)
    for (index, record) in records.enumerated() {
      let findings = Self.findings(
        inDecision: record.lines.joined(separator: "\n"), number: index + 1)
      #expect(findings == [], "\(record.path)")
    }
  }

  @Test("links between documents lead somewhere")
  func links() {
    let root = Project.here.root
    func exists(_ path: String) -> Bool {
      FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }
    expectNone(
      Project.here.texts.filter { $0.path.hasSuffix(".md") }
        .flatMap { Self.brokenLinks(in: $0, exists: exists) })
  }

  @Test("what begins with #! can be run")
  func scripts() {
    for text in Project.here.texts where text.lines[0].hasPrefix("#!") {
      let path = Project.here.root.appending(path: text.path).path
      #expect(FileManager.default.isExecutableFile(atPath: path), "\(text.path)")
    }
  }

  @Test(
    "a changelog out of shape is found",
    arguments: [
      "# Changes\n\n## [Unreleased]\n",
      "# Changelog\n",
      "# Changelog\n\n## [1.0.0] - 2026-11-21\n",
      "# Changelog\n\n## [Unreleased]\n\n## 1.0.0\n",
      "# Changelog\n\n## [Unreleased]\n\n### News\n",
      "# Changelog\n\n## [Unreleased]\n\n- a\n",
      "# Changelog\n\n## [Unreleased]\n\n### Rules\n\n- `L99.1`\n",
    ])
  func changelogCanFail(text: String) {
    #expect(Self.findings(inChangelog: text, Law.register).count == 1)
  }

  @Test("a table, a decision and a link that are wrong are found")
  func othersCanFail() {
    let table = "x\n| room | what |\n| --- | --- |\n| `DER` | y |\n| Keys | z |\n\n| A | b |\n"
    #expect(Self.firstColumn(ofTable: "room", in: table) == ["DER", "Keys"])
    let good = "# 0007 A\n" + Self.decisionHeadings.joined(separator: "\nx\n")
    #expect(Self.findings(inDecision: good, number: 7) == [])
    #expect(Self.findings(inDecision: good, number: 8).count == 1)
    #expect(Self.findings(inDecision: good + "\n## More", number: 7).count == 1)
    let long = good + String(repeating: "\n", count: 60)
    #expect(Self.findings(inDecision: long, number: 7).count == 1)
    let text = PlainText(path: "docs/a.md", text: "[b](../c.md#d) [e](f.md) [g](https://h)")
    #expect(Self.brokenLinks(in: text) { $0 == "c.md" }.map(\.message) == ["no such file: f.md"])
  }
}
