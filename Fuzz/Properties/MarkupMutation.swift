// SPDX-License-Identifier: Apache-2.0

/// Changes of a document by tags and runs of text, most of which keep it well-formed.
enum MarkupMutation {
  /// Pieces worth putting between tags.
  private static let pieces =
    [
      "<!-- c -->", "<!---->", "<!-- a -- b -->", "<![CDATA[ <x> ]]>", "<![CDATA[]]>", "]]>",
      "&amp;",
      "&lt;&gt;&quot;&apos;", "&#10;", "&#13;", "&#x20AC;", "&#0;", "&#xFFFE;", "&#x110000;",
      "&nbsp;",
      "&a;", "<b/>", "<a:b xmlns:a='u'/>", "<?pi x?>", "<?xml version='1.0'?>", "<!DOCTYPE a>",
      "<!DOCTYPE a [<!ENTITY b 'c'>]>", "é", "\u{FFFD}", "\u{1F600}", "\r\n", "\t", "  ", "<", ">",
      "&", "<b", "</b>", "<c d='1' e=\"2\">t</c>", "<b>\n</b>",
      String(repeating: "<d>", count: 6) + String(repeating: "</d>", count: 6),
      String(repeating: "x", count: 130), String(repeating: "<e/>", count: 12),
    ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x00], [0x01]]

  /// Pieces worth putting into a tag.
  private static let attributes = [
    " a='1'", " a=\"&lt;&#9;\"", " b=' \n'", " xmlns='u'", " xmlns:p='v'", " p:c='d'",
    " xml:lang='e'",
    " a", " a=1", " a='<'", " a='&x;'", "/", " ", "'", "\"", ">", String(repeating: "n", count: 26),
    " v='" + String(repeating: "y", count: 130) + "'", " q='1' r='2' s='3' t='4'",
  ].map { Array($0.utf8) }

  /// What may stand in front.
  private static let fronts =
    [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "<?xml version='1.0'?>",
      "<?xml encoding='utf-8'?>",
      "<?xml version='1.0' encoding='UTF-16'?>", "<?xml version='1.0' standalone='yes'?>", "<?xml ",
      "\u{FEFF}", "<?xml version='1.1'?>", "<?xml\tversion='1.0' encoding=?>",
      "<?xml version='1.0' " + String(repeating: " ", count: 200) + "?>",
    ].map { Array($0.utf8) } + [[0xFE, 0xFF], [0xFF, 0xFE]]

  /// The input with one to three changes.
  static func change(
    _ input: [UInt8], _ dice: inout Dice, blind: ([UInt8]) -> [UInt8]
  ) -> [UInt8]? {
    var tokens = tokens(of: input)
    for _ in 0...min(dice.below(3), dice.below(3)) where !tokens.isEmpty {
      let index = dice.below(tokens.count)
      let range = element(at: index, in: tokens)
      switch dice.below(12) {
      case 0, 1: tokens.insert(dice.pick(pieces), at: index + dice.below(2))
      case 2: tokens.removeSubrange(range)
      case 3: tokens.insert(contentsOf: tokens[range], at: range.lowerBound)
      case 4:
        tokens.insert(Array("</w>".utf8), at: range.upperBound)
        tokens.insert(Array("<w>".utf8), at: range.lowerBound)
      case 5, 6: addAttribute(&tokens[index], dice.pick(attributes))
      case 7 where dice.hits(oneOf: 4): tokens.insert(dice.pick(fronts), at: 0)
      case 8: tokens[index] = dice.pick(pieces)
      case 9: tokens.remove(at: index)
      case 10: tokens.swapAt(index, dice.below(tokens.count))
      default: tokens[index] = blind(tokens[index])
      }
    }
    return Array(tokens.joined())
  }

  /// Tags and the runs between them.
  private static func tokens(of input: [UInt8]) -> [[UInt8]] {
    var tokens: [[UInt8]] = []
    var start = input.startIndex
    for index in input.indices {
      if input[index] == UInt8(ascii: "<"), index > start {
        tokens.append(Array(input[start..<index]))
        start = index
      } else if input[index] == UInt8(ascii: ">"), input[start] == UInt8(ascii: "<") {
        tokens.append(Array(input[start...index]))
        start = index + 1
      }
    }
    if start < input.endIndex { tokens.append(Array(input[start...])) }
    return tokens
  }

  /// The tokens from a start tag to its end tag; else the one token.
  private static func element(at index: Int, in tokens: [[UInt8]]) -> Range<Int> {
    var depth = 0
    for place in tokens.indices[index...] {
      depth += step(tokens[place])
      if depth <= 0 { return index..<(place + 1) }
    }
    return index..<(index + 1)
  }

  private static func step(_ token: [UInt8]) -> Int {
    guard token.count > 2, token[0] == UInt8(ascii: "<") else { return 0 }
    switch token[1] {
    case UInt8(ascii: "/"): return -1
    case UInt8(ascii: "!"), UInt8(ascii: "?"): return 0
    default: return token[token.count - 2] == UInt8(ascii: "/") ? 0 : 1
    }
  }

  /// Puts a piece behind the name of a start tag.
  private static func addAttribute(_ token: inout [UInt8], _ piece: [UInt8]) {
    guard token.first == UInt8(ascii: "<"), token.last == UInt8(ascii: ">") else { return }
    let end = token.dropFirst().firstIndex { [0x20, 0x2F, 0x3E, 0x0A].contains($0) }
    token.insert(contentsOf: piece, at: end ?? token.count - 1)
  }
}
