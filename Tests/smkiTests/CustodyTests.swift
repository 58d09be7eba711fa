// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("Custody: so many shares, each the right one, and nobody alone", .serialized)
struct CustodyTests {
  private static let run = "ceremony run stock.json --online var/keys --out stock"

  private static func share(_ index: Int, _ vault: String = "root") -> [String] {
    ["--share", "var/offline/custody/founding-\(vault)-\(index).share"]
  }

  private static func prepared() throws -> CeremonyPlace { try CeremonyPlace(isPrepared: true) }

  @Test(
    "too few shares, one twice, a wrong one by its name, one of another estate: refused precisely",
    .clause("OCP-two-person", "C3-84-2", "C3-74-1"))
  func shares() throws {
    let place = try Self.prepared()
    let custody = "\(place.place)/var/offline/custody"
    let good = try String(contentsOfFile: "\(custody)/founding-root-2.share", encoding: .utf8)
    let octets = try #require(good.split(separator: "\n").last)
    let digit: Character = octets.last == "0" ? "1" : "0"
    try place.write(
      "wrong.share", good.replacing(octets, with: octets.dropLast() + String(digit)))
    try place.write(
      "estate.share", good.replacing("estate: TEST", with: "estate: BEST"))
    try place.write("kind.share", good.replacing("kind: test", with: "kind: live"))
    try place.write(
      "ceremony.share", good.replacing("ceremony: founding", with: "ceremony: other"))
    try place.write("damaged.share", good.replacing("octets: ", with: "octets: G"))
    func code(_ shares: [String]) throws -> String? {
      try place.refusal(Self.run, CeremonyPlace.people + shares)
    }
    let two = Self.share(1) + Self.share(3)
    #expect(try code([]) == "shares-too-few")
    #expect(try code(two) == "shares-too-few")
    #expect(try code(two + Self.share(1)) == "share-twice")
    #expect(try code(two + ["--share", "estate.share"]) == "share-other-estate")
    #expect(try code(two + ["--share", "kind.share"]) == "share-other-estate")
    #expect(try code(two + ["--share", "ceremony.share"]) == "share-other-ceremony")
    #expect(try code(two + ["--share", "damaged.share"]) == "exit 3")
    #expect(try code(two + Self.share(2, "recovery")) == "shares-too-few")
    let wrong = try place.smki(
      Self.run, CeremonyPlace.people + two + ["--share", "wrong.share"])
    #expect(wrong.code == 1)
    #expect(wrong.errors.contains("share-wrong"))
    #expect(wrong.errors.contains("share 2 of the root vault, of custodian 2"))
    let named = try place.smki(
      "ceremony check var/offline/current/ceremonies/founding/transcript --share wrong.share")
    #expect(named.code == 4)
    let code = try place.refusal(
      "ceremony check var/offline/current/ceremonies/founding/transcript --share wrong.share")
    #expect(code == "transcript-fault")
    #expect(named.errors.contains("share 2 of the root vault, of custodian 2"))
    // Nothing of these attempts stays, and three of five do it.
    #expect(try place.smki("ceremony status").failure == nil)
    let held = try place.smki(Self.run, CeremonyPlace.people + two + Self.share(5))
    #expect(held.code == 0, "\(held.errors)")
  }

  @Test(
    "a vault is shared out anew: who is replaced has ceased, and old shares open nothing",
    .clause("OCP-two-person"))
  func sharedAnew() throws {
    let place = try CeremonyPlace()
    let names = ["Ada", "Mary", "custodian 1"].flatMap { ["--custodian", $0] }
    try place.prepare("custody", "custody --vault root --threshold 2", names)
    #expect(try place.hold("custody", ["--shares-to", "new"]).failure == nil)
    let listed = try #require(place.json("custodian list") as? [[String: Any]])
    func shares(_ name: String) -> String? {
      listed.first { $0["name"] as? String == name }?["shares"] as? String
    }
    #expect(shares("Ada") == "root 1")
    #expect(shares("custodian 1") == "root 3, recovery 1, contingency 1")
    #expect(shares("custodian 2") == "recovery 2, contingency 2")
    try place.prepare("stock", "stock --count 1")
    let line = "ceremony run stock.json --online var/keys"
    let old = try place.refusal(
      line, CeremonyPlace.people + Self.share(1) + Self.share(2) + Self.share(3))
    #expect(old == "share-other-ceremony")
    let held = try place.smki(
      line,
      CeremonyPlace.people + [
        "--share", "new/custody-root-1-root-1.share", "--share", "new/custody-root-1-root-3.share",
      ])
    #expect(held.code == 0, "\(held.errors)")
  }

