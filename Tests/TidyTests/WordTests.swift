// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("Words that do not belong in the project")
struct WordTests {
  /// In code, each with what to do instead.
  static let bannedInCode = [
    ("try!", "throw, or catch and say what happens"),
    (" as! ", "use a type that cannot be wrong, or `as?`"),
    ("fatalError(", "refuse input by throwing; `precondition` for a mistake of the programmer"),
    ("public ", "rooms show `package`; nothing is public"),
    ("open class ", "rooms show `package`; nothing is public"),
    ("@testable ", "tests use what the rooms show"),
    ("@_", "no attribute that is not Swift's own to keep"),
    ("import XCTest", "Swift Testing only"),
    ("Mutex(", "`Guarded`, so that every lock can be watched"),
  ]

  /// In comments and code; spelt in halves, so that this list does not find itself.
  static let unfinished = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]

  /// In any text: folders of somebody's machine.
  static let machinePaths = ["work", "root", "farm", "home"].map { "/\($0)/" }

  /// Endings of names that say nothing.
  static let emptyNames = ["Utils", "Util", "Utilities", "Helper", "Helpers", "Manager", "Impl"]

  static func findings(in file: SwiftText) -> [Finding] {
    let isThreads = file.path.hasPrefix("Sources/Threads/")
    var findings: [Finding] = []
    for (index, line) in file.lines.enumerated() {
      func complain(_ message: String) { findings.append(file.finding(index + 1, message)) }
      for (word, advice) in bannedInCode where line.code.contains(word) {
        if word == "Mutex(", isThreads { continue }
        if word == "@_", file.path.hasPrefix("Fuzz/") { continue }  // libFuzzer's entry point
        if word == "public ", !Self.isWord("public", in: line.code) { continue }
        complain("\(word.trimming()): \(advice)")
      }
      for word in unfinished
      where isWord(word, in: line.code) || isWord(word, in: line.comment) {
        complain("\(word): finish it, or write an issue")
      }
      if let declaration = Declaration(line.code), declaration.isType,
        emptyNames.contains(where: declaration.name.hasSuffix)
      {
        complain("\(declaration.name) says nothing: name what it is")
      }
      for path in machinePaths where line.raw.contains(path) {
        complain("\(path) is a folder of somebody's machine")
      }
    }
    return findings
  }

  static func findings(in text: PlainText) -> [Finding] {
    text.lines.enumerated().flatMap { index, line -> [Finding] in
      let paths = machinePaths.filter(line.contains)
        .map { "\($0) is a folder of somebody's machine" }
      let words = unfinished.filter { isWord($0, in: String(line)) }.map { "\($0): finish it" }
      return (paths + words).map { Finding(path: text.path, line: index + 1, message: $0) }
    }
  }

  /// Whether the word stands alone, with no letter, digit or underscore beside it.
  static func isWord(_ word: String, in text: String) -> Bool {
    guard let range = text.firstRange(of: word) else { return false }
    func isPart(_ character: Character?) -> Bool {
      character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }
    return !isPart(text[..<range.lowerBound].last) && !isPart(text[range.upperBound...].first)
  }

  @Test("no banned word in Swift files")
  func swiftFiles() {
    expectNone(Project.here.swift.flatMap(Self.findings))
  }

  @Test("no unfinished work and no machine path in other texts")
  func otherTexts() {
    expectNone(Project.here.texts.filter { $0.path != "LICENSE" }.flatMap(Self.findings))
  }

  @Test(
    "the check fails for each banned word",
    arguments: [
      "let a = try! f()", "let a = b as! C", "fatalError(\"x\")", "public struct A {}",
      "@testable import A", "@_cdecl(\"a\")", "let a = Mutex(1)", "struct KeyManager {}",
      "enum DERUtils {}", "import XCTest", "// " + unfinished[0], "let a = 1  // " + unfinished[1],
      "let path = \"" + machinePaths[0] + "a\"", "/// see " + machinePaths[1],
    ])
  func canFail(text: String) {
    #expect(Self.findings(in: SwiftText(path: "Sources/A/a.swift", text: text)).count == 1)
  }

  @Test(
    "what only looks like one passes",
    arguments: [
      "let a = \"try! public fatalError(\"", "let isPublic = republic == 1", "// try! is banned",
      "struct Manageress {}", "let x = \"XXXXXX\"", "struct ToDoList {}", "var publicKey: Int",
    ])
  func canPass(text: String) {
    #expect(Self.findings(in: SwiftText(path: "Sources/A/a.swift", text: text)).isEmpty)
  }

  @Test("the check of other texts fails too")
  func otherTextsCanFail() {
    #expect(
      Self.findings(in: PlainText(path: "a.md", text: "see \(Self.machinePaths[2])")).count == 1)
    #expect(Self.findings(in: PlainText(path: "a.md", text: "x \(Self.unfinished[3])")).count == 1)
    #expect(Self.findings(in: PlainText(path: "a.md", text: "a homework/root")).isEmpty)
  }
}

extension String {
  /// The text without spaces at its ends.
  fileprivate func trimming() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
