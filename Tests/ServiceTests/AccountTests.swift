// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import EntryTesting
import Foundation
import HTTP
import Parties
import Records
import Registration
import SEC
import Service
import TestEstate
import Testing

@Suite("Accounts of the Repository's portal", .serialized)
struct AccountTests {
  static let chosen = "a long one that I chose"

  let estate: ServingEstate

  init() throws {
    estate = try ServingEstate()
    try estate.onboarding.enter("north", name: "North Ltd", roles: [.gasSupplier])
  }

  private func add(_ name: String, capacity: String = "reader") throws -> String {
    try AddAccount(
      account: name, party: capacity == "reader" ? "north" : "an assessor", capacity: capacity,
      purpose: "installing meters"
    ).run(in: estate.node, by: ServingEstate.officer).password
  }

  private func send(
    _ method: String, _ path: String, _ name: String?, _ password: String = "",
    body: String = ""
  ) throws -> Response {
    let header = name.map { "Basic " + Base64.encode(Array("\($0):\(password)".utf8)) }
    let request = Request(
      method: method, path: path, headers: Headers(header.map { [("Authorization", $0)] } ?? []),
      body: Array(body.utf8))
    return try #require(estate.node.doors.answer(request, at: .repository))
  }

  private func list(_ name: String?, _ password: String = "") throws -> Response {
    try send("GET", "/services/documents", name, password)
  }

  private func change(_ name: String, _ old: String, _ new: String) throws -> Response {
    try send("POST", "/services/password", name, old, body: "{\"password\":\"\(new)\"}")
  }

  private func code(_ response: Response) throws -> String {
    try JSONDecoder().decode(ErrorBody.self, from: Data(response.body)).code
  }

