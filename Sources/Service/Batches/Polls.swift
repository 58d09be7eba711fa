// SPDX-License-Identifier: Apache-2.0

package import Batches
package import DER
import Threads

/// Counts polls and volumes beyond what the Code of Connection asks; every poll is answered.
package struct Polls: Sendable {
  private struct Seen {
    var last: Time
    var wasCompleted: Bool
  }

  private let batches: Batches
  private let seen = Guarded<[Int: Seen]>([:])

  /// The batches that are remembered.
  private static let rememberedMax = 10_000

  /// Polls of these batches.
  package init(batches: Batches) {
    self.batches = batches
  }

  /// N4-3-poll-before-20, N4-3-poll-after-20: the first moment at which a result should be asked
  /// for: 08:00 next day for what came before 20:00, else 22:00 next day.
  package static func first(ofBatchReceived received: Time) -> Time {
    UKTime.minuteOfDay(at: received) < 20 * 60
      ? UKTime.moment(minute: 8 * 60, daysAfter: 1, dayOf: received)
      : UKTime.moment(minute: 22 * 60, daysAfter: 1, dayOf: received)
  }

  /// N4-3-fetch-once and the times of polling: counts one poll by what it goes against.
  package func count(_ batch: Batch) {
    let now = batches.now
    let isCompleted = batch.state == .completed
    let before = seen.change { seen in
      defer {
        if seen.count >= Self.rememberedMax { seen = [:] }
        seen[batch.id] = Seen(last: now, wasCompleted: isCompleted)
      }
      return seen[batch.id]
    }
    if before?.wasCompleted ?? false {
      batches.countExcess(.secondFetch, of: batch.party)
    } else if now < Self.first(ofBatchReceived: batch.received) {
      batches.countExcess(.earlyPoll, of: batch.party)
    } else if let before, now.seconds - before.last.seconds < 3_600 {
      batches.countExcess(.frequentPoll, of: batch.party)
    }
  }

  /// N4-3-portal-batch: counts what a batch brings beyond the requests of 24 hours.
  package func countVolume(_ batch: Batch) {
    guard let over = try? batches.excess(of: batch), over > 0 else { return }
    batches.countExcess(.batchVolume, of: batch.party, by: over)
  }
}
