// SPDX-License-Identifier: Apache-2.0

/// An element of a small document with all that stands in it.
///
/// Names are kept as written, prefix and all; comments are gone.
package struct Element: Sendable {
  /// The name as written.
  package let name: String
  /// The attributes in their order, namespace declarations among them.
  package let attributes: [(name: String, value: String)]
  /// The element's own text; empty when it has children and otherwise only blanks.
  package internal(set) var text: String
  /// The elements that stand in it, in their order.
  package internal(set) var children: [Element]
  /// The line on which it begins, from 1; 0 when it was not read.
  package let line: Int

  /// An element made by hand.
  package init(
    _ name: String, attributes: [(name: String, value: String)] = [], text: String = "",
    children: [Element] = [], line: Int = 0
  ) {
    self.name = name
    self.attributes = attributes
    self.text = text
    self.children = children
    self.line = line
  }

  /// The value of the attribute with this name.
  package func attribute(_ name: String) -> String? {
    for attribute in attributes where attribute.name == name { return attribute.value }
    return nil
  }

  /// The first child with this name.
  package func child(_ name: String) -> Element? {
    for child in children where child.name == name { return child }
    return nil
  }

  /// Reads a small document whole.
  ///
  /// - Throws: `XMLError` with the place of what is wrong.
  package static func read(
    _ octets: [UInt8], limits: XMLReaderLimits = .small
  ) throws(XMLError) -> Element {
    let events = try XMLEvents(octets, limits: limits)
    var open: [Element] = []
    while let event = try events.next() {
      switch event {
      case .start(let name, let attributes):
        open.append(Element(name, attributes: attributes, line: events.line))
      case .text(let text):
        if !open.isEmpty { open[open.count - 1].text += text }
      case .end:
        guard var closed = open.popLast() else { continue }
        if !closed.children.isEmpty, closed.text.utf8.allSatisfy(Self.isBlank) { closed.text = "" }
        guard !open.isEmpty else {
          // Nothing but comments may follow; the reader says so.
          while try events.next() != nil {}
          return closed
        }
        open[open.count - 1].children.append(closed)
      }
    }
    throw XMLError(.notWellFormed, "no element")
  }

  private static func isBlank(_ octet: UInt8) -> Bool {
    octet == 0x20 || octet == 0x0a || octet == 0x09 || octet == 0x0d
  }
}
