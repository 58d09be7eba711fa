// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Every clause that is named exists, and every clause that is done is named and tested")
struct ClauseTests {
  /// Rows in state `done` that the code or the tests do not hold.
  static func undone(_ register: Register, _ citations: [Citation]) -> [Finding] {
    let held = Set(
      citations.filter { $0.path.hasPrefix("Sources/") }.map(\.clause))
    let tested = Set(citations.filter { $0.form == .trait }.map(\.clause))
    return register.rows.filter { $0.state == "done" }.flatMap { row -> [Finding] in
      guard ["enforce", "compute", "perform"].contains(row.kind) else { return [] }
      let names = Register.citations(of: row.id)
      return [(held, "no source cites it"), (tested, "no test has it as .clause")]
        .filter { set, _ in !names.contains(where: set.contains) }
        .map { Finding(path: Register.path, line: row.line, message: "\(row.id): \($0.1)") }
    }
  }

  /// Factories of refusals without a clause in their comment, or that no test mentions by their
  /// name or by their code.
  static func unprovoked(
    _ file: SwiftText, _ register: Register, testWords: Set<String>
  ) -> [Finding] {
    let outline = Outline(file)
    return file.lines.indices.flatMap { index -> [Finding] in
      guard let declaration = Declaration(file.lines[index].code), outline.begins[index],
        declaration.keyword == "func", declaration.modifiers.contains("static"),
        !declaration.modifiers.contains("private")
      else { return [] }
      var findings: [Finding] = []
      let comment = DocCommentTests.docComment(above: index, in: file.lines)
      let words = comment.flatMap { SwiftText.words(ofDocComment: $0.comment) }
      if !words.contains(where: register.isCitation) {
        findings.append(file.finding(index + 1, "\(declaration.name) names no clause above it"))
      }
      let code = file.literals.first { $0.line > index && !$0.isInterpolated }?.text
      if !testWords.contains(declaration.name), !testWords.contains(code ?? "") {
        findings.append(file.finding(index + 1, "no test provokes .\(declaration.name)"))
      }
      return findings
    }
  }

