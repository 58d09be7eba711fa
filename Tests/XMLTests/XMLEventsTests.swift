// SPDX-License-Identifier: Apache-2.0

import Testing
import XML

@Suite("Reading events")
struct XMLEventsTests {
  @Test("events come in the order of the text")
  func order() throws {
    let events = try XMLEvents(
      Array("<a x='1'>t<b/><!-- c --><c>u</c></a>".utf8), limits: .small)
    var seen: [String] = []
    while let event = try events.next() {
      switch event {
      case .start(let name, let attributes):
        seen.append("<\(name)" + attributes.map { " \($0.name)=\($0.value)" }.joined())
      case .text(let text): seen.append(text)
      case .end(let name): seen.append("/\(name)")
      }
    }
    #expect(seen == ["<a x=1", "t", "<b", "/b", "<c", "u", "/c", "/a"])
  }

  @Test("a batch of 50,000 is read to its end")
  func batch() throws {
    var writer = XMLWriter()
    let text = String(repeating: "A", count: 300)
    writer.start("SubmitCSRBatch", attributes: [("ID", "1")])
    for number in 0..<50_000 {
      writer.element("DeviceCSR", attributes: [("ID", "ID\(number)")], text: text)
    }
    writer.end()
    let octets = writer.finished()
    let limits = XMLReaderLimits(octetsMax: 64 << 20, elementsMax: 50_010)
    var count = 0
    var textOctets = 0
    let time = try ContinuousClock().measure {
      let events = try XMLEvents(octets, limits: limits)
      while let event = try events.next() {
        switch event {
        case .start: count += 1
        case .text(let text): textOctets += text.utf8.count
        case .end: break
        }
      }
    }
    #expect(count == 50_001)
    #expect(textOctets == 15_000_000)
    print("XML: \(octets.count) octets, 50,000 elements in \(time)")
  }

  @Test("a reader that met a mistake has nothing more to say")
  func stops() throws {
    let events = try XMLEvents(Array("<a><b></a><c/>".utf8), limits: .small)
    #expect(throws: XMLError.self) { while try events.next() != nil {} }
    #expect(try events.next() == nil)
  }

  @Test(
    "what is said of a text does not depend on the text before it",
    arguments: ["<b", "<b></c>", "<a/>x", "<a><!-- ", "<a>&x;</a>", "<a b='"])
  func history(text: String) throws {
    func error() -> XMLError? {
      #expect(throws: XMLError.self) { try Element.read(Array(text.utf8)) }
    }
    let alone = try #require(error())
    #expect(alone.line > 0)
    let long = "<a>" + String(repeating: "<b>text</b>\n", count: 40) + "</a>"
    for before in ["<a/>", "<a>t</a>", long, text] {
      _ = try? Element.read(Array(before.utf8))
      #expect(error() == alone, "after \(before)")
    }
  }
}
