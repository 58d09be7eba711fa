// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("The bench comes to its end and tells every figure")
struct BenchTests {
  @Test("a small one: loads, a batch without a network, and batches by web service and archive")
  func small() throws {
    let port = try OwnEstate.freePorts(1)[0]
    // Four ports in a row, below where the machine takes its own from.
    let said = try Program.run(
      "bench", "--requests", "100", "--fill", "0", "--batch", "4", "--port",
      "\(20_000 + port % 10_000)", "--json")
    try #require(said.code == 0, "\(said.errors)")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(said.output.utf8)) as? [String: Any])
    let lines = try #require(report["lines"] as? [[String: Any]])
    #expect(lines.compactMap { $0["connections"] as? Int } == [1, 8, 32, 8, 8, 8])
    #expect(report["limitPerSecond"] as? Double ?? 0 > 0)
    #expect(report["batch"] is [String: Any])
    #expect(report["batches"] is [String: Any])
  }

  @Test(
    "a Repository is filled and asked, in a file and on a server, which is not filled twice",
    arguments: [false, true])
  func repository(onServer: Bool) throws {
    let words = "bench repository --scale 1000 --looks 100"
    let said =
      onServer
      ? try Program.shell(
        """
        cd '\(Program.package)' && Scripts/postgres with bash -c '
          "\(Program.path)" \(words) --json --store "$SMKI_TEST_SERVER"
          "\(Program.path)" \(words) --store "$SMKI_TEST_SERVER" || echo "then $?" >&2'
        """)
      : try Program.shell("'\(Program.path)' \(words) --json")
    try #require(said.code == 0, "\(said.errors)")
    let figures = try #require(
      JSONSerialization.jsonObject(with: Data(said.output.utf8)) as? [[String: Any]])
    func figure(_ name: String) -> Double? {
      figures.first { $0["name"] as? String == name }?["value"] as? Double
    }
    #expect(figure("lodged") == 1000)
    #expect(figure("full extract, certificates") == 1000)
    #expect(figure("delta extract, certificates") == 1010)
    #expect(try #require(figure("rows and indexes")) > 300)
    #expect(try #require(figure("by device, warm, p99")) > 0)
    #expect(said.errors.contains("the store has certificates already") == onServer)
    #expect(said.errors.contains("then 1") == onServer)
  }
}