  /// What tests call and compare with: names after a dot, and literals of one word.
  static func mentions(_ files: [SwiftText]) -> Set<String> {
    var words: Set<String> = []
    for file in files {
      for part in file.code.utf8.split(separator: UInt8(ascii: ".")).dropFirst() {
        let word = part.prefix {
          (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 95
        }
        words.insert(String(decoding: word, as: UTF8.self))
      }
      words.formUnion(file.literals.map(\.text).filter { !$0.isEmpty && !$0.contains(" ") })
    }
    return words
  }

  @Test("the register is well formed")
  func register() {
    #expect(Law.register.rows.count > 1000)
    expectNone(Law.register.findings)
  }

  @Test("every citation in the sources and the tests is a row or a stem of rows")
  func citations() {
    expectNone(Citations.here.findings)
  }

  @Test("what is done is cited in a source and held by a test")
  func done() {
    expectNone(Self.undone(Law.register, Citations.here.all))
  }

  @Test("every way of saying no names its clause and is provoked by a test")
  func refusals() {
    let words = Self.mentions(Project.here.tests)
    expectNone(
      Project.here.sources
        .filter { ["Refusals.swift", "InventoryRefusals.swift"].contains($0.name) }
        .flatMap { Self.unprovoked($0, Law.register, testWords: words) })
  }

  private static let sample = Register(
    Register.columns.joined(separator: "\t") + "\n"
      + "L8.2\tx\tx\tx\tenforce\tx\tperformance\t\tdone\n"
      + "C3-118-4a\tx\tx\tx\tcompute\tx\thierarchy\t\topen\n"
      + "L1.3(b)@2014\tx\tx\tx\tdefine\tx\tgovernance\tL8.2\topen\n")

  @Test(
    "a citation is a row or the stem of rows, cut where a part ends",
    arguments: [
      ("L8.2", true), ("C3-118", true), ("C3-118-4", true), ("C3-118-4a", true), ("L1.3", true),
      ("L1.3(b)@2014", true), ("L1.3(b)", false), ("C3-11", false), ("L8.", false),
      ("L8.20", false), ("C3-118-4b", false), ("C3-118-", false),
    ])
  func stems(citation: String, isCovered: Bool) {
    #expect(Self.sample.findings == [])
    #expect(Self.sample.covers(citation) == isCovered)
  }

  @Test(
    "a register with a fault is refused",
    arguments: [
      "L8.2\tx\tx\tx\tenforce\tx\tperformance\topen",
      "L8.2\tx\tx\tx\tforbid\tx\tperformance\t\topen",
      "L8.2\tx\tx\tx\tenforce\tx\tkitchen\t\topen",
      "L8.2\tx\tx\tx\tenforce\tx\tperformance\t\tperhaps",
      "L8.2\tx\tx\tx\tenforce\tx\tperformance\t\tout",
      "L8.2\tx\tx\tx\tnone\tx\tperformance\t\topen",
      "L8.2\tx\tx\t\tenforce\tx\tperformance\t\topen",
      "L8.2 a\tx\tx\tx\tenforce\tx\tperformance\t\topen",
      "L8.2\tx\tx\tx\tenforce\tx\tperformance\tL9.1\topen",
      "L8.2\tx\tx\tx\tenforce\tx\tperformance\t\topen\n"
        + "L8.2\tx\tx\tx\tenforce\tx\tperformance\t\topen",
    ])
  func faults(rows: String) {
    let text = Register.columns.joined(separator: "\t") + "\n" + rows + "\n"
    #expect(Register(text).findings.count == 1)
  }

  @Test("citations are found in values, traits and doc comments, and nowhere else")
  func scanner() {
    let file = SwiftText(
      path: "Sources/A/A.swift",
      text: """
        /// L8.2, C3-118-*: a thing (L1.3(b)@2014). P-256 and `L9.9` are none; RFC 5280-4 neither.
        struct A {
          // L8.7
          let b = Clause("L8.3")  // clause: "L8.8"
          func c() {
            throw Refusal("x", clause: "L8.4", field: "clause: \\"L8.9\\"")
          }
        }
        @Test(
          "it holds",
          .clause("L8.5", "L8.6"))
        func d() { #expect(a.clause == "L8.2") }
        """)
    let found = file.citations(Self.sample).citations.map { "\($0.clause) \($0.symbol)" }
    #expect(
      found == [
        "L8.2 A", "C3-118 A", "L1.3(b)@2014 A", "L8.3 A.b", "L8.4 A.c", "L8.2 d",
        "L8.5 it holds", "L8.6 it holds",
      ])
    let wrong = Citations([file], Self.sample).findings
    #expect(wrong.map(\.line) == [4, 6, 11, 11])
    let computed = SwiftText(path: "Sources/A/A.swift", text: #"f(clause: "L8.\(n)")"#)
    #expect(Citations([computed], Self.sample).findings.count == 1)
  }

  @Test("a row that says done without source or test is found")
  func doneCanFail() {
    func citation(_ form: Citation.Form, _ path: String) -> Citation {
      Citation(clause: "L8", form: form, path: path, line: 1, symbol: "")
    }
    let source = citation(.value, "Sources/A/A.swift")
    let test = citation(.trait, "Tests/ATests/A.swift")
    #expect(Self.undone(Self.sample, []).count == 2)
    #expect(Self.undone(Self.sample, [source]).count == 1)
    #expect(Self.undone(Self.sample, [test]).count == 1)
    #expect(Self.undone(Self.sample, [source, test]).isEmpty)
  }

  @Test("a refusal without clause or without test is found")
  func refusalsCanFail() {
    let file = SwiftText(
      path: "Sources/A/Refusals.swift",
      text: """
        extension Refusal {
          /// L8.2: too many.
          package static func many(_ count: Int) -> Refusal {
            Refusal("many")
          }
          /// Too few.
          package static func few() -> Refusal { Refusal("too-few") }
        }
        """)
    let test = SwiftText(path: "Tests/ATests/A.swift", text: "#expect(throws: Refusal.many(3))")
    let words = Self.mentions([test])
    #expect(Self.unprovoked(file, Self.sample, testWords: words).map(\.line) == [7, 7])
    #expect(Self.unprovoked(file, Self.sample, testWords: ["few"]).map(\.line) == [3, 7])
    #expect(Self.unprovoked(file, Self.sample, testWords: ["too-few"]).map(\.line) == [3, 7])
  }
}
