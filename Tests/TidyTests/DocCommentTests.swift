// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("What one room shows another is explained")
struct DocCommentTests {
  /// Requirements of the standard library's protocols: their meaning is known.
  static let witnesses: Set = [
    "==", "<", "description", "debugDescription", "hash", "rawValue", "next", "makeIterator",
    "startIndex", "endIndex", "index", "count", "encode", "id", "errorDescription", "allCases",
    "appendLiteral", "appendInterpolation",
  ]

  /// Declarations that say `package` and have no doc comment directly above.
  ///
  /// Attributes may stand between. Stored one-line properties that follow one another without a
  /// blank line share the comment above the first; `let code: Code` is explained at `Code`.
  static func findings(in file: SwiftText, requirements: Set<String>) -> [Finding] {
    var isShared = false
    return file.lines.indices.compactMap { index in
      let line = file.lines[index]
      guard line.code.contains("package "), !line.code.contains("import "),
        let declaration = Declaration(line.code), declaration.modifiers.contains("package")
      else {
        if !line.code.hasPrefix("@") { isShared = false }
        return nil
      }
      let isProperty = ["let", "var"].contains(declaration.keyword) && !line.code.hasSuffix("{")
      let isExplained = !docComment(above: index, in: file.lines).isEmpty
      defer { isShared = isProperty && (isExplained || isShared) }
      let isWitness =
        witnesses.contains(declaration.name) || requirements.contains(declaration.name)
        || [
          "init(stringLiteral", "init(stringInterpolation", "init(literalCapacity",
          "init(from",
        ]
        .contains(where: line.code.contains)
      guard !isExplained, !isWitness, !(isProperty && isShared),
        !isNamedAsItsType(declaration, line.code)
      else { return nil }
      return file.finding(index + 1, "\(declaration.name) has no doc comment")
    }
  }

  /// Whether a property has the name of its type, as in `let code: Code`.
  private static func isNamedAsItsType(_ declaration: Declaration, _ code: String) -> Bool {
    let type = declaration.name.prefix(1).uppercased() + declaration.name.dropFirst()
    return declaration.keyword == "let" && code.hasSuffix("let \(declaration.name): \(type)")
  }

  /// The doc comment directly above a line, attributes between them skipped; nothing when none.
  static func docComment(
    above index: Int, in lines: [SwiftText.Line]
  ) -> ArraySlice<SwiftText.Line> {
    var end = index
    while end > 0, lines[end - 1].code.hasPrefix("@") || lines[end - 1].code.hasPrefix(")") {
      end -= 1
    }
    var start = end
    while start > 0, lines[start - 1].isDocComment, lines[start - 1].code.isEmpty { start -= 1 }
    return lines[start..<end]
  }

  /// What the project's own protocols ask for: explained there, not at each witness.
  static func requirements(in files: [SwiftText]) -> Set<String> {
    var names: Set<String> = []
    for file in files where file.code.contains("protocol ") {
      let outline = Outline(file)
      var protocols: Set<String> = []
      for (index, line) in file.lines.enumerated() where outline.begins[index] {
        guard let declaration = Declaration(line.code) else { continue }
        if declaration.keyword == "protocol" { protocols.insert(declaration.name) }
        let owner = outline.symbols[index].split(separator: ".").dropLast().last.map(String.init)
        if let owner, protocols.contains(owner), !declaration.isType {
          names.insert(declaration.name)
        }
      }
    }
    return names.subtracting(["init"])
  }

  @Test("every package declaration has a doc comment")
  func packageDeclarations() {
    let files = Project.here.swift
    let requirements = Self.requirements(in: files)
    expectNone(files.flatMap { Self.findings(in: $0, requirements: requirements) })
  }

  @Test("the check fails where the comment is missing, and only there")
  func canFail() {
    let file = SwiftText(
      path: "a.swift",
      text: """
        package import DER
        /// Fine.
        @frozen
        package struct A {
          /// Fine.
          package let a: Int
          package let b: Int

          package let c: Int

          package let code: Code
          package init() {}
          package static func == (l: A, r: A) -> Bool { true }
          package init(stringLiteral text: String) {}
          package func sign() {}
          let package = 1
        }
        // A comment, but none for readers.
        package func d() {}
        /// Too far away.

        package enum E {}
        """)
    let lines = Self.findings(in: file, requirements: ["sign"]).map(\.line)
    #expect(lines == [9, 12, 19, 22])
    #expect(Self.findings(in: file, requirements: []).map(\.line) == [9, 12, 15, 19, 22])
  }

  @Test("requirements of a protocol are found")
  func requirements() {
    let file = SwiftText(
      path: "a.swift",
      text: """
        package protocol Key {
          var half: Int { get }
          func sign(
            _ text: Int
          ) -> Int
        }
        struct Other { func none() {} }
        """)
    #expect(Self.requirements(in: [file]) == ["half", "sign"])
  }
}
