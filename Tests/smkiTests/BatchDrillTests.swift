// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import TestProcess
import Testing

@Suite("A party's batches survive a server that is killed")
struct BatchDrillTests {
  /// A full drill has 50,000 requests in each batch and 100 kills; the usual one is small.
  static let isLong = ProcessInfo.processInfo.environment["SMKI_LONG"] != nil
  static let requests = isLong ? 50_000 : 1_100
  static let kills = isLong ? 100 : 6

  @Test(
    "a new party's archive and XML batch, on a killed and restarted server, each request once",
    .clause(
      "M8-2.5-batch-states", "M8-2.5-batch-file", "ENG-batch-receipt", "ENG-same-request",
      "L11.6"))
  func drill() throws {
    let process = Process()
    process.executableURL = URL(filePath: "\(Program.package)/Scripts/drill-batch")
    process.arguments = [
      "--smki", Program.path, "--requests", "\(Self.requests)", "--kills", "\(Self.kills)",
    ]
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    #expect(process.terminationStatus == 0, "\(String(decoding: complaint, as: UTF8.self))")
    let counts = try #require(try JSONSerialization.jsonObject(with: said) as? [String: Any])
    #expect(counts["requests"] as? Int == 2 * Self.requests)
    #expect(counts["unfinished"] as? Int ?? 0 > 0)
  }
}
