// SPDX-License-Identifier: Apache-2.0

package import DER
package import Records

/// How far a batch has come, and when it is expected to end.
package struct BatchProgress: Hashable, Sendable {
  package let batch: Batch
  /// What the requests that are decided came to.
  package let counts: OutcomeCounts
  /// When it is expected to end; nil when it has ended, or waits for an officer.
  package let expected: Time?
  /// Requests a second of late, or nil while none was measured.
  package let perSecond: Double?

  /// A part of a hundred.
  package var percent: Int { batch.count == 0 ? 0 : counts.total * 100 / batch.count }
}

extension Batches {
  /// The newest batches with their progress, of a party or of all.
  package func newest(_ most: Int, of party: String? = nil) throws -> [BatchProgress] {
    try BatchReading(records: records, rules: rules, perSecond: pace.perSecond, now: clock())
      .newest(most, of: party)
  }

  /// How far a batch has come.
  package func progress(of batch: Batch) throws -> BatchProgress {
    try BatchReading(records: records, rules: rules, perSecond: pace.perSecond, now: clock())
      .progress(of: batch)
  }

  /// N4-3-portal-batch: how many requests of a batch go beyond those of its party in 24 hours.
  package func excess(of batch: Batch) throws -> Int {
    let submitted = try records.read { reading in
      try BatchesRecords.submitted(
        by: batch.party, since: batch.received.adding(seconds: -86_400), upTo: batch.id,
        in: reading)
    }
    return min(batch.count, max(0, submitted - rules.partyPerDay))
  }

  /// What the clock of these batches says.
  package var now: Time { clock() }

  /// N4-3-portal-batch: whether a batch lies beyond what its party may have processed before others
  /// in 24 hours.
  func isOverLimit(_ batch: Batch) throws -> Bool {
    try excess(of: batch) > 0
  }

  /// Seconds until a further batch can be taken, as far as that can be known.
  func secondsUntilRoom() throws -> Int {
    let now = clock()
    let ends = try newest(rules.waitingMax).compactMap(\.expected)
    guard let first = ends.min() else { return 3_600 }
    return max(1, min(86_400, Int(first.seconds - now.seconds)))
  }
}

/// Reads batches and computes their ends, in a node or beside one.
package struct BatchReading {
  private let records: Records
  private let rules: BatchRules
  private let perSecond: Double
  private let now: Time

  /// What is taken for the rate while nothing was measured.
  package static let usualPerSecond = 3_000.0

  /// A reading at a moment; `perSecond` is the measured rate, nil has it found from batches that
  /// ended.
  package init(records: Records, rules: BatchRules, perSecond: Double?, now: Time) throws {
    self.records = records
    self.rules = rules
    self.now = now
    self.perSecond = try perSecond ?? Self.measured(in: records) ?? Self.usualPerSecond
  }

  /// The rate of the last batches of some size that ended without a pause, or nil.
  package static func measured(in records: Records) throws -> Double? {
    let rates = try records.read { reading in
      try BatchesRecords.newest(50, of: nil, in: reading)
    }.compactMap { batch -> Double? in
      guard batch.state == .completed, batch.count >= Batch.chunkSize, let start = batch.started,
        let end = batch.finished, end.milliseconds > start.milliseconds
      else { return nil }
      return Double(batch.count) * 1_000 / Double(end.milliseconds - start.milliseconds)
    }
    return rates.prefix(10).max()
  }

  /// The batch with a number, or nil.
  package func find(_ id: Int) throws -> Batch? {
    try records.read { try BatchesRecords.find(id, in: $0) }
  }

  /// The newest batches with their progress, of a party or of all.
  package func newest(_ most: Int, of party: String? = nil) throws -> [BatchProgress] {
    try records.read { try BatchesRecords.newest(most, of: party, in: $0) }.map(progress)
  }

  /// How far a batch has come.
  package func progress(of batch: Batch) throws -> BatchProgress {
    let counts = try records.read { try BatchesRecords.counts(of: batch.id, in: $0).counts }
    return BatchProgress(
      batch: batch, counts: counts, expected: try expected(batch, counts), perSecond: perSecond)
  }

  private func expected(_ batch: Batch, _ counts: OutcomeCounts) throws -> Time? {
    guard !batch.state.isFinal, batch.state != .pending, !batch.isHeld else { return nil }
    // In turn, a batch ends when as much of the others has been done: at most all that is waiting.
    let ahead = try records.read { reading in
      try BatchesRecords.unfinished(in: reading).filter {
        $0.state != .pending && !$0.isHeld && $0.id != batch.id
      }.reduce(0) { sum, other in
        let left = try other.count - BatchesRecords.counts(of: other.id, in: reading).counts.total
        let isBehindInParty = other.party == batch.party && other.id > batch.id
        return sum + (isBehindInParty ? 0 : min(left, batch.count - counts.total))
      }
    }
    return try end(of: batch.count - counts.total + ahead)
  }

  /// N4-3-capacity, N4-3-window: when so many further requests are done that begin now.
  package func end(of requests: Int) throws -> Time {
    var left = Double(requests)
    var at = now
    var nights = 0
    while nights < 10_000 {
      guard rules.window.isOpen(at: at) else {
        at = rules.window.nextOpening(after: at)
        continue
      }
      let beginning = rules.window.beginning(at: at)
      let decided =
        nights == 0
        ? try records.read { try BatchesRecords.decided(since: beginning, in: $0) } : 0
      let closes = beginning.adding(seconds: rules.window.seconds)
      let byTime = Double(closes.milliseconds - at.milliseconds) / 1_000 * perSecond
      let possible = max(0, min(byTime, Double(rules.capacityPerNight - decided)))
      if left <= possible {
        return at.adding(milliseconds: Int64(left / perSecond * 1_000))
      }
      left -= possible
      nights += 1
      at =
        rules.window.opens == rules.window.closes
        ? closes : rules.window.nextOpening(after: at)
    }
    return at
  }

  /// Requests that wait or are under way.
  package func waiting() throws -> Int {
    try records.read { reading in
      try BatchesRecords.unfinished(in: reading).reduce(0) {
        try $0 + $1.count - BatchesRecords.counts(of: $1.id, in: reading).counts.total
      }
    }
  }

  /// The rate that the ends are computed with, in requests a second.
  package var rate: Double { perSecond }
}
