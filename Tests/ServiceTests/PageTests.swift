// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import Foundation
import HTTP
import Registration
import SEC
import Service
import Testing

@Suite("Pages say what they mean to people and nothing else to browsers")
struct PageTests {
  @Test(
    "what is put into a page is text",
    arguments: [
      ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
      ("\" onload='x'", "&quot; onload=&#39;x&#39;"), ("a & b &amp;", "a &amp; b &amp;amp;"),
      ("Größe – 12 µs", "Größe – 12 µs"), ("", ""),
    ])
  func escapes(text: String, escaped: String) {
    let page: HTML = "<p title=\"\(text)\">\(text)</p>"
    #expect(page.markup == "<p title=\"\(escaped)\">\(escaped)</p>")
    let pieces: [HTML] = ["<li>\(text)</li>", "<li>2</li>"]
    #expect(("<ul>\(pieces)</ul>" as HTML).markup == "<ul><li>\(escaped)</li><li>2</li></ul>")
  }

  @Test(
    "numbers have a comma between each three digits",
    arguments: [
      (0, "0"), (999, "999"), (1_000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567"),
      (-1_000, "-1,000"),
    ])
  func groups(number: Int, text: String) {
    #expect(Number.grouped(number) == text)
  }

  @Test("the name of an estate cannot become markup", .clause("C3-84-2"))
  func hostileName() throws {
    // No ceremony makes an estate of such a name; `escapes` shows what a page would do with it.
    let refusal = #expect(throws: Refusal.self) {
      try ServingEstate(named: "<img src=x> & \"Sons\"")
    }
    #expect(refusal?.code == "ceremony-file" && refusal?.field == "estate.name")
    let page = try ServingEstate(named: "Sons and Co").send("GET", "/", at: .repository)
    let text = String(decoding: page.body, as: UTF8.self)
    #expect(text.contains("<h1>Sons and Co</h1>"))
    #expect(text.contains("<title>TEST Sons and Co · SMKI</title>"))
  }

  @Test(
    "a spent authority, the one on line and the stock are told apart, with their volumes",
    .clause("C3-118-4"))
  func states() throws {
    let estate = try ServingEstate(deviceLife: .init(volumeMax: 2, monthsMax: 3))
    try estate.add("meters", [.otherParty])
    let maker = try estate.credential(of: "meters", for: .portalDevice)
    for _ in 0..<3 {
      try estate.issue(DeviceDraft(for: EntityID(0x8873_8457_002F_0030)).encoded(), by: maker)
    }
    let response = try estate.send("GET", "/", at: .repository)
    let page = String(decoding: response.body, as: UTF8.self)
    for part in [">spent<", ">on line<", ">in stock<", "2 of 2", "1 of 2", "0 of 2"] {
      #expect(page.contains(part), "\(part)")
    }
    let order = try ["TD02", "TD03", "TD01"].map { try #require(page.range(of: $0)).lowerBound }
    #expect(order == order.sorted())
  }
}
