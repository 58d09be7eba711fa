// SPDX-License-Identifier: Apache-2.0

import HTTP
package import SEC
package import XML

/// The body of a request to one of the XML interfaces, read whole within limits.
package enum XMLBody {
  /// The most elements of a small request, wanted or not.
  static let elementsMax = 16
  /// How deep elements may stand in each other.
  static let depthMax = 4

  /// Reads a small document, of which no text is longer than the whole may be.
  ///
  /// - Throws: `media-type`, `xml-not-well-formed`, `xml-forbidden`, `xml-too-large`.
  package static func read(
    _ body: [UInt8], mediaType: String?, octetsMax: Int
  ) throws(Refusal) -> Element {
    guard isXML(mediaType) else { throw .mediaType(mediaType) }
    do {
      return try Element.read(
        body,
        limits: XMLReaderLimits(
          octetsMax: octetsMax, depthMax: depthMax, attributesMax: 8, nameOctetsMax: 64,
          textOctetsMax: octetsMax, elementsMax: elementsMax))
    } catch {
      throw refusal(error)
    }
  }

  /// The texts of an element that holds exactly these children, each once, in their order, and
  /// each nothing but text.
  ///
  /// - Throws: `xml-element`, `xml-attribute`.
  static func texts(
    of element: Element, _ names: [String], clause: Clause
  ) throws(Refusal) -> [String] {
    let expected = names.joined(separator: ", then ")
    guard element.text.isEmpty else {
      throw .xmlElement(
        clause, expected: "\(expected) in \(element.name) and no text beside them",
        found: "“\(element.text)”", line: element.line)
    }
    for (position, child) in element.children.enumerated() {
      guard position < names.count, child.name == names[position] else {
        throw .xmlElement(
          clause, expected: "\(expected) in \(element.name)", found: child.name, line: child.line)
      }
      try check(child, clause: clause)
    }
    guard element.children.count == names.count else {
      throw .xmlElement(
        clause, expected: "\(expected) in \(element.name)",
        found: "no \(names[element.children.count])", line: element.line)
    }
    return element.children.map(\.text)
  }

  /// An element without children, and without attributes beside those of XML Schema itself.
  ///
  /// - Throws: `xml-element`, `xml-attribute`.
  static func check(
    _ element: Element, attributes known: [String] = [], isLeaf: Bool = true, clause: Clause
  ) throws(Refusal) {
    if isLeaf, let child = element.children.first {
      throw .xmlElement(
        clause, expected: "only text in \(element.name)", found: child.name, line: child.line)
    }
    for attribute in element.attributes {
      let name = attribute.name
      // What every instance of a schema may carry: other prefixes, and the schema's place.
      guard !known.contains(name), !name.hasPrefix("xmlns:"), !name.hasPrefix("xsi:") else {
        continue
      }
      throw .xmlAttribute(
        clause, element: element.name,
        expected: known.isEmpty ? "no attribute" : known.joined(separator: ", "), found: name)
    }
  }

  /// application/xml or text/xml, in UTF-8 where a character set is named.
  static func isXML(_ mediaType: String?) -> Bool {
    guard let mediaType else { return false }
    let parts = mediaType.lowercased().split(separator: ";", omittingEmptySubsequences: false)
      .map { $0.filter { !" \t\"".contains($0) } }
    guard let type = parts.first, type == "application/xml" || type == "text/xml" else {
      return false
    }
    return parts.dropFirst().allSatisfy { !$0.hasPrefix("charset=") || $0 == "charset=utf-8" }
  }

  private static func refusal(_ error: XMLError) -> Refusal {
    switch error.code {
    case .notWellFormed: .xmlNotWellFormed(error)
    case .documentType, .processingInstruction, .encoding: .xmlForbidden(error)
    case .tooLarge, .tooDeep, .tooManyElements, .tooManyAttributes, .nameTooLong, .textTooLong:
      .xmlTooLarge(error)
    }
  }
}
