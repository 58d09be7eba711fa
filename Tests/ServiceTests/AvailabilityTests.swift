// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Foundation
import Records
import SEC
import Service
import Testing
import Threads

@Suite("Availability counts from the start of services on, maintenance that was planned set aside")
struct AvailabilityTests {
  private static let start = Time(seconds: 1_000_000)

  private static func span(_ from: Int64, _ until: Int64) -> Availability.Span {
    Availability.Span(from: start.adding(seconds: from), until: start.adding(seconds: until))
  }

  private static func spans(_ pairs: [(Int64, Int64)]) -> [Availability.Span] {
    pairs.map { span($0.0, $0.1) }
  }

  struct Case: Sendable {
    let served: [(Int64, Int64)]
    let planned: [(Int64, Int64)]
    let outages: [(Int64, Int64)]
    let percent: String?
  }

  @Test(
    "served and planned times, and what they leave of a thousand seconds", .clause("L4.2"),
    arguments: [
      Case(served: [(0, 1_000)], planned: [], outages: [], percent: "100.000"),
      Case(served: [], planned: [], outages: [(0, 1_000)], percent: "0.000"),
      Case(served: [], planned: [(-5, 1_005)], outages: [], percent: nil),
      Case(
        served: [(-9, 400), (500, 2_000)], planned: [], outages: [(400, 500)], percent: "90.000"),
      Case(
        served: [(0, 400), (500, 1_000)], planned: [(400, 500)], outages: [], percent: "100.000"),
      Case(
        served: [(0, 400), (500, 1_000)], planned: [(300, 450)], outages: [(450, 500)],
        percent: "94.117"),
      Case(
        served: [(0, 600), (100, 300), (300, 999)], planned: [], outages: [(999, 1_000)],
        percent: "99.900"),
      Case(
        served: [(10, 10), (2_000, 3_000)], planned: [], outages: [(0, 1_000)], percent: "0.000"),
    ])
  func counts(case it: Case) {
    let found = Availability(
      of: Self.span(0, 1_000), served: Self.spans(it.served), planned: Self.spans(it.planned))
    #expect(found.outages == Self.spans(it.outages))
    #expect(found.percent == it.percent)
  }

  private static func perform<Request: ControlRequest>(
    _ request: Request, _ estate: ServingEstate
  ) throws -> Request.Answer {
    try request.run(in: estate.node, by: ServingEstate.operatorOfSystem)
  }

  private static func plan(
    _ estate: ServingEstate, from: Int64, until: Int64
  ) throws -> Int {
    try perform(
      PlanMaintenance(
        interface: "service", from: estate.now.adding(seconds: from).rfc3339,
        until: estate.now.adding(seconds: until).rfc3339, reason: "new version"), estate
    ).number
  }

  private static func found(
    _ estate: ServingEstate, _ interface: Availability.Interface = .service
  ) throws -> Availability {
    try estate.node.configuration.availability(
      of: interface, from: nil, until: nil, now: estate.now, in: estate.node.records)
  }

  private static func code(_ body: () throws -> Void) -> String? {
    #expect(throws: Refusal.self) { try body() }?.code
  }

  @Test(
    "a node that serves is available, one that stands still is not, and what was planned is apart",
    .clause("L4.2", "L4.2(a)", "L6.2", "L6.2(a)"))
  func whole() throws {
    // The estate is founded on 21 November at 08:00.
    let estate = try ServingEstate { $0.servicesStart = "2026-11-22" }
    let node = estate.node
    try node.serve()
    let schedule = try #require(node.schedule)
    func serve(_ seconds: Int64) {
      for _ in 0..<(seconds / 40) {
        estate.pass(seconds: 40)
        schedule.look()
      }
    }
    schedule.look()
    #expect(Self.code { _ = try Self.found(estate) } == "services-not-started")
    // From here on nobody looked: 16 hours until services begin, and an hour more.
    estate.pass(seconds: 17 * 3_600)
    schedule.look()
    #expect(try Self.found(estate).period.from == Time(rfc3339: "2026-11-22T00:00:00Z"))
    #expect(try Self.found(estate).lostMilliseconds == 3_600_000)
    #expect(try Self.found(estate).percent == "0.000")
    serve(3_600)
    #expect(try Self.found(estate).percent == "50.000")
    #expect(try Self.found(estate, .repository).percent == "50.000")
    func logged(_ event: String) -> [String] {
      estate.lines.value.filter { $0.contains("\"\(event)\"") && $0.contains("\"service\"") }
    }
    #expect(logged("outage-unplanned").count == 1)
    #expect(logged("interface-unavailable").count == 1)
    // An hour that was planned ahead counts neither way and is no outage.
    let number = try Self.plan(estate, from: 0, until: 3_600)
    estate.pass(seconds: 3_600)
    schedule.look()
    #expect(try Self.found(estate).percent == "50.000")
    #expect(try Self.found(estate).plannedMilliseconds == 3_600_000)
    #expect(try Self.found(estate, .repository).lostMilliseconds == 7_200_000)
    #expect(logged("outage-unplanned").count == 1)
    // Each interface by its own rule.
    let entries = try node.records.audit.entries(from: 0).map(\.entry)
    #expect(
      Set(entries.filter { $0.action == "interface-available" }.map(\.clause)) == ["L4.2", "L6.2"])
    let over = Self.code {
      _ = try Self.perform(EndMaintenance(number: number, reason: "late"), estate)
    }
    #expect(over == "maintenance-over")
    let report = try Verification(records: node.records, keys: [node.checkpointNoteKey]).run()
    #expect(report.faults.isEmpty, "\(report.faults)")
  }

  @Test(
    "maintenance is planned before it begins, and ended early is no shelter for the rest",
    .clause("L4.2"))
  func planning() throws {
    let estate = try ServingEstate { $0.servicesStart = "2026-11-21" }
    #expect(Self.code { _ = try Self.plan(estate, from: -1, until: 60) } == "maintenance-not-ahead")
    #expect(Self.code { _ = try Self.plan(estate, from: 60, until: 60) } == "maintenance-period")
    let number = try Self.plan(estate, from: 0, until: 3_600)
    estate.pass(seconds: 600)
    #expect(try Self.found(estate).plannedMilliseconds == 600_000)
    _ = try Self.perform(EndMaintenance(number: number, reason: "done"), estate)
    estate.pass(seconds: 600)
    #expect(try Self.found(estate).plannedMilliseconds == 600_000)
    let unknown = Self.code {
      _ = try Self.perform(EndMaintenance(number: 9, reason: "x"), estate)
    }
    #expect(unknown == "maintenance-unknown")
    // Called off before it began, it never was.
    let later = try Self.plan(estate, from: 60, until: 120)
    _ = try Self.perform(EndMaintenance(number: later, reason: "put off"), estate)
    estate.pass(seconds: 600)
    #expect(try Self.found(estate).plannedMilliseconds == 600_000)
    let kept = try estate.node.records.read { try AvailabilityRecords.maintenance(in: $0) }
    #expect(kept.map(\.span.milliseconds) == [600_000, 0])
    #expect(kept.allSatisfy { $0.officer == ServingEstate.operatorOfSystem.name })
    let nothing = Configuration(estate: "x")
    let open = Self.code {
      _ = try nothing.availability(
        of: .service, from: nil, until: nil, now: estate.now, in: estate.node.records)
    }
    #expect(open == "services-start-open")
  }
}
