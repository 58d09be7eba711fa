// SPDX-License-Identifier: Apache-2.0

/// A line of waiting work with a limit: what does not fit is refused at once, never remembered.
///
/// Each item wakes one sleeping taker, not all of them, and the front is taken without moving the
/// rest: every request of a node passes through such a line.
package final class BoundedQueue<Item: Sendable>: Sendable {
  private struct State: Sendable {
    var items: [Item?] = []
    var first = 0
    var isClosed = false
    /// The gates of the takers that sleep, the last to fall asleep last.
    var sleepers: [Gate] = []

    var count: Int { items.count - first }

    /// Taken places at the front after which the rest is moved, so that a line that is never empty
    /// does not grow.
    static var frontMax: Int { 4096 }

    mutating func takeFirst(_ most: Int) -> [Item] {
      var taken: [Item] = []
      let end = first + min(most, count)
      taken.reserveCapacity(end - first)
      while first < end {
        if let item = items[first] { taken.append(item) }
        items[first] = nil
        first += 1
      }
      if first == items.count {
        items.removeAll(keepingCapacity: true)
        first = 0
      } else if first >= Self.frontMax {
        items.removeFirst(first)
        first = 0
      }
      return taken
    }
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
  /// - Parameters:
  ///   - item: what is added.
  ///   - isWaking: whether a sleeping taker is woken for it; if not, the item waits for the next
  ///     one that wakes, or for `wake`.
  /// - Returns: false when the queue is full or closed; the item is then not kept.
  package func add(_ item: Item, isWaking: Bool = true) -> Bool {
    let (isAdded, sleeper) = state.change { state -> (Bool, Gate?) in
      guard !state.isClosed, state.count < limit else { return (false, nil) }
      state.items.append(item)
      return (true, isWaking ? state.sleepers.popLast() : nil)
    }
    sleeper?.open()
    return isAdded
  }

  /// Wakes a sleeping taker if something waits.
  package func wake() {
    state.change { $0.count > 0 ? $0.sleepers.popLast() : nil }?.open()
  }

  /// Takes at least one and at most `most` items in their order, sleeping while there are none.
  ///
  /// - Parameters:
  ///   - most: how many at most, at least 1.
  ///   - gate: where the thread sleeps; one of its own, used for nothing else.
  /// - Returns: no items only when the queue is closed and empty.
  package func take(most: Int, sleepingAt gate: Gate = Gate()) -> [Item] {
    while true {
      let (items, isClosed) = state.change { state -> ([Item], Bool) in
        guard state.count > 0 else {
          if !state.isClosed { state.sleepers.append(gate) }
          return ([], state.isClosed)
        }
        return (state.takeFirst(most), state.isClosed)
      }
      guard items.isEmpty, !isClosed else { return items }
      gate.wait()
    }
  }

  /// How many items wait now.
  package var count: Int { state.change { $0.count } }

  /// Refuses further items; those that wait can still be taken.
  package func close() {
    let sleepers = state.change { state in
      state.isClosed = true
      defer { state.sleepers = [] }
      return state.sleepers
    }
    for sleeper in sleepers { sleeper.open() }
  }
}
