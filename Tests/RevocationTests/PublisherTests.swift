// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Foundation
import Keys
import Profiles
import Records
import Registration
import Repository
import Revocation
import SEC
import TestEstate
import Testing
import Threads
import X509

@Suite("Publishing lists")
struct PublisherTests {
  private static func publisher(
    _ estate: TestEstate, reached: @escaping @Sendable (PublicationStep) -> Void = { _ in }
  ) -> ListPublisher {
    ListPublisher(
      records: estate.records, clock: { estate.now }, reached: reached,
      sign: { try estate.authority.sign($0, by: $1) })
  }

  private static func issuer(
    _ publisher: ListPublisher, _ kind: AuthorityKind = .issuingOCA
  ) throws -> ListIssuer {
    try #require(try publisher.standings().first { $0.issuer.kind == kind }).issuer
  }

  @discardableResult
  private static func revoke(_ estate: TestEstate) throws -> Integer {
    let der = try estate.issueOrganisation(
      Asking.organisation(EntityID(0x90B3_D51F_3001_0001)))
    let serial = try Certificate(parsing: der).serialNumber
    _ = try Revocation(records: estate.records).order(
      Direction(by: "SMKI PMA", decision: "PMA 1", evidence: "minutes", clause: "C3-71"),
      serials: [Array(serial.magnitude)], at: estate.now, by: TestEstate.officer)
    return serial
  }

