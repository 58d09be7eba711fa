// SPDX-License-Identifier: Apache-2.0

/// A line of waiting work with a limit: what does not fit is refused at once, never remembered.
///
/// Each item wakes one sleeping taker, not all of them, and the front is taken without moving the
/// rest: every request of a node passes through such a line.
///
/// A line may keep company together: while one taker works on less than a crowd, the others leave
/// what comes to it, until a crowd waits. What is worth sharing is then shared by more.
package final class BoundedQueue<Item: Sendable>: Sendable {
  private struct State: Sendable {
    var items: [Item?] = []
    var first = 0
    /// The weight of all that wait.
    var weight = 0
    var isClosed = false
    /// The gates of the takers that sleep, the last to fall asleep last.
    var sleepers: [Gate] = []
    /// Who works on less than a crowd, for whom the next are kept together.
    var host: Gate?

    var count: Int { items.count - first }

    /// Taken places at the front after which the rest is moved, so that a line that is never empty
    /// does not grow.
    static var frontMax: Int { 4096 }

    /// Whether a taker other than the host may take.
    func isOpen(crowd: Int) -> Bool { count > 0 && (host == nil || weight >= crowd) }

    /// Takes from the front until that much weight is reached, at least one item.
    mutating func takeFirst(_ most: Int, _ weigh: (Item) -> Int) -> (items: [Item], weight: Int) {
      var taken: [Item] = []
      var weight = 0
      while first < items.count, let item = items[first] {
        let more = weigh(item)
        guard taken.isEmpty || weight + more <= most else { break }
        taken.append(item)
        weight += more
        items[first] = nil
        first += 1
      }
      self.weight -= weight
      if first == items.count {
        items.removeAll(keepingCapacity: true)
        first = 0
      } else if first >= Self.frontMax {
        items.removeFirst(first)
        first = 0
      }
      return (taken, weight)
    }
  }

  /// The most items that may wait.
  package let limit: Int
  private let crowd: Int
  private let weigh: @Sendable (Item) -> Int
  private let state = Guarded(State())

  /// An empty queue.
  ///
  /// - Parameters:
  ///   - limit: the most items that may wait.
  ///   - crowd: the weight that is worth a second taker; with 1 no company is kept together.
  ///   - weigh: the weight of an item, at least 1 and always the same.
  package init(
    limit: Int, crowd: Int = 1, weigh: @escaping @Sendable (Item) -> Int = { _ in 1 }
  ) {
    precondition(limit > 0, "a queue must hold something")
    self.limit = limit
    self.crowd = crowd
    self.weigh = weigh
  }

  /// Adds an item at the end.
  ///
  /// - Parameters:
  ///   - item: what is added.
  ///   - isWaking: whether a sleeping taker is woken for it; if not, the item waits for the next
  ///     one that wakes, or for `wake`.
  /// - Returns: false when the queue is full or closed; the item is then not kept.
  package func add(_ item: Item, isWaking: Bool = true) -> Bool {
    let weight = weigh(item)
    let (isAdded, sleeper) = state.change { state -> (Bool, Gate?) in
      guard !state.isClosed, state.count < limit else { return (false, nil) }
      state.items.append(item)
      state.weight += weight
      return (true, isWaking && state.isOpen(crowd: crowd) ? state.sleepers.popLast() : nil)
    }
    sleeper?.open()
    return isAdded
  }

  /// Wakes a sleeping taker if something waits.
  package func wake() {
    state.change { $0.count > 0 ? $0.sleepers.popLast() : nil }?.open()
  }

  /// Takes items in their order, sleeping while there are none: at least one, and no further one
  /// with which they would weigh more than `most`.
  ///
  /// - Parameters:
  ///   - most: how much at most.
  ///   - gate: where the thread sleeps; one of its own, used for nothing else.
  /// - Returns: no items only when the queue is closed and empty.
  package func take(most: Int, sleepingAt gate: Gate = Gate()) -> [Item] {
    while true {
      let (items, isOver, sleeper) = state.change { state -> ([Item], Bool, Gate?) in
        if state.host === gate { state.host = nil }
        guard state.isOpen(crowd: crowd) || state.isClosed && state.count > 0 else {
          if !state.isClosed { state.sleepers.append(gate) }
          return ([], state.isClosed, nil)
        }
        let (items, weight) = state.takeFirst(most, weigh)
        if weight < crowd { state.host = gate }
        return (items, false, state.isOpen(crowd: crowd) ? state.sleepers.popLast() : nil)
      }
      sleeper?.open()
      guard items.isEmpty, !isOver else { return items }
      gate.wait()
    }
  }

  /// Takes what waits now in the same way, and does not sleep: perhaps nothing.
  package func takeWaiting(most: Int) -> [Item] {
    state.change { state in
      state.count > 0 ? state.takeFirst(most, weigh).items : []
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
