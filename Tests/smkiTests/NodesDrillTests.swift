// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("Two nodes serve one estate")
struct NodesDrillTests {
  /// A full drill has a batch of 50,000; the usual one is small.
  static let isLong = ProcessInfo.processInfo.environment["SMKI_LONG"] != nil
  static let requests = isLong ? 50_000 : 800
  static let load = isLong ? 5_000 : 40

  @Test(
    "both issue, a suspension is in force everywhere, and one finishes what a killed one began",
    .clause("ENG-two-commits", "ENG-same-request", "ENG-serial", "ENG-batch-receipt"))
  func drill() throws {
    let drill = try Program.run(
      "\(Program.package)/Scripts/drill-nodes",
      ["--smki", Program.path, "--requests", "\(Self.requests)", "--load", "\(Self.load)"])
    #expect(drill.code == 0, "\(drill.errors)")
    let facts = try #require(
      try JSONSerialization.jsonObject(with: Data(drill.output.utf8)) as? [String: Any])
    #expect(facts["serials"] as? Int == facts["issued"] as? Int)
    #expect(facts["left"] as? Int ?? 0 > 0)
  }
}
