// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Each room has a page: purpose, clauses, reading order")
struct RoomPageTests {
  /// What is wrong with the page of a room.
  static func findings(in page: String, of room: String, types: Set<String>) -> [String] {
    var findings: [String] = []
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.first != "# ``\(room)``" { findings.append("the title is not ``\(room)``") }
    let headings = lines.filter { $0.hasPrefix("## ") }
    if headings != ["## Overview", "## Clauses", "## Reading order"] {
      findings.append("its headings are not Overview, Clauses, Reading order")
    }
    let parts = page.components(separatedBy: "\n## ")
    let clauses = parts.first { $0.hasPrefix("Clauses\n") } ?? ""
    for match in clauses.matches(of: #/`([^`]+)`/#) where !Law.register.covers(String(match.1)) {
      findings.append("no such clause: \(match.1)")
    }
    let order = parts.first { $0.hasPrefix("Reading order\n") } ?? ""
    if !order.contains("1. ``") { findings.append("nothing to read") }
    for match in page.dropFirst(room.count + 6).matches(of: #/``([^`]+)``/#)
    where !types.contains(String(match.1)) {
      findings.append("no such type: \(match.1)")
    }
    return findings
  }

  /// The types that a room declares.
  private static func types(of room: String) -> Set<String> {
    Set(
      Project.here.sources.filter { Project.room(of: $0.path) == room }.flatMap { file in
        file.code.matches(of: #/\b(?:struct|enum|class|protocol)\s+([A-Z]\w*)/#).map {
          String($0.1)
        }
      })
  }

  @Test("its page names types and clauses that are there")
  func pages() throws {
    let manifest = try #require(Project.here.text("Package.swift"))
    for room in FloorPlan(manifest: manifest).rooms.map(\.name) {
      let path = "Sources/\(room)/\(room).docc/\(room).md"
      guard let page = Project.here.text(path) else {
        Issue.record("\(path) is missing")
        continue
      }
      #expect(
        Self.findings(in: page, of: room, types: Self.types(of: room)) == [], "\(path)")
    }
  }

  @Test(
    "a page that is wrong is found",
    arguments: [
      ("# DER\n", 3), ("# ``DER``\n\n## Overview\n\n## Clauses\n\n## Reading order\n", 1),
      (
        "# ``DER``\n\n## Overview\n\n## Clauses\n\n`L99.1`\n\n## Reading order\n\n1. ``Reader``\n",
        1
      ),
      (
        "# ``DER``\n\n## Overview\n\n## Clauses\n\n`L8.2`\n\n## Reading order\n\n1. ``Writer``\n", 1
      ),
    ])
  func canFail(page: String, count: Int) {
    #expect(Self.findings(in: page, of: "DER", types: ["Reader"]).count == count)
  }
}
