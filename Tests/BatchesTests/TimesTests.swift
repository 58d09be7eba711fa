// SPDX-License-Identifier: Apache-2.0

import Batches
import ClauseTrait
import DER
import Testing

@Suite("Hours are those of Great Britain")
struct TimesTests {
  private func time(_ text: String) throws -> Time {
    let parts = text.split { "-T:".contains($0) }.compactMap { Int($0) }
    return try #require(
      Time(
        year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4]))
  }

  @Test(
    "summer time from the last Sunday of March to the last one of October, at 01:00 UTC",
    arguments: [
      ("2026-03-29T00:59", 0), ("2026-03-29T01:00", 3_600), ("2026-10-25T00:59", 3_600),
      ("2026-10-25T01:00", 0), ("2027-03-28T01:00", 3_600), ("2027-03-27T23:00", 0),
      ("2024-03-31T01:00", 3_600), ("2026-01-01T12:00", 0), ("2026-07-01T12:00", 3_600),
    ])
  func summer(moment: String, offset: Int64) throws {
    #expect(UKTime.offset(at: try time(moment)) == offset)
  }

  @Test(
    "a batch of the day is due at 08:00 next day, another one 24 hours after receipt",
    .clause("L8.1(b)(i)", "L8.1(b)(ii)", "N4-3-before-20", "L8.1(b)"),
    arguments: [
      // Winter: local is UTC.
      ("2026-11-21T08:00", "2026-11-22T08:00"), ("2026-11-21T19:59", "2026-11-22T08:00"),
      ("2026-11-21T20:00", "2026-11-22T20:00"), ("2026-11-21T07:59", "2026-11-22T07:59"),
      // Summer: local is an hour ahead.
      ("2026-07-01T07:00", "2026-07-02T07:00"), ("2026-07-01T18:59", "2026-07-02T07:00"),
      ("2026-07-01T19:00", "2026-07-02T19:00"),
      // Over the change in autumn, 08:00 is 08:00 UTC again.
      ("2026-10-24T12:00", "2026-10-25T08:00"),
    ])
  func due(received: String, due: String) throws {
    #expect(UKTime.due(ofBatchReceived: try time(received)) == (try time(due)))
  }

  @Test(
    "the window of a night", .clause("N4-3-window"),
    arguments: [
      ("2026-11-21T19:59", false), ("2026-11-21T20:00", true), ("2026-11-22T07:59", true),
      ("2026-11-22T08:00", false), ("2026-07-01T18:59", false), ("2026-07-01T19:00", true),
      ("2026-07-02T06:59", true), ("2026-07-02T07:00", false),
    ])
  func overnight(moment: String, isOpen: Bool) throws {
    let window = BatchWindow.overnight
    #expect(window.isOpen(at: try time(moment)) == isOpen)
    #expect(BatchWindow.wholeDay.isOpen(at: try time(moment)))
    let next = window.nextOpening(after: try time(moment))
    #expect(window.isOpen(at: next))
    #expect(!window.isOpen(at: next.adding(seconds: -1)))
    let beginning = window.beginning(at: try time(moment))
    #expect(beginning <= (try time(moment)))
    #expect(window.isOpen(at: beginning))
  }

  @Test(
    "times of a window",
    arguments: [
      ("20:00", "08:00", true), ("8:00", "08:00", false), ("24:00", "08:00", false),
      ("20:60", "08:00", false), ("", "", false), ("00:00", "00:00", true),
    ])
  func words(opens: String, closes: String, isWindow: Bool) {
    #expect((BatchWindow(opens: opens, closes: closes) != nil) == isWindow)
  }

  @Test("seconds of windows")
  func seconds() {
    #expect(BatchWindow.overnight.seconds == 43_200)
    #expect(BatchWindow.wholeDay.seconds == 86_400)
  }

  @Test("the states and the steps between them", .clause("M8-2.5-batch-states"))
  func states() {
    let steps = BatchState.allCases.flatMap { state in
      state.next.map { "\(state.rawValue) \($0.rawValue)" }
    }
    #expect(
      Set(steps) == [
        "PENDING REJECTED", "PENDING PARSING", "PARSING TAMPERED", "PARSING QUEUED",
        "QUEUED PROCESSING", "PROCESSING PAUSED", "PAUSED PROCESSING", "PROCESSING COMPLETED",
      ])
    #expect(
      Set(BatchState.allCases.filter(\.isFinal)) == [.rejected, .tampered, .completed])
  }

  @Test("statuses of a request with their prefixes", .clause("M8-2.5-batch-item-status"))
  func statuses() {
    #expect(
      BatchOutcome.Status.allCases.map { "\($0.word) \($0.prefix ?? "-") \($0.reportWord)" } == [
        "SUCCESS - success", "ISSUANCE_ANOMALY CA anomaly", "INELIGIBLE IN ineligible",
        "CSR_ERROR CR error", "CA_ERROR CA error", "WORKFLOW_ERROR WF error",
      ])
  }
}
