// SPDX-License-Identifier: Apache-2.0

import Threads

/// A bounded line of whole requests before the worker threads.
///
/// Unlike `BoundedQueue` it wakes one sleeping worker for each request instead of all of them, and
/// takes from its front without moving the rest: a server passes through here for each request.
final class WorkQueue<Item: Sendable>: Sendable {
  private struct State: Sendable {
    var items: [Item?] = []
    var first = 0
    var isClosed = false
    /// The gates of the workers that sleep, the last to fall asleep last.
    var sleepers: [Gate] = []
    var count: Int { items.count - first }
  }

  private let limit: Int
  private let state = Guarded(State())

  init(limit: Int) {
    precondition(limit > 0, "a queue must hold something")
    self.limit = limit
  }

  /// Adds an item at the end; false when the queue is full or closed.
  func add(_ item: Item) -> Bool {
    let (isAdded, sleeper) = state.change { state -> (Bool, Gate?) in
      guard !state.isClosed, state.count < limit else { return (false, nil) }
      state.items.append(item)
      return (true, state.sleepers.popLast())
    }
    sleeper?.open()
    return isAdded
  }

  /// Takes the first item, sleeping at the worker's own gate while there is none; nil when the
  /// queue is closed and empty.
  func take(sleepingAt gate: Gate) -> Item? {
    while true {
      let (item, isClosed) = state.change { state -> (Item?, Bool) in
        guard state.count > 0 else {
          if !state.isClosed { state.sleepers.append(gate) }
          return (nil, state.isClosed)
        }
        return (Self.takeFirst(&state, limit: limit), state.isClosed)
      }
      if let item { return item }
      if isClosed { return nil }
      gate.wait()
    }
  }

  /// How many items wait.
  var count: Int { state.change { $0.count } }

  /// Refuses further items; those that wait can still be taken.
  func close() {
    let sleepers = state.change { state in
      state.isClosed = true
      defer { state.sleepers = [] }
      return state.sleepers
    }
    for sleeper in sleepers { sleeper.open() }
  }

  private static func takeFirst(_ state: inout State, limit: Int) -> Item? {
    let item = state.items[state.first]
    state.items[state.first] = nil
    state.first += 1
    if state.first == state.items.count {
      state.items.removeAll(keepingCapacity: true)
      state.first = 0
    } else if state.first >= limit {
      state.items.removeFirst(state.first)
      state.first = 0
    }
    return item
  }
}
