// SPDX-License-Identifier: Apache-2.0

import Threads

/// Wakes the one thread that works on batches.
final class Bell: Sendable {
  private struct State {
    var rings = 0
    var isClosed = false
    var gate: Gate?
  }

  private let state = Guarded(State())

  /// There is something to do.
  func ring() {
    state.change { state -> Gate? in
      state.rings += 1
      defer { state.gate = nil }
      return state.gate
    }?.open()
  }

  /// There will be nothing to do any more.
  func close() {
    state.change { $0.isClosed = true }
    ring()
  }

  /// Whether the thread shall end.
  var isClosed: Bool { state.value.isClosed }

  /// Sleeps until it rings or so much time has passed; what rang before is heard at once.
  func wait(milliseconds: Int) {
    let gate = Gate()
    let isRinging = state.change { state in
      defer { state.rings = 0 }
      if state.rings == 0 { state.gate = gate }
      return state.rings > 0
    }
    guard !isRinging else { return }
    _ = gate.wait(milliseconds: milliseconds)
    state.change { state in
      state.gate = nil
      state.rings = 0
    }
  }
}
