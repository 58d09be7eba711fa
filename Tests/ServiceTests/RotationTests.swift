// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Foundation
import Keys
import Registration
import SEC
import Service
import Testing
import Threads
import X509

@Suite("One Issuing DCA takes over from the other, and nobody who asks notices")
struct RotationTests {
  /// An estate of three Issuing DCAs with a small volume, and a system that asks.
  private static func estate(
    _ volume: Int64
  ) throws -> (ServingEstate, ServingEstate.Credential) {
    let estate = try ServingEstate(deviceLife: .init(volumeMax: volume, monthsMax: 3))
    try estate.add("meters", [.otherParty])
    return (estate, try estate.credential(of: "meters", for: .portalDevice))
  }

  private static func issuer(
    _ estate: ServingEstate, _ maker: ServingEstate.Credential, _ device: UInt64
  ) throws -> String {
    try estate.issue(DeviceDraft(for: EntityID(device)).encoded(), by: maker).issuer.commonName
      ?? ""
  }

  @Test(
    "just at the volume and one above it",
    .clause("C3-118-4", "C3-118-4b", "C3-120", "DCP-annex-B-issuing-key-life"))
  func volume() throws {
    let (estate, maker) = try Self.estate(2)
    let issuers = try (1...5).map { try Self.issuer(estate, maker, $0) }
    #expect(issuers == ["TD01", "TD01", "TD02", "TD02", "TD03"])
  }

  @Test("just before and at the end of three months", .clause("C3-118-4", "C3-118-4a"))
  func time() throws {
    let (estate, maker) = try Self.estate(100)
    #expect(try Self.issuer(estate, maker, 1) == "TD01")
    let end = try #require(IssuingKeyLife.issuingDCA.ends(onLineSince: estate.now))
    estate.pass(seconds: end.seconds - estate.now.seconds - 1)
    #expect(try Self.issuer(estate, maker, 2) == "TD01")
    estate.pass(seconds: 1)
    #expect(try Self.issuer(estate, maker, 3) == "TD02")
  }

  @Test("many at a time over the turn: each gets a certificate", .clause("C3-120"))
  func manyAtOnce() throws {
    let (estate, maker) = try Self.estate(8)
    let drafts = try (1...24).map { try DeviceDraft(for: EntityID($0)).encoded() }
    let issuers = Guarded<[String]>([])
    Worker.onAllCores(6) { part in
      for place in 0..<4 {
        let issued = try? estate.issue(drafts[part * 4 + place], by: maker)
        issuers.change { $0.append(issued?.issuer.commonName ?? "none") }
      }
    }
    let counts = Dictionary(grouping: issuers.value) { $0 }.mapValues(\.count)
    #expect(counts == ["TD01": 8, "TD02": 8, "TD03": 8])
  }

  @Test("the spent key's file is gone, and its end has an entry of its own", .clause("C3-119"))
  func destroyed() throws {
    let (estate, maker) = try Self.estate(1)
    for device in 1...2 as ClosedRange<UInt64> { _ = try Self.issuer(estate, maker, device) }
    let file = "\(estate.folder.keys)/issuing-td01.key"
    #expect(FileManager.default.fileExists(atPath: file))
    let job = try #require(estate.node.jobs.first { $0.name == "issuing-life" })
    _ = try job.run(estate.now)
    #expect(!FileManager.default.fileExists(atPath: file))
    #expect(throws: KeyError.self) { try estate.node.keyring.key(label: "issuing-td01") }
    let spent = try estate.node.authority.authorities()[0]
    #expect(spent.destroyed == estate.now)
  }
}
