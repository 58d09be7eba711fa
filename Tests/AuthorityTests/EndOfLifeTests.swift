// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import DER
import Foundation
import Keys
import Profiles
import Records
import Registration
import SEC
import TestEstate
import Testing
import Threads

@Suite("An authority stops, its key is destroyed, and no clock brings it back")
struct EndOfLifeTests {
  private struct Crash: Error {}

  private static let end = IssuingKeyLife.issuingDCA.ends(onLineSince: TestEstate.beginning)

  private static func states(_ estate: TestEstate) throws -> [String] {
    try estate.authority.authorities().filter { $0.hierarchy == .device }.map(\.state.rawValue)
  }

  private static func issuer(_ estate: TestEstate, _ system: AdmittedSystem) throws -> String {
    try estate.issuers([estate.issue(Asking.device(EntityID(.random(in: 1...1 << 40))), by: system)]
    )[0]
  }

  @Test("at the end of its time it is off line without being asked", .clause("C3-118-4a"))
  func byItself() throws {
    let estate = try TestEstate(stock: 2)
    let system = try estate.credential()
    _ = try Self.issuer(estate, system)
    let end = try #require(Self.end)
    for (moment, states) in [
      (end.adding(milliseconds: -1), ["on-line", "stock"]), (end, ["spent", "stock"]),
    ] {
      estate.now = moment
      try estate.authority.endLives()
      #expect(try Self.states(estate) == states)
    }
    #expect(try estate.entries("authority-life-ended").count == 1)
  }

  @Test(
    "a clock that is put back gives no longer life, in this process or the next",
    .clause("C3-118-4a"), arguments: [false, true])
  func back(isRestarted: Bool) throws {
    var estate = try TestEstate(stock: 3)
    let system = try estate.credential()
    #expect(try Self.issuer(estate, system) == "TD01")
    estate.now = try #require(Self.end).adding(seconds: -1)
    #expect(try Self.issuer(estate, system) == "TD01")
    try estate.authority.endLives()
    // Back by two months, and on again for two: the second after the latest time seen is too late.
    estate.now = estate.now.adding(seconds: -60 * 86_400)
    let folder = try estate.image()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    if isRestarted { estate = try TestEstate(opening: folder, at: estate.now) }
    #expect(try Self.issuer(estate, system) == "TD01")
    estate.now = try #require(Self.end)
    #expect(try Self.issuer(estate, system) == "TD02")
    estate.now = estate.now.adding(seconds: -60 * 86_400)
    #expect(try Self.issuer(estate, system) != "TD01", "what is spent stays spent")
    #expect(try Self.states(estate).first == "spent")
  }

  @Test("nobody knows how long an authority was on line whose beginning is yet to come")
  func future() throws {
    let estate = try TestEstate(stock: 3)
    let system = try estate.credential()
    #expect(try Self.issuer(estate, system) == "TD01")
    let now = estate.now
    estate.now = now.adding(seconds: 10 * 365 * 86_400)
    #expect(try Self.issuer(estate, system) == "TD02")
    estate.now = now.adding(seconds: 10 * 365 * 86_400 - 60)
    #expect(try Self.issuer(estate, system) == "TD02", "a minute is nothing")
    estate.now = now
    #expect(try Self.issuer(estate, system) == "TD03")
  }

  @Test("the volume is over: off line before anybody asks for one more", .clause("C3-118-4b"))
  func volume() throws {
    let estate = try TestEstate(stock: 2, deviceLife: IssuingKeyLife(volumeMax: 2, monthsMax: 3))
    let system = try estate.credential()
    for _ in 1...2 { _ = try Self.issuer(estate, system) }
    try estate.authority.endLives()
    #expect(try Self.states(estate) == ["spent", "stock"])
  }

