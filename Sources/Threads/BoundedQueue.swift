// SPDX-License-Identifier: Apache-2.0

/// A line of waiting work with a limit: what does not fit is refused at once, never remembered.
package final class BoundedQueue<Item: Sendable>: Sendable {
  private struct State: Sendable {
    var items: [Item] = []
    var isClosed = false
  }

  /// The most items that may wait.
  package let limit: Int
  private let state = Guarded(State())

  /// An empty queue for at most `limit` items.
  package init(limit: Int) {
    precondition(limit > 0, "a queue must hold something")
    self.limit = limit
  }

  /// Adds an item at the end.
  ///
  /// - Returns: false when the queue is full or closed; the item is then not kept.
  package func add(_ item: Item) -> Bool {
    state.change { state in
      guard !state.isClosed, state.items.count < limit else { return false }
      state.items.append(item)
      return true
    }
  }

  /// Takes at least one and at most `most` items in their order, sleeping while there are none.
  ///
  /// - Returns: no items only when the queue is closed and empty.
  package func take(most: Int) -> [Item] {
    state.wait { state -> [Item]? in
      guard !state.items.isEmpty else { return state.isClosed ? [] : nil }
      let taken = Array(state.items.prefix(most))
      state.items.removeFirst(taken.count)
      return taken
    }
  }

  /// How many items wait now.
  package var count: Int { state.value.items.count }

  /// Refuses further items; those that wait can still be taken.
  package func close() {
    state.change { $0.isClosed = true }
  }
}