  @Test(
    "a crash after each step leaves a store from which the next list is published",
    .clause("RFC5280-5.2.3", "OCP-annex-B-crl"), arguments: PublicationStep.allCases)
  func crash(step: PublicationStep) throws {
    let estate = try TestEstate()
    let image = Guarded<String?>(nil)
    let publisher = Self.publisher(estate) { reached in
      guard reached == step else { return }
      image.change { $0 = try? estate.image() }
    }
    let serial = try Self.revoke(estate)
    let list = try publisher.publish(Self.issuer(publisher), by: ListPublisher.node)
    let folder = try #require(image.value)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let after = try TestEstate(opening: folder, at: estate.now.adding(seconds: 60))
    let again = Self.publisher(after)
    let standing = try #require(
      try again.standings().first { $0.issuer.kind == .issuingOCA })
    #expect(standing.newest == (step == .lodged ? list : nil))
    #expect((standing.unlisted == nil) == (step == .lodged))
    let next = try again.publish(standing.issuer, by: ListPublisher.node)
    // What was given a number, and perhaps signed, is never signed again under it.
    #expect(next.number == list.number + 1)
    #expect(next.entries == 1)
    let read = try #require(try again.newestList(of: standing.issuer.id))
    #expect(read.tbs.entries.map(\.serialNumber) == [serial])
    after.close()
  }

  @Test("a key that signs wrongly publishes nothing, and the list before stays the newest")
  func wrongSignature() throws {
    let isWrong = Guarded(false)
    let estate = try TestEstate(key: { _, key in
      HookedKey(key) { key, message in try key.sign(isWrong.value ? message + [0] : message) }
    })
    let publisher = Self.publisher(estate)
    let first = try publisher.publish(Self.issuer(publisher), by: ListPublisher.node)
    try Self.revoke(estate)
    isWrong.change { $0 = true }
    #expect(throws: UnverifiedList.self) { try publisher.publishDue(at: estate.now) }
    #expect(try publisher.newest(of: first.issuer)?.row == first)
    isWrong.change { $0 = false }
    let lists = try publisher.publishDue(at: estate.now).lists
    #expect(lists.first { $0.issuer == first.issuer }?.entries == 1)
  }

  @Test("what is published again after a restart goes on from what was kept")
  func restart() throws {
    let estate = try TestEstate()
    let publisher = Self.publisher(estate)
    var serials: [Integer] = []
    for count in 1...3 {
      serials.append(try Self.revoke(estate))
      let fresh = count.isMultiple(of: 2) ? publisher : Self.publisher(estate)
      let list = try fresh.publish(Self.issuer(fresh), by: ListPublisher.node)
      #expect(list.number == count)
      #expect(list.entries == count)
    }
    let issuer = try Self.issuer(publisher)
    let whole = try #require(try publisher.newest(of: issuer.id))
    #expect(Digest.sha256(whole.octets) == whole.row.digest)
    #expect(try RevocationList(parsing: whole.octets).tbs.entries.map(\.serialNumber) == serials)
    let second = try #require(try publisher.list(of: issuer.id, number: 2))
    #expect(
      try RevocationList(parsing: second.octets).tbs.entries.map(\.serialNumber)
        == Array(serials.prefix(2)))
    #expect(try publisher.list(of: issuer.id, number: 4) == nil)
  }

  @Test(
    "the gate lets nothing out that goes back, forgets, miscounts or is not signed",
    .clause("OCP-annex-B-crl", "RFC5280-5.2.3", "C3-124-2"))
  func gate() throws {
    let estate = try TestEstate()
    let publisher = Self.publisher(estate)
    try Self.revoke(estate)
    try Self.revoke(estate)
    let issuer = try Self.issuer(publisher)
    try publisher.publish(issuer, by: ListPublisher.node)
    let previous = try #require(try publisher.newestList(of: issuer.id))
    func list(_ change: (inout TBSRevocationList) -> Void) throws -> RevocationList {
      var tbs = previous.tbs
      tbs.extensions[1] = Extension(CRLNumber(Integer(2)), isCritical: false)
      change(&tbs)
      return try estate.authority.sign(tbs, by: try #require(issuer.authority))
    }
    func check(_ list: RevocationList, count: Int = 2) throws -> ListDifference {
      try publisher.gate(of: issuer).check(list, after: previous, count: count)
    }
    let entries = Array(previous.tbs.entries)
    let good = try check(try list { _ in })
    #expect(good.addedCount == 0 && good.droppedCount == 0)
    #expect(throws: Refusal.listNumber("01", after: "01")) {
      try check(previous)
    }
    #expect(throws: Refusal.listTime(Time(seconds: 0), after: Time(seconds: 0))) {
      try check(
        try list {
          $0.thisUpdate = $0.thisUpdate.adding(seconds: -1)
          $0.nextUpdate = $0.nextUpdate?.adding(seconds: -1)
          $0.entries = RevokedCertificates(
            entries.map {
              RevokedCertificate(
                serialNumber: $0.serialNumber, revoked: $0.revoked.adding(seconds: -1),
                extensions: $0.extensions)
            })
        })
    }
    #expect(throws: Refusal.listDropsEntry([])) {
      try check(try list { $0.entries = RevokedCertificates(entries.dropFirst()) }, count: 1)
    }
    #expect(throws: Refusal.listCount(2, expected: 3)) { try check(try list { _ in }, count: 3) }
    var spoilt = try list { _ in }.encoded
    spoilt[spoilt.count - 1] ^= 1
    #expect {
      _ = try check(try RevocationList(parsing: spoilt))
    } throws: { ($0 as? Refusal)?.code == "departs-from-profile" }
  }

  @Test("an entry may go once its certificate has ended", .clause("OCP-annex-B-crl"))
  func ended() throws {
    let estate = try TestEstate()
    let publisher = Self.publisher(estate)
    let issuer = try Self.issuer(publisher)
    try Self.revoke(estate)
    estate.now = estate.now.adding(years: 11)
    try publisher.publish(issuer, by: ListPublisher.node)
    let previous = try #require(try publisher.newestList(of: issuer.id))
    var tbs = previous.tbs
    tbs.extensions[1] = Extension(CRLNumber(Integer(2)), isCritical: false)
    tbs.entries = .none
    let list = try estate.authority.sign(tbs, by: try #require(issuer.authority))
    let difference = try publisher.gate(of: issuer).check(list, after: previous, count: 0)
    #expect(difference.droppedCount == 1)
    #expect(difference.numbers == [Integer(1), Integer(2)])
  }

  @Test("two that publish at once make two lists, one after the other")
  func together() throws {
    let estate = try TestEstate()
    let publisher = Self.publisher(estate)
    let issuer = try Self.issuer(publisher)
    let numbers = Guarded<[Int]>([])
    let workers = (0..<4).map { number in
      Worker(name: "publishing-\(number)") {
        for _ in 0..<3 {
          if let list = try? publisher.publish(issuer, by: ListPublisher.node) {
            numbers.change { $0.append(list.number) }
          }
        }
      }
    }
    for worker in workers { worker.join() }
    #expect(numbers.value.sorted() == Array(1...12))
  }
}
