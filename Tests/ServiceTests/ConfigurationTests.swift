// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Registration
import SEC
import Service
import Testing

@Suite("estate.json says how a node is run; what it leaves out has a default")
struct ConfigurationTests {
  private func read(_ text: String) throws -> Configuration {
    let folder = NSTemporaryDirectory() + "smki-configuration-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/estate.json"))
    return try Configuration.read(folder)
  }

  @Test("a file with the estate's name alone is enough, and opens no plain port")
  func leastFile() throws {
    let configuration = try read(#"{"estate": "E", "doors": {}}"#)
    #expect(configuration.estate == "E")
    #expect(configuration.workers == Configuration(estate: "E").workers)
    #expect(configuration.doors.service == 8443)
    #expect(configuration.doors.repositoryPlain == nil)
  }

  @Test("what is there is read", .clause("L3.16-e"))
  func whatIsThere() throws {
    let configuration = try read(
      """
      {"estate": "E", "workers": 3,
       "unrecordedDevice": {"types": ["CHF"], "status": "Commissioned"}}
      """)
    #expect(configuration.workers == 3)
    #expect(configuration.unrecordedDevice.types == ["CHF"])
  }

  @Test("a file without a name, or with a value of another type, is refused")
  func refused() {
    #expect(throws: DecodingError.self) { try read("{}") }
    #expect(throws: DecodingError.self) { try read(#"{"estate": "E", "workers": "many"}"#) }
  }

  @Test("an estate decides what a device without record counts as", .clause("L3.16-e"))
  func unrecordedDevice() throws {
    let closed = try ServingEstate { $0.unrecordedDevice.status = "Commissioned" }
    #expect(
      try closed.node.registration.standing(of: EntityID(0x00DB_1234_0000_0001)).status
        == .commissioned)
    let usual = try ServingEstate()
    #expect(
      try usual.node.registration.standing(of: EntityID(0x00DB_1234_0000_0001)).status
        == .pending)
    #expect(throws: NodeError.unknownWord("unrecordedDevice")) {
      _ = try ServingEstate { $0.unrecordedDevice.types = ["TOASTER"] }
    }
  }
}
