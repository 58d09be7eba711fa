// SPDX-License-Identifier: Apache-2.0

import Authority
import Batches
import ClauseTrait
import DER
import Foundation
import Records
import SEC
import TestEstate
import Testing
import Threads

@Suite("Batches take turns", .serialized)
struct TurnsTests {
  /// Batches over an estate of their own, and the folder that goes with them.
  final class Setting {
    let estate: TestEstate
    let batches: Batches
    private let folder = NSTemporaryDirectory() + "smki-turns-" + UUID().uuidString

    init(changing change: (inout BatchRules) -> Void = { _ in }) throws {
      estate = try TestEstate()
      var rules = BatchRules()
      rules.approvesAutomatically = true
      rules.window = .wholeDay
      rules.chunksUnderWay = 1
      change(&rules)
      let estate = estate
      batches = Batches(
        records: estate.records, registration: estate.registration,
        repository: estate.repository, authority: estate.authority, folder: folder, rules: rules,
        clock: { estate.now },
        classify: { BatchOutcome(.csrError, code: "CR:ERROR", text: "\($0)") },
        complain: { Issue.record("\($0) \($1)") })
    }

    deinit {
      batches.stop()
      try? FileManager.default.removeItem(atPath: folder)
    }

    /// A batch of requests that are none, which costs no signature.
    func submit(_ name: String, _ count: Int, by party: String) throws -> Int {
      try FileManager.default.createDirectory(
        atPath: batches.uploadFolder, withIntermediateDirectories: true)
      let path = "\(batches.uploadFolder)/\(UUID().uuidString)"
      let text =
        "<SubmitCSRBatch ID=\"\(name)\"><Version>1.0</Version>"
        + (0..<count).map { "<DeviceCSR ID=\"ID\($0)\">MAA=</DeviceCSR>" }.joined()
        + "</SubmitCSRBatch>"
      for folder in ["uploads", "requests"] {
        try FileManager.default.createDirectory(
          atPath: "\(self.folder)/\(folder)", withIntermediateDirectories: true)
      }
      try Data(text.utf8).write(to: URL(filePath: path))
      return try batches.submit(
        path, .xml, identifier: nil, for: party, by: TestEstate.officer
      ).batch.id
    }

    func batch(_ id: Int) throws -> Batch {
      try #require(try batches.find(id))
    }

    /// Starts, waits until all are completed, and gives them by their ends.
    func run() throws -> [Batch] {
      try batches.start()
      for _ in 0..<2_400 {
        let all = try batches.newest(100).map(\.batch)
        if all.allSatisfy({ $0.state == .completed }) { return all.sorted { $0.id < $1.id } }
        estate.now = estate.now.adding(milliseconds: 10)
        usleep(10_000)
      }
      Issue.record("they never ended")
      throw CancellationError()
    }
  }

  @Test(
    "20 batches of 10 parties end in fair order: each party's first before any second",
    .clause("N4-3-window"))
  func fair() throws {
    let setting = try Setting()
    for round in 0..<2 {
      for party in 0..<10 {
        _ = try setting.submit("batch \(round)", 1_200, by: "party-\(party)")
      }
    }
    let ended = try setting.run()
    #expect(ended.count == 20)
    let firsts = ended.prefix(10).compactMap(\.finished).max()
    let seconds = ended.suffix(10).compactMap(\.finished).min()
    #expect(try #require(firsts) <= #require(seconds))
  }

  @Test("one party's many batches do not hold up another's", .clause("N4-3-window"))
  func twoParties() throws {
    let setting = try Setting()
    for number in 0..<6 { _ = try setting.submit("batch \(number)", 2_000, by: "busy") }
    let late = try setting.submit("late", 1_000, by: "other")
    let ended = try setting.run()
    let place = ended.sorted { ($0.finished ?? $0.received) < ($1.finished ?? $1.received) }
      .firstIndex { $0.id == late }
    #expect(try #require(place) <= 1)
  }

  @Test(
    "requests beyond those of a party's day come after all others", .clause("N4-3-portal-batch"))
  func overLimit() throws {
    let setting = try Setting { $0.partyPerDay = 2_000 }
    _ = try setting.submit("within", 1_500, by: "busy")
    let over = try setting.submit("over", 1_500, by: "busy")
    let other = try setting.submit("other", 1_500, by: "other")
    #expect(try setting.batches.excess(of: setting.batch(over)) == 1_000)
    #expect(try setting.batches.excess(of: setting.batch(other)) == 0)
    let ended = try setting.run()
    #expect(ended[2].finished ?? .noWellDefinedExpiry <= ended[1].finished ?? ended[1].received)
  }

  @Test(
    "when the night does not do for all, the rule that was approved says who goes first",
    .clause("L8.11"), arguments: BatchRules.Prioritisation.allCases)
  func priority(rule: BatchRules.Prioritisation) throws {
    let setting = try Setting {
      $0.capacityPerNight = 2_600
      $0.prioritisation = rule
    }
    let large = try setting.submit("large", 4_000, by: "large")
    setting.estate.now = setting.estate.now.adding(seconds: 86_400)
    let small = try setting.submit("small", 2_000, by: "small")
    try setting.batches.start()
    var counts: (large: Int, small: Int) = (0, 0)
    for _ in 0..<600 where counts.large + counts.small < 2_500 {
      usleep(10_000)
      counts = (
        try setting.batches.progress(of: setting.batch(large)).counts.total,
        try setting.batches.progress(of: setting.batch(small)).counts.total
      )
    }
    switch rule {
    case .inTurn: #expect(abs(counts.large - counts.small) <= 500)
    case .dueFirst: #expect(counts.large >= 2_500 && counts.small == 0)
    case .smallestFirst: #expect(counts.small == 2_000)
    }
  }

  @Test("the end is computed from rate, window and capacity", .clause("N4-3-capacity"))
  func forecast() throws {
    let setting = try Setting()
    var rules = BatchRules()
    rules.capacityPerNight = 100_000
    let night = UKTime.moment(minute: 20 * 60, daysAfter: 0, dayOf: setting.estate.now)
    func end(_ requests: Int, _ perSecond: Double, at moment: Time) throws -> Time {
      try BatchReading(
        records: setting.estate.records, rules: rules, perSecond: perSecond, now: moment
      ).end(of: requests)
    }
    #expect(try end(10_000, 1_000, at: night) == night.adding(seconds: 10))
    // Before the window it begins with it.
    #expect(try end(10_000, 1_000, at: night.adding(seconds: -60)) == night.adding(seconds: 10))
    // Beyond the capacity it is the next night.
    #expect(try end(150_000, 1_000, at: night) == night.adding(seconds: 86_400 + 50))
    // So slow that the night is too short.
    #expect(try end(50_000, 1, at: night) == night.adding(seconds: 86_400 + 6_800))
    rules.window = .wholeDay
    rules.capacityPerNight = 375_000
    #expect(try end(50_000, 10_000, at: night) == night.adding(seconds: 5))
  }
}
