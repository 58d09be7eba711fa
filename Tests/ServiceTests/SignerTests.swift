// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Foundation
import HTTP
import Keys
import Records
import Registration
import Repository
import SEC
import Service
import TestToken
import Testing
import Threads
import X509

/// Each test has its own module and token: faults and logins are nobody else's.
@Suite("A node with its keys in a token", .enabled(if: TestToken.isThere, "no SoftHSM"))
struct SignerTests {
  private struct Setting {
    let module: FaultyModule
    let estate: ServingEstate
    let maker: ServingEstate.Credential

    init(_ token: String, kind: Estate.Kind = .test) throws {
      module = try FaultyModule()
      var hardware = HardwareModule(name: "hsm", path: module.path, tokens: [token])
      hardware.sessions = 4
      hardware.callMilliseconds = 2_000
      hardware.trialMilliseconds = 50
      estate = try ServingEstate(
        kind: kind, named: "E-\(UUID().uuidString.prefix(8))", module: hardware)
      if kind == .live { try Self.register(in: estate) }
      try estate.add("meters", [.otherParty])
      maker = try estate.credential(of: "meters", for: .portalDevice)
    }

    static func register(in estate: ServingEstate, level: Int = 3) throws {
      var module = AddModule()
      module.module = "hsm"
      module.function = "issuing"
      module.location = "Hall 1"
      module.country = "GB"
      module.standard = "fips-140-2"
      module.level = level
      module.certificate = "4153"
      _ = try module.run(
        in: estate.node, by: Actor(name: "Grace", role: .operatorOfSystem))
    }

    func ask(_ device: UInt64) throws -> Response {
      try estate.send(
        "POST", "/1.0/DeviceCSR", at: .service,
        body: DeviceDraft(for: EntityID(device)).encoded(), certificate: maker.certificate)
    }

    func health() throws -> String {
      String(
        decoding: try estate.send("GET", "/health", at: .monitoring).body, as: UTF8.self)
    }

    func recovers() -> Bool {
      let tokens = estate.node.keyring.allTokens
      for _ in 0..<200 where tokens.contains(where: { $0.token.fault != nil }) { usleep(20_000) }
      return tokens.allSatisfy { $0.token.fault == nil }
    }

    /// The certificates of devices in the store.
    func lodged() throws -> Int {
      try estate.node.repository.counts()[.device] ?? 0
    }
  }

  @Test(
    "while the token is away requests get 503 with Retry-After, reading goes on, and it comes back",
    .clause("L5.2"),
    arguments: [
      ("C_Sign answer 0x32\nC_OpenSession answer 0xE0\nC_GetSlotList none 0", "faulty8"),
      ("C_Sign delay 10000", "faulty9"),
    ])
  func down(fault: String, token: String) throws {
    let setting = try Setting(token)
    #expect(try setting.ask(1).status == 200)
    try setting.module.fail(fault + "\nC_GetSessionInfo answer 0xB3")
    let first = try setting.ask(2)
    let second = try setting.ask(3)
    for response in [first, second] {
      #expect(response.status == 503)
      #expect(response.headers.contains { $0.0 == "Retry-After" && $0.1 == "10" })
      #expect(String(decoding: response.body, as: UTF8.self).contains("signer-down"))
    }
    let health = try setting.health()
    #expect(health.contains(#""device" : "down""#) && health.contains(#""status" : "failing""#))
    let metrics = try setting.estate.send("GET", "/metrics", at: .monitoring)
    #expect(
      String(decoding: metrics.body, as: UTF8.self).contains(
        #"smki_signer_up{hierarchy="device"} 0"#))
    let page = try setting.estate.send("GET", "/", at: .repositoryPlain)
    #expect(page.status == 200)
    #expect(String(decoding: page.body, as: UTF8.self).contains("<b>down</b>"))
    #expect(try setting.lodged() == 1)
    try setting.module.work()
    #expect(setting.recovers())
    #expect(try setting.ask(2).status == 200)
    #expect(try setting.ask(3).status == 200)
    #expect(try setting.lodged() == 3)
    #expect(try setting.health().contains(#""device" : "ready""#))
  }

  @Test(
    "a signature that is garbled, or of something else, is caught before it is lodged",
    .clause("ENG-self-check"), arguments: [("garble", "faulty10"), ("swap", "faulty11")])
  func garbled(act: String, token: String) throws {
    let setting = try Setting(token)
    try setting.module.fail("C_Sign \(act) 0 0 1")
    #expect(try setting.ask(1).status == 503)
    #expect(try setting.lodged() == 0)
    #expect(setting.estate.node.authority.signaturesCaught == 1)
    #expect(try setting.ask(1).status == 200)
    #expect(try setting.lodged() == 1)
  }

  @Test("a spent authority's key is gone from the token, and that is recorded", .clause("C3-119"))
  func destroyed() throws {
    let setting = try Setting("faulty12")
    let estate = setting.estate
    #expect(try setting.ask(1).status == 200)
    let place = KeyPlace.token(module: "hsm", token: "faulty12")
    #expect(try estate.node.keyring.labels(at: place).contains("issuing-td01"))
    estate.pass(seconds: 93 * 86_400)
    #expect(try setting.ask(2).status == 200, "the next authority has taken over")
    let schedule = try #require(estate.node.jobs.first { $0.name == "issuing-life" })
    _ = try schedule.run(estate.now)
    #expect(try !estate.node.keyring.labels(at: place).contains("issuing-td01"))
    let spent = try estate.node.authority.authorities()[0]
    #expect(spent.state == .spent && spent.destroyed == estate.now)
    #expect(estate.lines.value.contains { $0.contains("authority-key-destroyed") })
    #expect(estate.lines.value.contains { $0.contains("authority-stock-low") })
    #expect(try setting.health().contains(#""isStockLow" : true"#))
  }

  @Test(
    "a live estate signs while its module is in the register with level 3, and not otherwise",
    .clause("C3-190-1"))
  func live() throws {
    let setting = try Setting("faulty13", kind: .live)
    #expect(try setting.ask(1).status == 200)
    #expect(try setting.estate.node.unfitKeys().isEmpty)
    try Setting.register(in: setting.estate, level: 2)
    #expect(try setting.ask(2).status == 503)
    #expect(try setting.estate.node.unfitKeys().map(\.code) == ["module-unfit"])
    try Setting.register(in: setting.estate)
    #expect(try setting.ask(2).status == 200)
  }

  @Test("a live estate's clock is the machine's", .clause("ENG-clock"))
  func clock() throws {
    #expect(throws: NodeError.clockOfLiveEstate) {
      try ServingEstate(kind: .live) { $0.clockAheadSeconds = 1 }
    }
    let ahead = try ServingEstate { $0.clockAheadSeconds = 86_400 }
    #expect(ahead.node.clock() == ahead.now.adding(seconds: 86_400))
  }
}
