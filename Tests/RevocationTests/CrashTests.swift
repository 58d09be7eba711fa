// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Foundation
import Profiles
import Revocation
import SEC
import TestEstate
import Testing
import X509

@Suite("A crash between the steps of a revocation")
struct CrashTests {
  /// What was done when the process ended.
  enum Step: CaseIterable {
    case issued, requested, granted, published
  }

  private static let second = Actor(name: "Charles Babbage", role: .registrationOfficer)

  private static func publisher(_ estate: TestEstate) -> ListPublisher {
    ListPublisher(
      records: estate.records, clock: { estate.now },
      sign: { try estate.authority.sign($0, by: $1) })
  }

  @Test(
    "each step is there whole or not at all, and the rest is done once by the next start",
    .clause("C3-124-1", "C3-124-2", "M4-ra-revoke-how", "C3-159-row-6"),
    arguments: Step.allCases)
  func crash(step: Step) throws {
    let estate = try TestEstate()
    let der = try estate.issueOrganisation(
      Asking.organisation(EntityID(0x90B3_D51F_3001_0001)))
    let serial = Array(try Certificate(parsing: der).serialNumber.magnitude)
    var images: [Step: String] = [.issued: try estate.image()]
    defer { for path in images.values { try? FileManager.default.removeItem(atPath: path) } }
    try Self.request(serial, in: estate)
    images[.requested] = try estate.image()
    try Self.grant(in: estate)
    images[.granted] = try estate.image()
    _ = try Self.publisher(estate).publishDue(at: estate.now)
    images[.published] = try estate.image()

    let after = try TestEstate(
      opening: try #require(images[step]), at: estate.now.adding(seconds: 60))
    let revocation = Revocation(records: after.records)
    let isGranted = step == .granted || step == .published
    #expect(try (revocation.entry(serial: serial) != nil) == isGranted)
    if step == .issued { try Self.request(serial, in: after) }
    if !isGranted { try Self.grant(in: after) }
    let publisher = Self.publisher(after)
    let lists = try publisher.publishDue(at: after.now).lists
    let own = lists.filter { $0.entries == 1 }
    #expect(own.count == (step == .published ? 0 : 1))
    #expect(try publisher.publishDue(at: after.now).lists.isEmpty)
    let issuer = try #require(
      try publisher.standings().first { $0.issuer.kind == .issuingOCA })
    #expect(issuer.unlisted == nil && issuer.newest?.entries == 1)
    // Once, and once only.
    #expect {
      try Self.request(serial, in: after)
    } throws: { ($0 as? Refusal)?.code == "revoked-already" }
    #expect {
      try Self.grant(in: after)
    } throws: { $0 is Refusal }
    after.close()
  }

  private static func request(_ serial: [UInt8], in estate: TestEstate) throws {
    _ = try Revocation(records: estate.records).request(
      serial: serial, ground: .keyUnreliable,
      asker: Asker(name: "Dana", capacity: .dcc), evidence: "letter 1", at: estate.now,
      by: TestEstate.officer)
  }

  private static func grant(in estate: TestEstate) throws {
    _ = try Revocation(records: estate.records).approve(
      1, verification: "called back", at: estate.now, by: second)
  }
}