  @Test(
    "a custodian ceases: the share is refused, and so is the ceasing of too many",
    .clause("OCP-two-person"))
  func ceasing() throws {
    let place = try Self.prepared()
    func cease(_ number: Int) throws -> String? {
      try place.refusal(
        "custodian cease --holder Grace --json",
        ["--custodian", "custodian \(number)", "--reason", "left the company"])
    }
    func quietly(_ number: Int) throws {
      let outcome = try place.smki(
        "custodian cease --holder Grace",
        ["--custodian", "custodian \(number)", "--reason", "left the company"])
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    try quietly(4)
    try quietly(5)
    let third = try place.smki(
      "custodian cease --holder Grace",
      ["--custodian", "custodian 1", "--reason", "left the company"])
    #expect(third.code == 1 && third.errors.contains("custodians-too-few"))
    let nobody = try place.smki(
      "custodian cease --holder Grace", ["--custodian", "custodian 4", "--reason", "again"])
    #expect(nobody.code == 1 && nobody.errors.contains("custodian-unknown"))
    let refused = try place.refusal(
      Self.run, CeremonyPlace.people + Self.share(1) + Self.share(2) + Self.share(4))
    #expect(refused == "custodian-ceased")
    let listed = try #require(place.json("custodian list") as? [[String: Any]])
    #expect(listed.filter { $0["ceased"] != nil }.count == 2)
    #expect(listed.compactMap { $0["reason"] as? String }.contains("left the company"))
    let held = try place.smki(
      Self.run, CeremonyPlace.people + Self.share(1) + Self.share(2) + Self.share(3))
    #expect(held.code == 0, "\(held.errors)")
    #expect(try place.smki("ceremony status").failure == nil)
  }

  @Test(
    "what is not the file that was rehearsed is not run, and what it may not say is refused",
    .clause("OCP-ceremony", "OCP-names", "C3-74-1", "C3-75", "C3-75-1", "OCP-annex-B-test-names"))
  func altered() throws {
    let place = try Self.prepared()
    let text = try place.text("stock.json")
    let shares = ["--share", "var/offline/custody"]
    for (from, to, code) in [
      ("\"A stock", "\"The stock", "ceremony-not-rehearsed"),
      ("\"witnesses\": 2", "\"witnesses\": 1", "ceremony-not-rehearsed"),
      ("\"witnesses\": 2", "\"witnesses\": \"2\"", "ceremony-file"),
      ("\"witnesses\": 2", "\"witnesses\": 2, \"extra\": 1", "ceremony-file"),
      ("\"witnesses\": 2", "\"witnesses\": 2, \"witnesses\": 2", "ceremony-file"),
      ("\"act\": \"certify\"", "\"act\": \"certify\", \"x\": 1", "ceremony-file"),
      ("\"act\": \"certify\"", "\"act\": \"destroy\"", "ceremony-file"),
      ("\"issuing-dca\"", "\"root-dca\"", "ceremony-file"),
      ("\"TD05\"", "\"TD055\"", "authority-name-form"),
      ("\"TD05\"", "\"D05\"", "authority-name-estate"),
      ("smki-ceremony-1", "smki-ceremony-2", "ceremony-file"),
      ("\"stock-1\"", "\"Stock 1\"", "ceremony-file"),
      ("\"name\": \"TEST\"", "\"name\": \"BEST\"", "ceremony-other-estate"),
      ("\"kind\": \"test\"", "\"kind\": \"live\"", "authority-name-estate"),
      ("\"TD05\"", "\"TD01\"", "ceremony-name-taken"),
      ("\"by\": \"TDR\"", "\"by\": \"TOR\"", "root-other-hierarchy"),
      ("\"by\": \"TDR\"", "\"by\": \"TD01\"", "root-unknown"),
      ("\"stock-1\"", "\"founding\"", "ceremony-held"),
      ("\"made-here\"", "\"00\"", "ceremony-file"),
      ("\"made-here\"", "\"\(String(repeating: "0", count: 64))\"", "request-missing"),
    ] {
      try #require(text.contains(from))
      let change = "\(from) to \(to)"
      try place.write("stock.json", text.replacing(from, with: to))
      if code == "ceremony-not-rehearsed" {
        #expect(try place.refusal(Self.run, CeremonyPlace.people + shares) == code, "\(change)")
      } else {
        #expect(try place.refusal("ceremony rehearse stock.json") == code, "\(change)")
      }
    }
    // Rehearsed as it is now, it is run as it is now.
    try place.write("stock.json", text.replacing("\"A stock", with: "\"The stock"))
    #expect(try place.smki("ceremony rehearse stock.json").failure == nil)
    #expect(try place.smki(Self.run, CeremonyPlace.people + shares).failure == nil)
  }

  @Test(
    "no ceremony without a rehearsal, nor without witnesses beside the one who holds it",
    .clause("OCP-ceremony"))
  func people() throws {
    let place = try Self.prepared()
    let shares = ["--share", "var/offline/custody"]
    for people in [
      ["--holder", "Grace"], ["--holder", "Grace", "--witness", "Ada"],
      ["--holder", "Grace", "--witness", "Ada", "--witness", "Ada"],
      ["--holder", "Grace", "--witness", "Ada", "--witness", "Grace"],
    ] {
      #expect(try place.refusal(Self.run, people + shares) == "witnesses-too-few")
    }
    try FileManager.default.removeItem(atPath: "\(place.place)/stock.json.rehearsal")
    #expect(
      try place.refusal(Self.run, CeremonyPlace.people + shares) == "ceremony-not-rehearsed")
    let none = try place.refusal(
      "ceremony run stock.json --rehearsal stock.json", CeremonyPlace.people + shares)
    #expect(none == "signed-document-form")
    #expect(try place.smki("ceremony rehearse stock.json").failure == nil)
    let without = try place.refusal(
      "ceremony run stock.json", CeremonyPlace.people + shares)
    #expect(without == "online-place-missing")
    #expect(try place.smki(Self.run, CeremonyPlace.people + shares).failure == nil)
    #expect(try place.refusal(Self.run, CeremonyPlace.people + shares) == "ceremony-held")
  }
}
