// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// A bounded line of whole requests before the worker threads.
///
/// Unlike `BoundedQueue` it wakes one sleeping worker for each request instead of all of them, and
/// takes from its front without moving the rest: a server passes through here for each request.
final class WorkQueue<Item: Sendable>: Sendable {
  private struct State {
    var items: [Item?] = []
    var first = 0
    var isClosed = false
    var count: Int { items.count - first }
  }

  private let limit: Int
  private let state = Mutex(State())
  private let filled = DispatchSemaphore(value: 0)

  init(limit: Int) {
    precondition(limit > 0, "a queue must hold something")
    self.limit = limit
  }

  /// Adds an item at the end; false when the queue is full or closed.
  func add(_ item: Item) -> Bool {
    let added = state.withLock { state in
      guard !state.isClosed, state.count < limit else { return false }
      state.items.append(item)
      return true
    }
    if added { filled.signal() }
    return added
  }

  /// Takes the first item, sleeping while there is none; nil when the queue is closed and empty.
  func take() -> Item? {
    while true {
      filled.wait()
      let (item, isClosed) = state.withLock { state -> (Item?, Bool) in
        guard state.count > 0 else { return (nil, state.isClosed) }
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
        return (item, state.isClosed)
      }
      if let item { return item }
      if isClosed {
        // The next sleeping worker must learn it too.
        filled.signal()
        return nil
      }
    }
  }

  /// How many items wait.
  var count: Int { state.withLock { $0.count } }

  /// Refuses further items; those that wait can still be taken.
  func close() {
    state.withLock { $0.isClosed = true }
    filled.signal()
  }
}
