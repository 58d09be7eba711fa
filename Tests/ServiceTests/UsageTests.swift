// SPDX-License-Identifier: Apache-2.0

import Batches
import ClauseTrait
import Client
import DER
import Registration
import SEC
import Service
import Testing

@Suite("Use beyond the limits is answered, and counted for the Service Desk")
struct UsageTests {
  private func counts(_ estate: ServingEstate, _ party: String) throws -> [String: Int] {
    estate.node.batches.flushUsage()
    var counts: [String: Int] = [:]
    for excess in try BatchReading.excesses(in: estate.node.records) where excess.party == party {
      counts[excess.rule, default: 0] += excess.count
    }
    return counts
  }

  @Test(
    "the Ad Hoc service: 0.8 s between two requests from 07:00 to 20:00, 4 s at other hours",
    .clause("N4-3-rate-core", "N4-3-rate-other"))
  func adHoc() throws {
    // The estate is founded at 08:00.
    let setting = try AdHocSetting(ServingEstate())
    let estate = setting.estate
    func ask(after milliseconds: Int64) throws {
      estate.pass(milliseconds: milliseconds)
      let reply = try setting.ask(DeviceDraft(for: AdHocSetting.device).encoded())
      #expect(reply.status == "SUCCESS")
    }
    try ask(after: 0)
    try ask(after: 800)
    #expect(try counts(estate, "electric") == [:])
    try ask(after: 799)
    #expect(try counts(estate, "electric") == ["ad-hoc-rate": 1])
    estate.pass(seconds: 13 * 3_600)
    try ask(after: 0)
    try ask(after: 4_000)
    #expect(try counts(estate, "electric") == ["ad-hoc-rate": 1])
    try ask(after: 3_999)
    #expect(try counts(estate, "electric") == ["ad-hoc-rate": 2])
  }

  @Test(
    "the portal's device function: so many requests of a party in 24 hours",
    .clause("N4-3-portal-adhoc"))
  func portal() throws {
    let estate = try ServingEstate { $0.batches.adHocPerDay = 3 }
    try estate.add("meters", [.otherParty])
    let credential = try estate.credential(of: "meters", for: .portalDevice)
    func ask() throws {
      try estate.issue(DeviceDraft(for: BatchSetting.newDevice()).encoded(), by: credential)
    }
    for _ in 0..<3 { try ask() }
    #expect(try counts(estate, "meters") == [:])
    try ask()
    #expect(try counts(estate, "meters") == ["ad-hoc-volume": 1])
    estate.pass(seconds: 86_400)
    try ask()
    #expect(try counts(estate, "meters") == ["ad-hoc-volume": 1])
    #expect(BatchSettings().adHocPerDay == 150)
  }

  @Test(
    "requests of batches beyond those of 24 hours are counted and taken all the same",
    .clause("N4-3-portal-batch"))
  func batches() throws {
    let setting = try BatchSetting { $0.partyPerDay = 5 }
    for (name, expected) in [("a", nil), ("b", 3)] as [(String, Int?)] {
      let files = try BatchSetting.requests(4).enumerated().map {
        ("\($0.offset).csr", BatchSetting.file($0.element))
      }
      let answer = try setting.upload(BatchSetting.zip(files), name: "\(name).zip")
      #expect(answer.status == 200)
      #expect(try counts(setting.estate, setting.one.id)["batch-volume"] == expected)
    }
  }
}
