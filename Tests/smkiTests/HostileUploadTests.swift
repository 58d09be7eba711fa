// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("Hostile uploads cost neither memory nor anybody else's request")
struct HostileUploadTests {
  /// A full run reads as much XML as one submission may hold.
  static let isLong = ProcessInfo.processInfo.environment["SMKI_LONG"] != nil
  static let octets = isLong ? 127 << 20 : 4 << 20
  /// What the peak of memory may grow by: far less than what is sent, on any machine.
  static let grownKilobytesMax = 96 * 1_024

  @Test(
    "cut at every octet, a gigabyte of XML, and slow connections, at bounded memory",
    .clause("ENG-http-limits", "ENG-xml", "M8-AppC-limits", "M8-AppC-submit", "ENG-batch-receipt"))
  func uploads() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let outcome = try Program.run(
      "\(Program.package)/Scripts/drill-uploads",
      [
        "--estate", estate.folder, "--url", "https://127.0.0.1:\(estate.ports[0])", "--pid",
        "\(try #require(estate.pid))", "--octets", "\(Self.octets)",
      ])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let told = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(told["short"] as? Int == told["octets"] as? Int)
    #expect(told["announced"] as? String == "413")
    // Somewhat more than the limit is on its way when the node says no.
    #expect(try #require(told["endless"] as? Int) < 512 << 20)
    #expect(told["comments"] as? Bool == true)
    #expect(told["slow"] as? Bool == true)
    #expect(told["whole"] as? Bool == true)
    let grown = try #require(told["grown"] as? Int)
    #expect(grown < Self.grownKilobytesMax, "\(outcome.output)")
    let list = try estate.run("batch", "list", "--json")
    let batches = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
    #expect(batches?.count == 1)
    let incoming = "\(estate.folder)/batches/incoming"
    try estate.wait {
      (try? FileManager.default.contentsOfDirectory(atPath: incoming))?.isEmpty ?? true
    }
    #expect(try estate.stop(SIGTERM).code == 0)
    #expect(try estate.run("verify").code == 0)
  }
}
