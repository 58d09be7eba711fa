// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import TestProcess
import Testing

@Suite("A node that is killed leaves nothing half done", .clause("ENG-two-commits"))
struct KillDrillTests {
  private static let script = "\(Program.package)/Scripts/drill-kill"

  /// With `SMKI_LONG=1` at full size.
  private static let isLong = ProcessInfo.processInfo.environment["SMKI_LONG"] == "1"

  @Test("killed at named steps and at random; each request ends with one certificate")
  func drill() throws {
    let (rounds, clients) = Self.isLong ? (200, 8) : (8, 3)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", Self.script, "--smki", Program.path, "--rounds", "\(rounds)", "--clients",
      "\(clients)",
    ]
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    #expect(process.terminationStatus == 0, "\(String(decoding: complaint, as: UTF8.self))")
    let counts = try #require(try JSONSerialization.jsonObject(with: said) as? [String: Int])
    #expect(counts["rounds"] == rounds)
    #expect(counts["unfinished"] ?? 0 >= rounds / 8 * 2)
    #expect(counts["voidedChunks"] ?? 0 >= counts["unfinished"] ?? 0)
    #expect(counts["certificates"] == counts["requests"])
    #expect(counts["requests"] ?? 0 > clients)
  }

  @Test("a step that is none keeps a node from starting")
  func stoppingPoint() throws {
    let folder = NSTemporaryDirectory() + "smki-stop-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func run(_ words: [String], _ environment: [String: String] = [:]) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(filePath: Program.path)
      process.arguments = words + ["--estate", folder]
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitForEnd()
      return process.terminationStatus
    }
    #expect(try run(["init", "--test"]) == 0)
    for value in ["", "lunch", "recorded:", "recorded:0", "recorded:1:1"] {
      #expect(try run(["serve"], ["SMKI_STOP_AT": value]) != 0, "\(value)")
    }
  }
}
