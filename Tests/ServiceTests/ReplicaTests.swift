// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import HTTP
import Profiles
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

  @Test(
    "a standby that is paused is read as long as it may be behind, then the server itself",
    .clause("L5.2"))
  func standby() throws {
    let place = NSTemporaryDirectory() + "smki-replica-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: place, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o755])
    defer {
      for name in ["b", "a"] { _ = try? Self.postgres("stop", "\(place)/\(name)") }
      try? FileManager.default.removeItem(atPath: place)
    }
    let schema = "&options=-csearch_path%3Dreplica"
    let primary = try Self.postgres("start", "\(place)/a") + schema
    let standby = try Self.postgres("standby", "\(place)/b", "\(place)/a") + schema
    let setting = try AdHocSetting(
      ServingEstate {
        $0.store = primary
        $0.replica = standby
        $0.replicaLagSecondsMax = 5
      })
    let estate = setting.estate
    defer { estate.node.stop() }
    try estate.node.registration.addAPIKey(
      "a-key", of: "electric", label: "reader", for: "a test", at: estate.now,
      by: ServingEstate.officer)
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
    try replay("pause")
    let second = try issue(2)
    estate.pass(seconds: 2)
    #expect(try find(second) == 404, "the standby has not heard of it")
    #expect(try find(first) == 200)
    #expect(said("replica-behind") == 0)
    estate.pass(seconds: 10)
    #expect(try find(second) == 200, "the server itself has it")
    #expect(said("replica-behind") == 1)
    try replay("resume")
    try waitUntilRead(first, times: 2)
    #expect(try find(second) == 200)
    // And when it is gone.
    _ = try Self.postgres("stop", "\(place)/b")
    estate.pass(seconds: 2)
    #expect(try find(second) == 200)
    #expect(try find(try issue(3)) == 200)
  }
}
