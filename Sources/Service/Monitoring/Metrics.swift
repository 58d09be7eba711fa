// SPDX-License-Identifier: Apache-2.0

import Threads

/// What the doors have answered since the start, by route and status, and how long it took.
package final class Metrics: Sendable {
  /// The upper ends of the classes of the histogram, in milliseconds; 3 s and 30 s are the Target
  /// Response Times (L8.4, L8.1(a)).
  package static let millisecondsMax: [Int64] = [
    1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 3_000, 10_000, 30_000,
  ]

  /// The answers of one route.
  struct Counts: Sendable {
    /// How many answers had each status.
    var statuses: [Int: Int] = [:]
    /// How many answers fell into each class; the last one is open.
    var classes = [Int](repeating: 0, count: Metrics.millisecondsMax.count + 1)
    /// The sum of all times, in nanoseconds.
    var nanoseconds: Int64 = 0
  }

  private let counts: [ServedRoute.Act: Guarded<Counts>]

  /// No answer yet.
  package init() {
    counts = Dictionary(
      uniqueKeysWithValues: ServedRoute.Act.allCases.map { ($0, Guarded(Counts())) })
  }

  /// Counts one answer.
  package func count(_ act: ServedRoute.Act, status: Int, took duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    let place =
      Self.millisecondsMax.firstIndex { nanoseconds <= $0 * 1_000_000 }
      ?? Self.millisecondsMax.count
    counts[act]?.change { counts in
      counts.statuses[status, default: 0] += 1
      counts.classes[place] += 1
      counts.nanoseconds += nanoseconds
    }
  }

  /// The counts of a route.
  func counts(of act: ServedRoute.Act) -> Counts { counts[act]?.value ?? Counts() }
}
