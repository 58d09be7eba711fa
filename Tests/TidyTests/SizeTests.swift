// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Files, functions and lines stay small enough to read")
struct SizeTests {
  /// The limits of the house (CONTRIBUTING.md).
  static let fileLinesMax = 400
  static let functionLinesMax = 70
  static let columnsMax = 100
  static let licence = "// SPDX-License-Identifier: Apache-2.0"

  static func findings(in file: SwiftText) -> [Finding] {
    var findings = longFunctions(in: file)
    if file.lines.count > fileLinesMax {
      let message = "\(file.lines.count) lines, at most \(fileLinesMax)"
      findings.append(file.finding(fileLinesMax + 1, message))
    }
    // SwiftPM wants its own comment first.
    let licenceLine = file.path == "Package.swift" ? 1 : 0
    if file.lines.count <= licenceLine || file.lines[licenceLine].raw != licence {
      findings.append(file.finding(licenceLine + 1, "the first line is not \(licence)"))
    }
    for (index, line) in file.lines.enumerated()
    where line.raw.utf8.count > columnsMax && line.raw.count > columnsMax
      && !(file.path.hasPrefix("Tests/") && isLiteral(line))
    {
      findings.append(file.finding(index + 1, "\(line.raw.count) columns, at most \(columnsMax)"))
    }
    return findings
  }

  /// Whether a line is one literal and next to nothing else: a vector of a test stands as it is.
  private static func isLiteral(_ line: SwiftText.Line) -> Bool {
    line.comment.isEmpty && line.code.utf8.count <= 24
  }

  /// Functions, initialisers and computed properties, by their indentation.
  static func longFunctions(in file: SwiftText) -> [Finding] {
    file.lines.indices.compactMap { start in
      let line = file.lines[start]
      guard let declaration = Declaration(line.code), declaration.hasBody,
        let length = bodyLength(from: start, in: file.lines), length > functionLinesMax
      else { return nil }
      let message = "\(declaration.name) has \(length) lines, at most \(functionLinesMax)"
      return file.finding(start + 1, message)
    }
  }

  /// Lines from the declaration to its closing brace, or nil when it has no body of its own lines.
  static func bodyLength(from start: Int, in lines: [SwiftText.Line]) -> Int? {
    let indent = lines[start].indent
    var isOpen = lines[start].code.hasSuffix("{")
    for end in lines.indices[(start + 1)...]
    where !lines[end].code.isEmpty && lines[end].indent <= indent {
      let code = lines[end].code
      if isOpen { return code.hasPrefix("}") ? end - start + 1 : nil }
      guard [")", "{", "where "].contains(where: code.hasPrefix) else { return nil }
      isOpen = code.hasSuffix("{")
    }
    return nil
  }

  @Test("every Swift file keeps to the limits and names its licence")
  func sizes() {
    expectNone(Project.here.swift.flatMap(Self.findings))
  }

  @Test("scripts and headers name their licence within their first lines")
  func licences() {
    let endings = [".h", ".sh", ".py", ".service", "Makefile"]
    for text in Project.here.texts
    where endings.contains(where: text.path.hasSuffix) || text.lines[0].hasPrefix("#!") {
      let isNamed = text.lines.prefix(3).contains { $0.contains("SPDX-License-Identifier") }
      #expect(isNamed, "\(text.path) names no licence")
    }
  }

  @Test("the check fails: one line, one column, one function line too many, no licence")
  func canFail() {
    func findings(
      _ body: String, licence: Bool = true, path: String = "Sources/A/a.swift"
    ) -> [String] {
      let text = (licence ? Self.licence + "\n" : "") + body
      return Self.findings(in: SwiftText(path: path, text: text)).map(\.message)
    }
    func function(_ lines: Int) -> String {
      "  func f(\n    a: Int\n  ) {\n" + String(repeating: "    g()\n", count: lines - 4) + "  }\n"
    }
    let line = String(repeating: "x", count: 100)
    #expect(findings(line + "\n") == [])
    #expect(findings(line + "x\n").count == 1)
    #expect(findings("== \"\(line)\"\n").count == 1)
    #expect(findings("== \"\(line)\"\n", path: "Tests/ATests/a.swift") == [])
    #expect(findings("\(line)(\"a\")\n", path: "Tests/ATests/a.swift").count == 1)
    #expect(findings(String(repeating: "é", count: 100) + "\n") == [])
    #expect(findings(String(repeating: "\n", count: 399)) == [])
    #expect(findings(String(repeating: "\n", count: 400)).count == 1)
    #expect(findings("let a = 1\n", licence: false).count == 1)
    #expect(findings(function(70)) == [])
    #expect(findings(function(71)) == ["f has 71 lines, at most 70"])
    let computed = "var a: Int {\n" + String(repeating: "  g()\n", count: 69) + "}\n"
    #expect(findings(computed) == ["a has 71 lines, at most 70"])
    #expect(findings("  func a()\n  func b() -> Int\n" + function(70)) == [])
  }
}
