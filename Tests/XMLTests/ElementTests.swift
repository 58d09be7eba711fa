// SPDX-License-Identifier: Apache-2.0

import Testing
import XML

@Suite("Reading a small document")
struct ElementTests {
  static func read(
    _ text: String, limits: XMLReaderLimits = .small
  ) throws(XMLError) -> Element {
    try Element.read(Array(text.utf8), limits: limits)
  }

  @Test("a request of the ad hoc service is read")
  func request() throws {
    let root = try Self.read(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!-- a comment is skipped -->
      <DeviceCertificateSigningRequest ID="ref&amp;1">
        <Version>1.0</Version>
        <CertificateSigningRequest>MIIB<!-- here too -->AAA=</CertificateSigningRequest>
        <Empty/>
      </DeviceCertificateSigningRequest>
      """)
    #expect(root.name == "DeviceCertificateSigningRequest")
    #expect(root.attribute("ID") == "ref&1")
    #expect(root.text == "")
    #expect(root.children.map(\.name) == ["Version", "CertificateSigningRequest", "Empty"])
    #expect(root.children.map(\.line) == [4, 5, 6])
    #expect(root.child("Version")?.text == "1.0")
    #expect(root.child("CertificateSigningRequest")?.text == "MIIBAAA=")
    #expect(root.child("Missing") == nil)
  }

  @Test(
    "references, CDATA and names are read as written",
    arguments: [
      ("<a>&lt;&gt;&amp;&quot;&apos;</a>", "<>&\"'"), ("<a>&#65;&#x42;</a>", "AB"),
      ("<a><![CDATA[<b>&amp;]]></a>", "<b>&amp;"), ("<a>x<![CDATA[y]]>z</a>", "xyz"),
      ("\u{FEFF}<a>é</a>", "é"), ("<a> \n </a>", " \n "), ("<x:a>1</x:a>", "1"),
      ("<?xml version='1.0'?><a>1</a>", "1"),
      ("<?xml version='1.0' encoding='utf-8'?><a>1</a>", "1"),
      ("<a>1</a><!-- after -->\n", "1"), ("<a>a\r\nb</a>", "a\nb"),
    ])
  func text(_ text: String, _ expected: String) throws {
    #expect(try Self.read(text).text == expected)
  }

  /// What attackers send, and what is merely wrong.
  static let refused: [(String, XMLError.Code)] = [
    ("", .notWellFormed), (" ", .notWellFormed), ("a", .notWellFormed), ("<a>", .notWellFormed),
    ("<a></b>", .notWellFormed), ("<a/><b/>", .notWellFormed), ("<a/>b", .notWellFormed),
    ("<a b=1/>", .notWellFormed), ("<a b='1' b='2'/>", .notWellFormed),
    ("<a>&b;</a>", .notWellFormed),
    ("<a b='&c;'/>", .notWellFormed), ("<a>&#0;</a>", .notWellFormed),
    ("<a>\u{1}</a>", .notWellFormed),
    ("<a>]]></a>", .notWellFormed), ("<a><!-- -- --></a>", .notWellFormed),
    ("<a b='<'/>", .notWellFormed), ("<a><![CDATA[", .notWellFormed), ("<!--", .notWellFormed),
    ("<!DOCTYPE a><a/>", .documentType),
    ("<!-- x --> <!DOCTYPE a SYSTEM 'http://localhost/x'><a/>", .documentType),
    (
      "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
      .documentType
    ),
    ("<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://localhost/x'> %b;]><a/>", .documentType),
    ("<!ENTITY a 'b'><a/>", .documentType), ("<a><!DOCTYPE a></a>", .documentType),
    ("<?php x?><a/>", .processingInstruction), ("<a><?b c?></a>", .processingInstruction),
    ("<a/><?b?>", .processingInstruction), (" <?xml version='1.0'?><a/>", .processingInstruction),
    ("<?xml version='1.0' encoding='UTF-16'?><a/>", .encoding),
    ("<?xml version='1.0'\nencoding='UTF-16'?><a/>", .encoding),
    ("<?xml version='1.0'\rencoding='UTF-16'?><a/>", .encoding),
    ("<?xml version='1.0' encoding\n='UTF-16'?><a/>", .encoding),
    ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", .encoding),
    ("<a>\0</a>", .encoding), ("<?xml version='1.0'", .notWellFormed),
  ]

  @Test("is refused by kind", arguments: refused)
  func refuses(_ text: String, _ code: XMLError.Code) {
    let error = #expect(throws: XMLError.self) { try Self.read(text) }
    #expect(error?.code == code, "\(error?.description ?? "")")
  }

  @Test(
    "octets that are not UTF-8 are refused",
    arguments: [
      [0xff, 0xfe, 0x3c, 0x00, 0x61, 0x00], [0xfe, 0xff, 0x00, 0x3c], [0x3c, 0x00, 0x61, 0x00],
      [0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e],
      [0x3c, 0x61, 0x3e, 0xc3, 0x3c, 0x2f, 0x61, 0x3e],
      [0x3c, 0x61, 0x3e, 0xed, 0xa0, 0x80, 0x3c, 0x2f, 0x61, 0x3e], [0x4c, 0x6f, 0xa7, 0x94],
    ] as [[UInt8]])
  func notUTF8(_ octets: [UInt8]) {
    #expect(throws: XMLError.self) { try Element.read(octets) }
  }

  @Test("the place of a mistake is told")
  func place() {
    let broken = #expect(throws: XMLError.self) { try Self.read("<a>\n  <b>\n  </c>\n</a>") }
    #expect(broken?.line == 3)
    #expect(broken?.column != 0)
    let document = #expect(throws: XMLError.self) {
      try Self.read("<!-- a -->\n  <!DOCTYPE a><a/>")
    }
    #expect(document?.line == 2)
    #expect(document?.column == 3)
  }

  static let limits = XMLReaderLimits(
    octetsMax: 200, depthMax: 3, attributesMax: 2, nameOctetsMax: 5, textOctetsMax: 10,
    elementsMax: 4)

  @Test(
    "at the limit is taken",
    arguments: [
      "<a><b><c/></b></a>", "<a b='1' c='2'/>", "<abcde/>", "<a abcde='1'/>", "<a>0123456789</a>",
      "<a b='0123456789'/>", "<a><b/><b/><b/></a>", "<a/>" + String(repeating: " ", count: 196),
    ])
  func atLimit(_ text: String) throws {
    #expect(try Self.read(text, limits: Self.limits).name.hasPrefix("a"))
  }

  @Test(
    "beyond the limit is refused",
    arguments: [
      ("<a><b><c><d/></c></b></a>", .tooDeep), ("<a b='1' c='2' d='3'/>", .tooManyAttributes),
      ("<abcdef/>", .nameTooLong), ("<a abcdef='1'/>", .nameTooLong),
      ("<a>01234567890</a>", .textTooLong), ("<a b='01234567890'/>", .textTooLong),
      ("<a><b/><b/><b/><b/></a>", .tooManyElements),
      ("<a/>" + String(repeating: " ", count: 197), .tooLarge),
    ] as [(String, XMLError.Code)])
  func beyondLimit(_ text: String, _ code: XMLError.Code) {
    let error = #expect(throws: XMLError.self) { try Self.read(text, limits: Self.limits) }
    #expect(error?.code == code)
  }

  @Test("a billion laughs are refused at once")
  func billionLaughs() {
    var text = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY l0 \"lol\">"
    for level in 1...9 {
      let references = String(repeating: "&l\(level - 1);", count: 10)
      text += "<!ENTITY l\(level) \"\(references)\">"
    }
    text += "]><l a=\"&l9;\">&l9;</l>"
    let time = ContinuousClock().measure {
      let error = #expect(throws: XMLError.self) { try Self.read(text) }
      #expect(error?.code == .documentType)
    }
    #expect(time < .milliseconds(50))
  }

  @Test("deep nesting, many attributes and long names end in milliseconds")
  func floods() {
    let limits = XMLReaderLimits(octetsMax: 10_000_000, elementsMax: 1_000_000)
    let deep = String(repeating: "<a>", count: 500_000)
    let wide = "<a " + (0..<100_000).map { "b\($0)='1' " }.joined() + "/>"
    let long = "<" + String(repeating: "a", count: 1_000_000) + "/>"
    for text in [deep, wide, long] {
      let time = ContinuousClock().measure {
        #expect(throws: XMLError.self) { try Self.read(text, limits: limits) }
      }
      #expect(time < .seconds(2))
    }
  }

  @Test("a parser that met a mistake reads the next document as if it were new")
  func reuse() throws {
    for _ in 1...100 {
      #expect(throws: XMLError.self) { try Self.read("<a><b>&x;") }
      let root = try Self.read("<a><b>1</b></a>")
      #expect(root.child("b")?.text == "1")
    }
  }

  @Test("any text cut off anywhere or with one octet changed is read or refused, never more")
  func mutations() throws {
    let whole = Array("<?xml version='1.0'?><a b='1'><!-- c --><d>&#65;</d><![CDATA[e]]></a>".utf8)
    var read = 0
    for count in 0...whole.count where (try? Element.read(Array(whole[..<count]))) != nil {
      read += 1
    }
    #expect(read == 1)
    for place in whole.indices {
      for octet: UInt8 in [0, 0x20, 0x21, 0x26, 0x3c, 0x3e, 0x3f, 0x5b, 0x80, 0xff] {
        var changed = whole
        changed[place] = octet
        if let root = try? Element.read(changed) { #expect(!root.name.isEmpty) }
      }
    }
  }

  @Test("a request of 500 octets costs little")
  func speed() throws {
    let text =
      "<R ID='1'><Version>1.0</Version><C>" + String(repeating: "A", count: 440) + "</C></R>"
    let octets = Array(text.utf8)
    let rounds = 5_000
    let time = try ContinuousClock().measure {
      for _ in 1...rounds { _ = try Element.read(octets) }
    }
    print("XML: \(octets.count) octets in \(time / rounds)")
  }
}