  @Test(
    "a crash at each step of the destruction is resumed, and recorded once", .clause("C3-119"),
    arguments: ["before", "during", "after", "never"])
  func destruction(crash: String) throws {
    var estate = try TestEstate(stock: 2, deviceLife: IssuingKeyLife(volumeMax: 1, monthsMax: 3))
    let system = try estate.credential()
    #expect(try estate.authority.keysToDestroy().isEmpty)
    for _ in 1...2 { _ = try Self.issuer(estate, system) }
    let place = try TemporaryStore()
    _ = try place.store.generate(label: "issuing-td01", kind: .p256)
    let keys = Keyring(place.store)
    let spent = try #require(try estate.authority.keysToDestroy().first)
    #expect(spent.keyLabel == "issuing-td01")
    func destroy(_ crash: String) throws {
      try estate.authority.destroyKey(of: spent) { authority in
        if crash == "before" { throw Crash() }
        let how = try keys.destroyForGood(label: authority.keyLabel, at: authority.place)
        if crash == "during" { throw Crash() }
        return how
      }
    }
    if crash == "before" || crash == "during" {
      #expect(throws: Crash.self) { try destroy(crash) }
      let folder = try estate.image()
      estate = try TestEstate(opening: folder)
      Leftovers.remove(folder)
      #expect(try estate.authority.keysToDestroy().count == 1)
    }
    try destroy("never")
    #expect(try estate.authority.keysToDestroy().isEmpty)
    #expect(try place.store.labels().isEmpty)
    let entries = try estate.entries("authority-key-destroyed")
    #expect(entries.count == 1)
    let method = try #require(entries[0].facts["method"])
    #expect(method.contains(crash == "during" ? "not found: destroyed before" : "and not found"))
    let destroyed = try estate.authority.authorities()[0]
    #expect(destroyed.destroyed == estate.now)
  }

  @Test("no key is destroyed while something is being signed with it")
  func underWay() throws {
    let seen = Guarded<Int?>(nil)
    let look = Guarded<(@Sendable () throws -> Int)?>(nil)
    let estate = try TestEstate(
      stock: 2, deviceLife: IssuingKeyLife(volumeMax: 1, monthsMax: 3),
      key: { label, key in
        HookedKey(key) { key, message in
          if label == "issuing-td01", let look = look.value {
            let count = try look()
            seen.change { $0 = count }
          }
          return try key.sign(message)
        }
      })
    look.change {
      $0 = { [unowned estate] in
        try estate.authority.endLives()
        return try estate.authority.keysToDestroy().count
      }
    }
    let system = try estate.credential()
    _ = try Self.issuer(estate, system)
    #expect(seen.value == 0)
    #expect(try estate.authority.keysToDestroy().count == 1)
  }

  @Test(
    "an officer takes an authority off line for a re-key if another is in stock", .clause("C3-120"))
  func retire() throws {
    let estate = try TestEstate(stock: 2)
    let system = try estate.credential()
    let officer = TestEstate.operatorOfSystem
    #expect(throws: Refusal.authorityNotOnLine(1)) {
      try estate.authority.retire(1, at: estate.now, by: officer)
    }
    #expect(try Self.issuer(estate, system) == "TD01")
    try estate.authority.retire(1, at: estate.now, by: officer)
    #expect(try Self.issuer(estate, system) == "TD02")
    #expect(throws: Refusal.noSuccessor("CN=TD02")) {
      try estate.authority.retire(2, at: estate.now, by: officer)
    }
    #expect(try Self.issuer(estate, system) == "TD02")
  }

  @Test("the keys of organisations' authorities are kept: they sign their lists")
  func otherHierarchies() throws {
    let estate = try TestEstate()
    _ = try estate.issueOrganisation(Asking.organisation(EntityID(0x90B3_D51F_3001_0001)))
    let oca = try #require(
      try estate.authority.authorities().first { $0.hierarchy == .organisation })
    #expect(throws: Refusal.noSuccessor(oca.subject)) {
      try estate.authority.retire(oca.id, at: estate.now, by: TestEstate.operatorOfSystem)
    }
    #expect(try estate.authority.keysToDestroy().isEmpty)
  }
}

/// A store of keys that goes with its owner.
private final class TemporaryStore {
  let store: KeyStore

  init() throws {
    let path = NSTemporaryDirectory() + "smki-store-" + UUID().uuidString
    store = try KeyStore.create(
      at: path, estate: "test-estate", passphrase: Secret(copying: [1]),
      cost: Scrypt(logN: Scrypt.logNRange.lowerBound))
    Leftovers.remove(path)
  }
}
