// SPDX-License-Identifier: Apache-2.0

/// Writes a document from front to back.
///
/// Text and values are escaped; characters that XML 1.0 does not allow are written as U+FFFD.
package struct XMLWriter: Sendable {
  private var octets: [UInt8] = []
  private var open: [String] = []
  /// The start tag that was written last has no closing bracket yet.
  private var isTagOpen = false

  /// A writer that has written the XML declaration, unless told not to.
  package init(declaration: Bool = true) {
    if declaration { put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") }
  }

  /// Makes room for a document of about this size, in octets.
  package mutating func reserve(_ count: Int) {
    octets.reserveCapacity(count)
  }

  /// Begins an element.
  package mutating func start(_ name: String, attributes: [(name: String, value: String)] = []) {
    closeTag()
    precondition(Self.isName(name), "an element's name is not legal")
    put("<")
    put(name)
    for attribute in attributes {
      precondition(Self.isName(attribute.name), "an attribute's name is not legal")
      put(" ")
      put(attribute.name)
      put("=\"")
      escape(attribute.value, isAttribute: true)
      put("\"")
    }
    open.append(name)
    isTagOpen = true
  }

  /// Writes text into the element that is open.
  package mutating func text(_ text: String) {
    precondition(!open.isEmpty, "text stands in an element")
    closeTag()
    escape(text, isAttribute: false)
  }

  /// Ends the element that was begun last.
  package mutating func end() {
    guard let name = open.popLast() else { preconditionFailure("no element is open") }
    if isTagOpen {
      put("/>")
      isTagOpen = false
    } else {
      put("</")
      put(name)
      put(">")
    }
  }

  /// Writes an element that holds only text.
  package mutating func element(
    _ name: String, attributes: [(name: String, value: String)] = [], text: String
  ) {
    start(name, attributes: attributes)
    if !text.isEmpty { self.text(text) }
    end()
  }

  /// Writes an element with all that stands in it: its text, then its children.
  package mutating func element(_ element: Element) {
    start(element.name, attributes: element.attributes)
    if !element.text.isEmpty { text(element.text) }
    for child in element.children { self.element(child) }
    end()
  }

  /// The document in UTF-8; all elements must have ended.
  package consuming func finished() -> [UInt8] {
    precondition(open.isEmpty, "an element is still open")
    return octets
  }

  private mutating func closeTag() {
    if isTagOpen {
      put(">")
      isTagOpen = false
    }
  }

  private mutating func put(_ text: String) {
    octets.append(contentsOf: text.utf8)
  }

  private mutating func escape(_ text: String, isAttribute: Bool) {
    guard text.utf8.contains(where: { Self.isSpecial($0) }) else { return put(text) }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": put("&amp;")
      case "<": put("&lt;")
      case ">": put("&gt;")
      case "\"": put(isAttribute ? "&quot;" : "\"")
      case "\r": put("&#13;")
      case "\n": put(isAttribute ? "&#10;" : "\n")
      case "\t": put(isAttribute ? "&#9;" : "\t")
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": put("\u{FFFD}")
      default: octets.append(contentsOf: String(scalar).utf8)
      }
    }
  }

  /// Whether the octet may begin something that needs care; 0xEF begins U+FFFE and U+FFFF.
  private static func isSpecial(_ octet: UInt8) -> Bool {
    octet < 0x20 || octet == 0x26 || octet == 0x3c || octet == 0x3e || octet == 0x22
      || octet == 0xef
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != 0x2d, first != 0x2e, !(0x30...0x39 ~= first) else {
      return false
    }
    return name.utf8.allSatisfy {
      0x61...0x7a ~= $0 | 0x20 || 0x30...0x39 ~= $0 || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f
        || $0 == 0x3a
    }
  }
}
