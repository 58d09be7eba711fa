// SPDX-License-Identifier: Apache-2.0

import DER
import Threads

/// How many requests of batches were decided a second of late.
final class Pace: Sendable {
  private struct State {
    /// Ends of chunks and how many requests each held, oldest first.
    var ends: [(at: Time, count: Int)] = []
    /// What was seen when many chunks came one after the other.
    var steady: Double?
  }

  /// Chunks that are looked at together.
  private static let chunksMax = 64
  private let state = Guarded(State())

  /// A chunk has its outcomes.
  func add(_ count: Int, at moment: Time) {
    state.change { state in
      if let last = state.ends.last, moment.milliseconds - last.at.milliseconds > 2_000 {
        state.ends = []
      }
      state.ends.append((moment, count))
      if state.ends.count > Self.chunksMax { state.ends.removeFirst() }
      guard let first = state.ends.first, state.ends.count >= 4,
        case let milliseconds = moment.milliseconds - first.at.milliseconds, milliseconds > 0
      else { return }
      let decided = state.ends.dropFirst().reduce(0) { $0 + $1.count }
      state.steady = Double(decided) * 1_000 / Double(milliseconds)
    }
  }

  /// Requests a second, or nil while none was measured.
  var perSecond: Double? { state.value.steady }
}