  @Test(
    "the first password is good for choosing another one and for nothing else",
    .clause("P3-3.1-password", "L6.5(c)"))
  func firstLogIn() throws {
    let first = try add("nora")
    #expect(try code(list("nora", first)) == "password-to-be-changed")
    for wrong in ["short", first] {
      #expect(try code(change("nora", first, wrong)) == "password-form")
    }
    #expect(try send("POST", "/services/password", "nora", first, body: "no").status == 400)
    #expect(try change("nora", first, Self.chosen).status == 204)
    #expect(try list("nora", Self.chosen).status == 200)
    #expect(try code(list("nora", first)) == "account-unknown")
    // And again after a reset.
    let change = ChangeAccount(account: "nora", change: .reset, evidence: "ARO, called back")
    let second = try #require(
      try change.run(in: estate.node, by: ServingEstate.officer).password)
    #expect(try code(list("nora", Self.chosen)) == "account-unknown")
    #expect(try code(list("nora", second)) == "password-to-be-changed")
  }

  @Test("nobody reads without a password", .clause("L6.5(c)", "L5.6"))
  func nobody() throws {
    #expect(try code(list(nil)) == "api-key-unknown")
    #expect(try list(nil).status == 403)
    let response = try list("nobody", "anything at all")
    #expect(response.status == 403)
    #expect(try code(response) == "account-unknown")
    #expect(try code(send("POST", "/services/password", nil)) == "account-unknown")
  }

  @Test(
    "the fifth wrong password in an hour locks until an hour after the first",
    .clause("P3-3.1-lockout"))
  func lockout() throws {
    let first = try add("olga")
    #expect(try change("olga", first, Self.chosen).status == 204)
    // Four in the hour, and a right one, which begins the count again.
    for _ in 0..<4 { #expect(try code(list("olga", "wrong")) == "account-unknown") }
    #expect(try list("olga", Self.chosen).status == 200)
    for number in 0..<5 {
      #expect(try code(list("olga", "wrong \(number)")) == "account-unknown")
      estate.pass(seconds: 600)
    }
    let response = try list("olga", Self.chosen)
    #expect(response.status == 403)
    #expect(try code(response) == "account-locked")
    // 50 minutes after the first.
    estate.pass(seconds: 599)
    #expect(try code(list("olga", Self.chosen)) == "account-locked")
    estate.pass(seconds: 1)
    #expect(try list("olga", Self.chosen).status == 200)
    // Wrong ones that are an hour apart never lock.
    for _ in 0..<6 {
      #expect(try code(list("olga", "wrong")) == "account-unknown")
      estate.pass(seconds: 3_600)
    }
    #expect(try list("olga", Self.chosen).status == 200)
    // An officer unlocks at once.
    for _ in 0..<5 { _ = try list("olga", "wrong") }
    #expect(try code(list("olga", Self.chosen)) == "account-locked")
    _ = try ChangeAccount(account: "olga", change: .unlock, evidence: "ARO, called back")
      .run(in: estate.node, by: ServingEstate.officer)
    #expect(try list("olga", Self.chosen).status == 200)
  }

  @Test("guesses that run beside each other do not get past the count", .clause("P3-3.1-lockout"))
  func guessing() throws {
    let first = try add("petra")
    #expect(try change("petra", first, Self.chosen).status == 204)
    DispatchQueue.concurrentPerform(iterations: 8) { _ = try? list("petra", "guess \($0)") }
    #expect(try code(list("petra", Self.chosen)) == "account-locked")
    #expect(try estate.node.registration.account("petra")?.wrong == 5)
  }

  @Test(
    "what is kept lets nobody in, and a withdrawn account is none", .clause("ENG-password-hash"))
  func withdrawn() throws {
    let first = try add("rita")
    #expect(try change("rita", first, Self.chosen).status == 204)
    #expect(try list("rita", Self.chosen).status == 200)
    _ = try ChangeAccount(account: "rita", change: .withdraw, evidence: "letter of 3 May")
      .run(in: estate.node, by: ServingEstate.officer)
    #expect(try code(list("rita", Self.chosen)) == "account-unknown")
    let entries = try estate.node.records.audit.entries(from: 0).map { "\($0.entry)" }
    #expect(!entries.contains { $0.contains(Self.chosen) || $0.contains(first) })
  }

  @Test(
    "the Panel and the SMKI PMA read by accounts of their own, and nobody for another body",
    .clause("L5.5(b)", "L5.5(c)", "L6.1(b)", "L6.1(c)", "L5.11"))
  func bodies() throws {
    for (capacity, name) in [("panel", "the Panel"), ("pma", "the SMKI PMA")] {
      let first = try AddAccount(
        account: "body-\(capacity)", party: name, capacity: capacity, purpose: "oversight"
      ).run(in: estate.node, by: ServingEstate.officer).password
      #expect(try change("body-\(capacity)", first, Self.chosen).status == 204)
      let response = try list("body-\(capacity)", Self.chosen)
      #expect(response.status == 200)
      #expect(response.told["party"] == name && response.told["purpose"] == "oversight")
    }
    for capacity in ["ofgem", "", "Panel"] {
      #expect(throws: Refusal.accountForm("capacity", "", "")) {
        try AddAccount(account: "other", party: "x", capacity: capacity, purpose: "looking")
          .run(in: estate.node, by: ServingEstate.officer)
      }
    }
  }

  @Test(
    "a party reads after its entry tests for the Repository, and not before", .clause("L6.1(a)"))
  func entryTests() throws {
    try estate.onboarding.enter("south", name: "South Ltd", roles: [.gasSupplier], isTested: false)
    let refusal = Refusal.entryTestsOpen("south", .repository)
    func account() throws {
      _ = try AddAccount(account: "sven", party: "south", capacity: "reader", purpose: "reading")
        .run(in: estate.node, by: ServingEstate.officer)
    }
    func key() throws -> String {
      try AddAPIKey(party: "south", label: "sven", purpose: "reading")
        .run(in: estate.node, by: ServingEstate.officer).key
    }
    #expect(throws: refusal) { try account() }
    #expect(throws: refusal) { try key() }
    try estate.node.registration.entryTests.confirm(
      .repository, of: "south", at: estate.now, evidence: "SREPT-9", by: ServingEstate.officer)
    try account()
    let response = try estate.send(
      "GET", "/services/documents", at: .repository, query: [("apikey", key())])
    #expect(response.status == 200)
  }

  @Test("an account is refused for what it was not given", .clause("L5.5"))
  func capacity() throws {
    let first = try add("audrey", capacity: "auditor")
    #expect(try change("audrey", first, Self.chosen).status == 204)
    #expect(try code(list("audrey", Self.chosen)) == "account-capacity")
    let reader = try add("rosa")
    #expect(try change("rosa", reader, Self.chosen).status == 204)
    let entries = TileInterface.entries + "000.p/1"
    _ = try estate.node.signCheckpoint()
    #expect(try code(send("GET", entries, "rosa", Self.chosen)) == "account-capacity")
    #expect(try code(send("GET", entries, nil)) == "account-unknown")
    #expect(try send("GET", entries, "audrey", Self.chosen).status == 200)
  }

  @Test("each lack has its refusal")
  func refusals() throws {
    _ = try add("sara")
    #expect(throws: Refusal.accountTaken("sara")) { try add("sara") }
    for name in ["ab", "a:bc", "a b c"] {
      #expect(throws: Refusal.accountForm("name", "", name)) { try add(name) }
    }
    #expect(throws: Refusal.accountNotFound("tina")) {
      try ChangeAccount(account: "tina", change: .unlock, evidence: "letter")
        .run(in: estate.node, by: ServingEstate.officer)
    }
    #expect(throws: Refusal.accountForm("evidence", "", "")) {
      try ChangeAccount(account: "sara", change: .unlock, evidence: "")
        .run(in: estate.node, by: ServingEstate.officer)
    }
    #expect(throws: Refusal.partyUnknown("nobody")) {
      try AddAccount(account: "uma", party: "nobody", capacity: "reader", purpose: "reading")
        .run(in: estate.node, by: ServingEstate.officer)
    }
  }
}
