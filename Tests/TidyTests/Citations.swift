// SPDX-License-Identifier: Apache-2.0

/// A place where the code or a test names a clause.
struct Citation: Hashable, Sendable {
  enum Form: Hashable, Sendable {
    /// `clause: "L8.2"`, `Clause("L8.2")`, `clause == "L8.2"`.
    case value
    /// `.clause("L8.2")` on a test or a suite.
    case trait
    /// In the text of a doc comment.
    case comment
  }

  let clause: String
  let form: Form
  let path: String
  let line: Int
  /// The declaration that cites, or the sentence of the test.
  let symbol: String
}

extension SwiftText {
  /// Everywhere that this file names a clause, and what cannot be followed.
  func citations(_ register: Register) -> (citations: [Citation], findings: [Finding]) {
    let hasValues = code.contains("lause")
    let comments = lines.indices.filter { lines[$0].isDocComment }
    let commented = comments.flatMap { index in
      Self.words(ofDocComment: lines[index].comment).filter(register.isCitation)
        .map { (index + 1, String($0)) }
    }
    guard hasValues || !commented.isEmpty else { return ([], []) }
    let outline = Outline(self)
    var citations = commented.map { line, clause in
      Citation(
        clause: clause, form: .comment, path: path, line: line,
        symbol: outline.symbol(after: line))
    }
    guard hasValues else { return (citations, []) }
    let (values, valueFindings) = values(outline)
    let (traits, traitFindings) = traits(outline)
    citations += values + traits
    return (citations, valueFindings + traitFindings)
  }

  private func values(_ outline: Outline) -> ([Citation], [Finding]) {
    let form = #/(?:clause(?::| ==) (?:Clause\()?|Clause\(|: Clause = )"(\d+)"/#
    let numbers = code.matches(of: form).compactMap { Int($0.1) }
    return cited(numbers.map { ($0, outline.symbol(at: literals[$0].line)) }, as: .value)
  }

  private func traits(_ outline: Outline) -> ([Citation], [Finding]) {
    var cited: [(Int, String)] = []
    for match in code.matches(of: #/\.clause\(([^()]*)\)/#) {
      let numbers = match.1.matches(of: #/"(\d+)"/#).compactMap { Int($0.1) }
      let attribute = code[..<match.range.lowerBound].suffix(400)
      let sentence = attribute.matches(of: #/@(?:Test|Suite)\(\s*"(\d+)"/#).last
        .flatMap { Int($0.1) }.map { literals[$0].text }
      cited += numbers.map { number in
        (number, sentence ?? outline.symbol(after: literals[number].line))
      }
    }
    return self.cited(cited, as: .trait)
  }

  private func cited(
    _ numbers: [(Int, String)], as form: Citation.Form
  ) -> ([Citation], [Finding]) {
    var citations: [Citation] = []
    var findings: [Finding] = []
    for (number, symbol) in numbers {
      let literal = literals[number]
      if literal.isInterpolated {
        findings.append(finding(literal.line, "a clause is written whole, never computed"))
      } else if !literal.text.isEmpty || path.hasPrefix("Sources/") {
        // A test of what an entry may hold can leave its clause empty; a source cannot.
        citations.append(
          Citation(
            clause: literal.text, form: form, path: path, line: literal.line, symbol: symbol))
      }
    }
    return (citations, findings)
  }

  /// The words of a doc comment without their punctuation; what stands in backticks is an example.
  static func words(ofDocComment comment: String) -> [Substring] {
    guard comment.utf8.contains(where: { (65...90).contains($0) }),
      comment.utf8.contains(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
    else { return [] }
    var isExample = false
    return comment.dropFirst(3).split(separator: "`", omittingEmptySubsequences: false)
      .flatMap { part -> [Substring] in
        defer { isExample.toggle() }
        return isExample ? [] : part.split { $0 == " " || $0 == "/" || $0 == "," }.map(bare)
      }
  }

  /// `(L8.1(b)(i)),` → `L8.1(b)(i)`: punctuation at the ends, and brackets without their partner.
  private static func bare(_ word: Substring) -> Substring {
    var word = word
    while let last = word.last, ".,:;?!".contains(last) { word.removeLast() }
    if word.hasSuffix("-*") { word.removeLast(2) }  // a stem, written out
    while let first = word.first, "([".contains(first) { word.removeFirst() }
    while let last = word.last, last == "]" || last == ")" || ".,:;".contains(last),
      last != ")" || word.count(where: { $0 == ")" }) > word.count(where: { $0 == "(" })
    { word.removeLast() }
    return word
  }
}

/// Every citation of the project.
struct Citations: Sendable {
  let all: [Citation]
  let findings: [Finding]

  static let here = Citations(Project.here.swift, Law.register)

  init(_ files: [SwiftText], _ register: Register) {
    var all: [Citation] = []
    var findings: [Finding] = []
    for file in files where !file.path.hasPrefix("Tests/TidyTests/") {
      let (citations, faults) = file.citations(register)
      all += citations
      findings += faults
      findings += citations.filter { !register.covers($0.clause) }.map {
        file.finding($0.line, "\($0.clause) is no row of \(Register.path), nor a stem of rows")
      }
    }
    self.all = all
    self.findings = findings
  }
}

/// The register as it lies on disk, read once.
enum Law {
  static let register = Register(Project.here.text(Register.path) ?? "")
}
