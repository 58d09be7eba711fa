// SPDX-License-Identifier: Apache-2.0

import Testing
import XML

@Suite("Writing")
struct XMLWriterTests {
  func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }

  @Test("a document is written as it is told")
  func document() {
    var writer = XMLWriter()
    writer.start("a", attributes: [("b", "1")])
    writer.element("c", text: "d")
    writer.element("e", text: "")
    writer.end()
    #expect(
      text(writer.finished())
        == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"1\"><c>d</c><e/></a>")
  }

  @Test(
    "what is written is read back the same",
    arguments: [
      "plain", "<&>\"'", "a\r\nb\tc", "]]>", "é€😀", " blanks ", "&amp;", "\u{FFFD}", "\u{FEFF}x",
    ])
  func roundTrip(_ text: String) throws {
    var writer = XMLWriter()
    writer.element(Element("a", attributes: [("b", text)], text: text))
    let root = try Element.read(writer.finished())
    #expect(root.text.unicodeScalars.elementsEqual(text.unicodeScalars))
    #expect(root.attribute("b")?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
  }

  @Test("characters that XML does not allow are replaced", arguments: ["\0", "\u{1}", "\u{FFFE}"])
  func illegal(_ character: String) throws {
    var writer = XMLWriter()
    writer.element("a", text: "x\(character)y")
    #expect(try Element.read(writer.finished()).text == "x\u{FFFD}y")
  }

  @Test("a name that would break the document stops the program")
  func illegalName() async {
    await #expect(processExitsWith: .failure) {
      var writer = XMLWriter()
      writer.start("a b")
    }
  }

  @Test("a document whose elements are open is not handed out")
  func openElement() async {
    await #expect(processExitsWith: .failure) {
      var writer = XMLWriter()
      writer.start("a")
      _ = writer.finished()
    }
  }
}
