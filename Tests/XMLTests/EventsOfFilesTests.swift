// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing
import XML

@Suite("A document in a file is read as one in memory is")
struct EventsOfFilesTests {
  private static let limits = XMLReaderLimits(octetsMax: 40_000_000, elementsMax: 300_000)

  /// What a reader says, event by event, texts that come in pieces joined; then how it ends.
  private func told(_ make: () throws -> XMLEvents) -> [String] {
    var told: [String] = []
    do {
      let events = try make()
      while let event = try events.next() {
        switch event {
        case .start(let name, let attributes):
          told.append("<\(name) \(attributes.map { "\($0.name)=\($0.value)" })")
        case .end(let name): told.append(">\(name)")
        case .text(let text):
          if let last = told.last, last.hasPrefix("\"") {
            told[told.count - 1] = last + text
          } else {
            told.append("\"" + text)
          }
        }
      }
    } catch {
      told.append("! \((error as? XMLError).map { "\($0.code)" } ?? "\(error)")")
    }
    return told
  }

  private func file(_ octets: [UInt8]) throws -> String {
    let path = NSTemporaryDirectory() + "smki-xml-\(UUID().uuidString)"
    try Data(octets).write(to: URL(filePath: path))
    return path
  }

  @Test(
    "the same events and the same refusals", .clause("ENG-xml"),
    arguments: [
      "<a/>", "<a b=\"c\">d<e/>f</a>", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>ä</a>\n",
      "\u{feff}<a/>", "", " ", "<a/><b/>", "<!DOCTYPE a><a/>", "<a>&lol;</a>",
      "<a>&amp;&#65;</a>", "<a><?b c?></a>", "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
      "<a>\u{0}</a>", "<a><!-- c --></a>", "<a><![CDATA[<b>]]></a>", "text", "<a b=\"1\" b=\"2\"/>",
    ])
  func same(text: String) throws {
    let octets = Array(text.utf8)
    let path = try file(octets)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let ofFile = told { try XMLEvents(file: path, limits: Self.limits) }
    #expect(ofFile == told { try XMLEvents(octets, limits: Self.limits) })
  }

  @Test("a document cut at any octet is refused", .clause("ENG-xml"))
  func cut() throws {
    let octets = Array("<?xml version=\"1.0\"?><a b=\"c\"><d>e</d></a>".utf8)
    for length in 0..<octets.count {
      let path = try file(Array(octets[..<length]))
      defer { try? FileManager.default.removeItem(atPath: path) }
      let told = told { try XMLEvents(file: path, limits: Self.limits) }
      #expect(told.last?.hasPrefix("!") == true, "cut at \(length): \(told)")
    }
  }

  @Test("larger than libxml2's own limits of memory, and past our limit refused")
  func large() throws {
    let item = "<i n=\"x\">" + String(repeating: "A", count: 150) + "</i>"
    let text = "<a>" + String(repeating: item, count: 100_000) + "</a>"
    let path = try file(Array(text.utf8))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(told { try XMLEvents(file: path, limits: Self.limits) }.count == 300_002)
    let small = XMLReaderLimits(octetsMax: 1_000_000)
    #expect(told { try XMLEvents(file: path, limits: small) } == ["! tooLarge"])
    #expect(told { try XMLEvents(file: path + ".none", limits: small) } == ["! notWellFormed"])
  }
}
