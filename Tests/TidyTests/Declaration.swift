// SPDX-License-Identifier: Apache-2.0

/// The declaration that a line of code begins, as far as one line shows it.
struct Declaration: Equatable, Sendable {
  let keyword: String
  let name: String
  /// The words before the keyword, such as `package` and `static`.
  let modifiers: [String]

  private static let types: Set<Substring> = [
    "struct", "class", "enum", "protocol", "actor", "extension", "typealias",
  ]
  private static let members: Set<Substring> = ["func", "var", "let", "case", "subscript", "init"]
  private static let words: Set<Substring> = [
    "package", "private", "fileprivate", "internal", "public", "open", "static", "final",
    "mutating", "nonmutating", "consuming", "borrowing", "nonisolated", "override", "indirect",
    "lazy", "weak", "unowned", "required", "convenience", "nonisolated(unsafe)", "private(set)",
    "package(set)", "unowned(unsafe)", "prefix", "postfix", "infix", "macro", "unsafe",
  ]

  /// Reads a line of code whose comments are gone and whose ends are trimmed.
  init?(_ code: String) {
    var modifiers: [String] = []
    var rest = code[...]
    while true {
      let word = rest.prefix { $0 != " " && $0 != "(" && $0 != "<" && $0 != "{" && $0 != "?" }
      if word.hasPrefix("@") || Self.words.contains(word) {
        let whole = Self.wholeWord(rest)
        modifiers.append(String(whole))
        rest = rest[whole.endIndex...].drop { $0 == " " }
        guard !rest.isEmpty else { return nil }
        continue
      }
      if word == "class", Self.isModifier(rest.dropFirst(word.count)) {
        modifiers.append("class")
        rest = rest.dropFirst(word.count).drop { $0 == " " }
        continue
      }
      guard Self.types.contains(word) || Self.members.contains(word) else { return nil }
      let after = rest.dropFirst(word.count).drop { $0 == " " }
      keyword = String(word)
      self.modifiers = modifiers
      switch word {
      case "init", "subscript": name = keyword
      case "func":
        name =
          String(after.prefix { $0 != "(" && $0 != "<" }.filter { $0 != " " })
          .nonEmpty ?? String(after.prefix { $0 != "(" && $0 != " " })
      default:
        name = String(after.prefix { $0.isLetter || $0.isNumber || "_.`".contains($0) })
      }
      guard !name.isEmpty, !(word == "case" && !(name.first?.isLowercase ?? false)) else {
        return nil
      }
      return
    }
  }

  /// Whether it can hold statements: a function, an initialiser, a computed property.
  var hasBody: Bool { ["func", "init", "var", "subscript"].contains(keyword) }
  var isType: Bool { Self.types.contains(keyword[...]) }

  /// A modifier or attribute with what stands in its parentheses: `@Test("0", .clause("1"))`.
  private static func wholeWord(_ text: Substring) -> Substring {
    var depth = 0
    var end = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case " " where depth == 0: return text[..<index]
      default: break
      }
      end = text.index(after: index)
    }
    return text[..<end]
  }

  /// `class func` and `class var` use the word as a modifier.
  private static func isModifier(_ rest: Substring) -> Bool {
    let next = rest.drop { $0 == " " }
    return next.hasPrefix("func ") || next.hasPrefix("var ")
  }
}

extension String {
  /// The text, or nil when there is none.
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

/// The declarations around each line of a file, by indentation.
struct Outline: Sendable {
  /// For each line, the names from the outermost type to the innermost member.
  let symbols: [String]
  /// For each line, whether a declaration begins on it that is not inside a function.
  let begins: [Bool]

  init(_ file: SwiftText) {
    var stack: [(indent: Int, declaration: Declaration)] = []
    var symbols: [String] = []
    var begins: [Bool] = []
    for line in file.lines {
      guard !line.code.isEmpty else {
        symbols.append(Self.name(stack))
        begins.append(false)
        continue
      }
      if !line.code.hasPrefix(")") && !line.code.hasPrefix("{") {
        stack.removeAll { $0.indent > line.indent || ($0.indent == line.indent) }
      }
      var begun = false
      if let declaration = Declaration(line.code), stack.allSatisfy({ $0.declaration.isType }) {
        stack.append((line.indent, declaration))
        begun = true
      }
      symbols.append(Self.name(stack))
      begins.append(begun)
    }
    self.symbols = symbols
    self.begins = begins
  }

  /// The symbol that a doc comment on this line (from 1) speaks of: the next declaration's.
  func symbol(after line: Int) -> String {
    let next = begins.indices.first { $0 >= line && begins[$0] }
    return next.map { symbols[$0] } ?? symbol(at: line)
  }

  /// The symbol that this line (from 1) belongs to.
  func symbol(at line: Int) -> String { symbols[line - 1] }

  private static func name(_ stack: [(indent: Int, declaration: Declaration)]) -> String {
    stack.map(\.declaration.name).joined(separator: ".")
  }
}
