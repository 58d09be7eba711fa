// SPDX-License-Identifier: Apache-2.0

import XML

/// What holds for each document that is taken in, and for each refusal.
enum XMLProperty {
  /// Limits that an input of a few hundred octets can pass.
  static let limits = XMLReaderLimits(
    octetsMax: 2048, depthMax: 6, attributesMax: 4, nameOctetsMax: 24, textOctetsMax: 128,
    elementsMax: 24)
  /// For what was read and is written again, which may be longer.
  private static let wide = XMLReaderLimits(
    octetsMax: 64 * 1024, depthMax: 6, attributesMax: 4, nameOctetsMax: 24,
    textOctetsMax: 16 * 1024, elementsMax: 24)

  static func check(_ input: [UInt8]) throws(Violation) -> Outcome {
    var stream = Stream()
    let refusal = stream.read(input, limits: limits)
    if let found = stream.found { throw Violation(found) }
    let element: Element
    do throws(XMLError) {
      element = try Element.read(input, limits: limits)
    } catch {
      try Violation.unless(error == refusal, "\(error), but as a stream \(refusal as Any)")
      try require(error, within: input)
      return Outcome(refusal: "\(error.code)", isPastFirstLength: error.code != .tooLarge)
    }
    try Violation.unless(refusal == nil, "taken in, but as a stream \(refusal as Any)")
    guard let root = stream.root else { throw Violation("a stream without an element") }
    try Violation.unless(same(element, root), "tree and stream differ")
    try Violation.unless(
      element.attributes.allSatisfy { element.attribute($0.name) != nil }
        && element.children.allSatisfy { element.child($0.name) != nil },
      "an attribute or a child that is not found by its name")
    try rewrite(element)
    return Outcome(isPastFirstLength: true)
  }

  /// What was read, written and read again is the same.
  private static func rewrite(_ element: Element) throws(Violation) {
    // Only names in ASCII are written here; others are read.
    guard isWritable(element) else { return }
    var writer = XMLWriter()
    writer.element(element)
    let octets = writer.finished()
    let again: Element
    do throws(XMLError) {
      again = try Element.read(octets, limits: wide)
    } catch {
      throw Violation("what was written is refused: \(error)")
    }
    try Violation.unless(same(element, again), "a document changes when it is written")
  }

  private static func require(_ error: XMLError, within input: [UInt8]) throws(Violation) {
    let lines = input.count { $0 == UInt8(ascii: "\n") } + 1
    try Violation.unless(
      (0...lines).contains(error.line) && (0...(input.count + 1)).contains(error.column),
      "\(error), input of \(input.count) octets and \(lines) lines")
    try Violation.unless(!error.detail.isEmpty && !"\(error)".contains("\n"), "no words")
  }

  private static func isWritable(_ element: Element) -> Bool {
    ([element.name] + element.attributes.map(\.name)).allSatisfy {
      $0.utf8.allSatisfy { $0 < 0x80 }
    }
      && element.children.allSatisfy(isWritable)
  }

  private static func same(_ left: Element, _ right: Element) -> Bool {
    left.name == right.name && left.text.utf8.elementsEqual(right.text.utf8)
      && left.attributes.elementsEqual(right.attributes, by: ==)
      && left.children.elementsEqual(right.children, by: same)
  }
}

/// A document as a stream of events, put together without the room's own tree.
private struct Stream {
  private(set) var root: Element?
  /// The first property that did not hold.
  private(set) var found: String?
  private var open: [Element] = []

  private mutating func unless(_ isTrue: Bool, _ what: @autoclosure () -> String) {
    if !isTrue, found == nil { found = what() }
  }

  /// Reads to the end or to the first mistake, which is handed back.
  mutating func read(_ input: [UInt8], limits: XMLReaderLimits) -> XMLError? {
    let events: XMLEvents
    do throws(XMLError) {
      events = try XMLEvents(input, limits: limits)
    } catch {
      return error
    }
    do throws(XMLError) {
      while let event = try events.next() { take(event, limits) }
    } catch {
      let after = try? events.next()
      unless(after == nil, "a reader that met a mistake goes on")
      return error
    }
    unless(open.isEmpty && root != nil, "the end of a document with open elements or none")
    return nil
  }

  private mutating func take(_ event: XMLEvent, _ limits: XMLReaderLimits) {
    switch event {
    case .start(let name, let attributes):
      unless(root == nil, "a second root")
      unless(name.utf8.count <= limits.nameOctetsMax && !name.isEmpty, "name \(name)")
      unless(attributes.count <= limits.attributesMax, "\(attributes.count) attributes")
      unless(
        attributes.allSatisfy { $0.value.utf8.count <= limits.textOctetsMax }, "a long value")
      open.append(Element(name, attributes: attributes))
      let depth = open.count
      unless(depth <= limits.depthMax, "\(depth) deep")
    case .text(let text):
      unless(text.utf8.count <= limits.textOctetsMax, "text of \(text.utf8.count) octets")
      guard let last = open.popLast() else { return }
      open.append(
        Element(
          last.name, attributes: last.attributes, text: last.text + text, children: last.children))
    case .end(let name):
      guard let last = open.popLast() else { return unless(false, "an end without a beginning") }
      unless(last.name == name, "\(last.name) ends as \(name)")
      let isBlank = last.text.utf8.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
      let closed = Element(
        name, attributes: last.attributes,
        text: isBlank && !last.children.isEmpty ? "" : last.text, children: last.children)
      guard let outer = open.popLast() else { return root = closed }
      open.append(
        Element(
          outer.name, attributes: outer.attributes, text: outer.text,
          children: outer.children + [closed]))
    }
  }
}
