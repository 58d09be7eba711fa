// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Foundation
import HTTP
import SEC
import Service
import Testing

@Suite("The Secretariat's page shows the PMA at a glance", .serialized)
struct PMAPageTests {
  private static func page(_ door: PMADoor) throws -> String {
    let response = try door.estate.send("GET", "/pma", at: .monitoring)
    try #require(response.status == 200)
    return String(decoding: response.body, as: UTF8.self)
  }

  @Test(
    "seats are drawn, what is late stands out, and nothing confidential is there",
    .clause("L1.17(s)", "L1.3"))
  func glance() throws {
    let door = try PMADoor(on: "2026-01-05")
    let empty = try Self.page(door)
    #expect(empty.contains("0 of 10") && empty.components(separatedBy: "vacant").count > 10)
    try door.four()
    try door.begin("late", "practice-statement", "Device CPS", version: "1 < 2")
    try door.meet(
      "m", items: [PMAAct.Item(title: "Secret business", isConfidential: true)],
      present: ["chair"] + PMADoor.voters)
    door.pass(days: 60)
    let page = try Self.page(door)
    #expect(page.contains("4 of 10"))
    #expect(page.contains("<text class=\"name\" x=\"256\" y=\"40\">Chair</text>"))
    #expect(page.contains("Device CPS 1 &lt; 2") && page.contains("1 late"))
    #expect(!page.contains("Secret business"))
    #expect(try door.estate.send("GET", "/style.css", at: .monitoring).status == 200)
  }

  @Test(
    "a browser shows it without complaint", .clause("L1.17(s)"),
    .enabled(if: Browser.isWanted, "chromium is not installed: Scripts/setup --tests"))
  func isSilent() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.estate.node.serve()
    let (page, log) = try Browser.look(
      door.estate.url(.monitoring, "/pma"), ["--dump-dom"])
    #expect(page.contains("SMKI PMA") && page.contains("Next duties"))
    let complaints = log.split(separator: "\n").filter { $0.contains("CONSOLE") }
    #expect(complaints.isEmpty, "\(complaints)")
  }
}
