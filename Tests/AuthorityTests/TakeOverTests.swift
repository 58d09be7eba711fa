// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import DER
import Profiles
import SEC
import TestEstate
import Testing

@Suite("At a limit the next issuing authority of the stock takes over", .clause("C3-118-4"))
struct TakeOverTests {
  private static func requests(_ count: Int, from first: UInt64 = 1) throws -> [[UInt8]] {
    try (0..<UInt64(count)).map { try Asking.device(EntityID(first + $0)) }
  }

  private static func states(_ estate: TestEstate) throws -> [String] {
    try estate.authority.authorities().filter { $0.hierarchy == .device }.map {
      "\($0.state.rawValue) \($0.reserved)"
    }
  }

  @Test("inside one chunk: 25 requests at a volume of 10", .clause("C3-118-4b"))
  func volume() throws {
    let estate = try TestEstate(stock: 4, deviceLife: IssuingKeyLife(volumeMax: 10, monthsMax: 3))
    let system = try estate.credential()
    let issued = try estate.issue(Self.requests(25), by: system).map { try $0.get() }
    let issuers = try estate.issuers(issued)
    #expect(issuers[..<10].allSatisfy { $0 == "TD01" })
    #expect(issuers[10..<20].allSatisfy { $0 == "TD02" })
    #expect(issuers[20...].allSatisfy { $0 == "TD03" })
    #expect(
      try Self.states(estate) == ["spent 10", "spent 10", "on-line 5", "stock 0"])
    #expect(try estate.chunks().suffix(3).map(\.count) == [10, 10, 5])
  }

  @Test(
    "just below, at and above the volume",
    arguments: [
      (9, ["TD01"], "on-line 9"), (10, ["TD01"], "on-line 10"), (11, ["TD02"], "spent 10"),
    ])
  func edge(count: Int, last: [String], first: String) throws {
    let estate = try TestEstate(stock: 2, deviceLife: IssuingKeyLife(volumeMax: 10, monthsMax: 3))
    let system = try estate.credential()
    var issued: [[UInt8]] = []
    for request in try Self.requests(count) {
      issued.append(try estate.issue(request, by: system))
    }
    #expect(try estate.issuers([try #require(issued.last)]) == last)
    #expect(try Self.states(estate)[0] == first)
  }

  @Test("at the end of three months on line, to the millisecond", .clause("C3-118-4a"))
  func time() throws {
    let estate = try TestEstate(stock: 2)
    let system = try estate.credential()
    _ = try estate.issue(Asking.device(EntityID(1)), by: system)
    let end = try #require(IssuingKeyLife.issuingDCA.ends(onLineSince: TestEstate.beginning))
    for (moment, issuer) in [(end.adding(milliseconds: -1), "TD01"), (end, "TD02")] {
      estate.now = moment
      let issued = try estate.issue(Asking.device(EntityID(2)), by: system)
      #expect(try estate.issuers([issued]) == [issuer])
    }
    #expect(try Self.states(estate) == ["spent 2", "on-line 1"])
  }

  @Test("without stock the rest of a chunk fails, and nobody else does")
  func outOfStock() throws {
    let estate = try TestEstate(stock: 1, deviceLife: IssuingKeyLife(volumeMax: 3, monthsMax: 3))
    let system = try estate.credential()
    let outcomes = try estate.issue(Self.requests(5), by: system)
    #expect(outcomes.prefix(3).allSatisfy { failure($0) == nil })
    #expect(outcomes.suffix(2).map(failure) == [.outOfStock(.device), .outOfStock(.device)])
    #expect(try Self.states(estate) == ["spent 3"])
    let next = try estate.issue(Self.requests(1, from: 100), by: system)
    #expect(next.map(failure) == [.outOfStock(.device)])
    // The organisation hierarchy has its own authority, without such a limit.
    _ = try estate.issueOrganisation(Asking.organisation(EntityID(0x90B3_D51F_3001_0001)))
    // What failed is not taken for under way: the same answer comes again at once.
    #expect(
      try estate.issue(Self.requests(1, from: 100), by: system).map(failure)
        == [.outOfStock(.device)])
  }

  @Test("the audit names who was spent and who came on line")
  func audit() throws {
    let estate = try TestEstate(stock: 2, deviceLife: IssuingKeyLife(volumeMax: 1, monthsMax: 3))
    let system = try estate.credential()
    for request in try Self.requests(2) { _ = try estate.issue(request, by: system) }
    let facts = try estate.entries("certificates-recorded").map(\.facts)
    #expect(facts.compactMap { $0["authority-on-line"] }.suffix(2) == ["CN=TD01", "CN=TD02"])
    #expect(facts.compactMap { $0["authority-spent"] } == ["CN=TD01"])
  }
}
