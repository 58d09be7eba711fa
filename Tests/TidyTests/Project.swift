// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The project as it lies on disk, read once for all checks.
struct Project: Sendable {
  let root: URL
  /// Every Swift file of `Sources` and `Tests`, by path.
  let swift: [SwiftText]
  /// Every other text file: documents, scripts, headers, rules.
  let texts: [PlainText]

  static let here = Project(
    root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent())

  var sources: [SwiftText] { swift.filter { $0.path.hasPrefix("Sources/") } }
  var tests: [SwiftText] { swift.filter { $0.path.hasPrefix("Tests/") } }

  init(root: URL) {
    self.root = root
    var swift: [SwiftText] = []
    var texts: [PlainText] = []
    for path in Self.paths(under: root) {
      guard let text = Self.read(root, path) else { continue }
      if path.hasSuffix(".swift") {
        swift.append(SwiftText(path: path, text: text))
      } else {
        texts.append(PlainText(path: path, text: text))
      }
    }
    self.swift = swift
    self.texts = texts
  }

  /// The text of a file, or nil when there is no such file or it is no text.
  func text(_ path: String) -> String? { Self.read(root, path) }

  /// The name of a folder's room: `Sources/DER/Time.swift` and `Tests/DERTests/…` are of `DER`.
  static func room(of path: String) -> String? {
    let parts = path.split(separator: "/")
    guard parts.count > 2 else { return nil }
    return parts[0] == "Sources"
      ? String(parts[1]) : parts[1].hasSuffix("Tests") ? String(parts[1].dropLast(5)) : nil
  }

  private static func read(_ root: URL, _ path: String) -> String? {
    try? String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Paths of the files that people keep, sorted; not what was built or what an estate holds.
  private static func paths(under root: URL) -> [String] {
    let skipped: Set = [".build", ".git", "var"]
    var paths: [String] = []
    var folders = [""]
    while let folder = folders.popLast() {
      let url = folder.isEmpty ? root : root.appending(path: folder)
      let children = try? FileManager.default.contentsOfDirectory(
        at: url, includingPropertiesForKeys: [.isDirectoryKey])
      for child in children ?? [] where !skipped.contains(child.lastPathComponent) {
        let path = folder.isEmpty ? child.lastPathComponent : "\(folder)/\(child.lastPathComponent)"
        let isFolder = try? child.resourceValues(forKeys: [.isDirectoryKey]).isDirectory
        if isFolder == true { folders.append(path) } else { paths.append(path) }
      }
    }
    return paths.sorted()
  }
}

/// A text that is not Swift, by lines.
struct PlainText: Sendable {
  let path: String
  let lines: [Substring]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}

/// Fails once for each finding, in the words of the finding.
func expectNone(
  _ findings: [Finding], sourceLocation: SourceLocation = #_sourceLocation
) {
  for finding in findings {
    Issue.record("\(finding)", sourceLocation: sourceLocation)
  }
}

@Suite("The scanner that the other checks stand on")
struct SwiftTextTests {
  @Test("words in literals and comments are no code")
  func separates() {
    let text = SwiftText(
      path: "a.swift",
      text: """
        let a = "x // y" + #"b"c"#  // why
        /* one /* two */ still */ let b = "p\\(f("q"))r"
        """)
    #expect(text.lines.map(\.code) == ["let a = \"0\" + \"1\"", "let b = \"2\""])
    #expect(text.literals.map(\.text) == ["x // y", "b\"c", "pr"])
    #expect(text.literals.map(\.isInterpolated) == [false, false, true])
    #expect(text.lines.map(\.comment) == ["// why", "/* one /* two */ still */"])
  }

  @Test("a literal of several lines is one literal, and its lines are no code")
  func longLiteral() {
    let quotes = "\"\"\""
    let text = SwiftText(path: "a.swift", text: "f(\(quotes)\n  /// L9: try!\n  \(quotes))\ng()\n")
    #expect(text.lines.map(\.code) == ["f(\"0\"", "", ")", "g()"])
    #expect(text.lines.allSatisfy { !$0.isDocComment })
    #expect(text.literals.map(\.line) == [1])
  }
}
