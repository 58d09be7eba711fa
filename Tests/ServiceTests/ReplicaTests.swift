// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import HTTP
import Profiles
import Records
import Registration
import Repository
import SEC
import Service
import TestEstate
import TestProcess
import TestStore
import Testing
import Threads
import X509

@Suite("Searches are read from a standby that is fresh enough, and else from the server", .onServer)
struct ReplicaTests {
  /// A program of others that ended otherwise than it should.
  private struct Failed: Error {
    let words: [String]
  }

  /// Runs a program of others to its end.
  @discardableResult
  private static func run(_ path: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    guard process.terminationStatus == 0 else { throw Failed(words: [path] + arguments) }
    return String(decoding: said, as: UTF8.self).trimmingCharacters(in: .newlines)
  }

  private static func postgres(_ arguments: String...) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try run(root.appending(path: "Scripts/postgres").path, arguments)
  }

  /// What the metrics say of the standby.
  private static func standing(
    in estate: ServingEstate
  ) throws -> (isRead: Bool, lag: Double) {
    let metrics = String(
      decoding: try estate.send("GET", "/metrics", at: .monitoring).body, as: UTF8.self)
    func value(_ name: String) -> Double? {
      metrics.split(separator: "\n").first { $0.hasPrefix(name + " ") }
        .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
    }
    return (
      try #require(value("smki_standby_read")) == 1,
      try #require(value("smki_standby_lag_seconds"))
    )
  }

  /// Makes a folder for two servers.
  private static func folder() throws -> String {
    let place = NSTemporaryDirectory() + "smki-replica-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: place, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o755])
    return place
  }

  /// An estate on the two servers, with a reader.
  private static func setting(_ primary: String, _ standby: String) throws -> AdHocSetting {
    let setting = try AdHocSetting(
      ServingEstate {
        $0.store = primary
        $0.replica = standby
        $0.replicaLagSecondsMax = 5
      })
    try setting.estate.node.registration.addAPIKey(
      "a-key", of: "electric", label: "reader", for: "a test", at: setting.estate.now,
      by: ServingEstate.officer)
    return setting
  }

  @Test(
    "a standby that is paused is read as long as it may be behind, then the server itself",
    .clause("L5.2"))
  func standby() throws {
    let place = try Self.folder()
    defer {
      for name in ["b", "a"] { _ = try? Self.postgres("stop", "\(place)/\(name)") }
      try? FileManager.default.removeItem(atPath: place)
    }
    let schema = "&options=-csearch_path%3Dreplica"
    let primary = try Self.postgres("start", "\(place)/a") + schema
    let standby = try Self.postgres("standby", "\(place)/b", "\(place)/a") + schema
    let setting = try Self.setting(primary, standby)
    let estate = setting.estate
    defer { estate.node.stop() }
    func issue(_ number: UInt64) throws -> String {
      let id = EntityID(0x5A4D_4B49_0000_0000 + number)
      let issued = try estate.issue(
        DeviceDraft(for: id, usage: .keyAgreement).encoded(), by: setting.maker)
      return Hex.encode(issued.serialNumber.magnitude)
    }
    func find(_ serial: String) throws -> Int {
      try estate.send(
        "GET", "/services/chain", at: .repository,
        query: [("apikey", "a-key"), ("serial", serial)]
      ).status
    }
    func said(_ event: String) -> Int { estate.lines.value.count { $0.contains("\"\(event)\"") } }
    /// Until the standby has all and is read again.
    func waitUntilRead(_ serial: String, times: Int) throws {
      for _ in 0..<600 where said("replica-read") < times {
        estate.pass(seconds: 1)
        _ = try find(serial)
        usleep(50_000)
      }
      #expect(said("replica-read") == times)
    }
    func replay(_ word: String) throws {
      try Self.run("/usr/bin/psql", [standby, "-qAtc", "SELECT pg_wal_replay_\(word)()"])
    }
    let first = try issue(1)
    _ = try find(first)
    try waitUntilRead(first, times: 1)
    #expect(try find(first) == 200)
    #expect(try Self.standing(in: estate).isRead && Self.standing(in: estate).lag <= 5)
    let reader = try Records.openReadOnly(standby, migrations: Store.migrations)
    defer { reader.close() }
    func measured(_ secondsMax: Int64 = 0) throws -> Int64? {
      try Replica.measure(reader, behind: estate.node.records, secondsMax: secondsMax)
    }
    #expect(try measured(60) != nil)
    try replay("pause")
    let second = try issue(2)
    estate.pass(seconds: 2)
    #expect(try find(second) == 404, "the standby has not heard of it")
    #expect(try find(first) == 200)
    #expect(said("replica-behind") == 0)
    estate.pass(seconds: 10)
    #expect(try find(second) == 200, "the server itself has it")
    #expect(said("replica-behind") == 1)
    #expect(try !Self.standing(in: estate).isRead && Self.standing(in: estate).lag >= 10)
    #expect(try measured() == nil)
    try replay("resume")
    try waitUntilRead(first, times: 2)
    #expect(try find(second) == 200)
    // And when it is gone.
    _ = try Self.postgres("stop", "\(place)/b")
    estate.pass(seconds: 2)
    #expect(try find(second) == 200)
    #expect(try find(try issue(3)) == 200)
    #expect(try Self.standing(in: estate) == (false, -1))
    #expect(throws: DatabaseError.self) { try measured() }
  }
}
