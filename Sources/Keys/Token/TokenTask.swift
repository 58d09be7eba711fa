// SPDX-License-Identifier: Apache-2.0

import Threads

/// Parts of one task that the sessions of a token share out among themselves.
final class TokenTask<Value: Sendable>: Sendable {
  private struct State: Sendable {
    var next = 0
    var values: [Value?]
    var missing: Int
    /// The parts under way: on which seat, and since when.
    var underWay: [Int: (seat: Int, since: ContinuousClock.Instant)] = [:]
    var fault: TokenFault?

    var isOver: Bool { fault != nil || missing == 0 }
  }

  private let state: Guarded<State>
  private let part: @Sendable (Session, Int) throws(TokenFault) -> Value
  /// Opened once, when the task is over.
  private let over = Gate()

  init(
    parts count: Int, _ part: @escaping @Sendable (Session, Int) throws(TokenFault) -> Value
  ) {
    self.part = part
    state = Guarded(State(values: Array(repeating: nil, count: count), missing: count))
    if count == 0 { over.open() }
  }

  /// Does part after part until none is left, on the thread of a seat.
  func run(on seat: Seat) {
    while let index = take(seat.number) {
      do throws(TokenFault) {
        let value = try seat.use { session throws(TokenFault) in try part(session, index) }
        arrived(index) { state in
          state.values[index] = value
          state.missing -= 1
        }
      } catch {
        arrived(index) { $0.fault = error }
      }
    }
  }

  private func take(_ seat: Int) -> Int? {
    state.change { state in
      guard !state.isOver, state.next < state.values.count else { return nil }
      defer { state.next += 1 }
      state.underWay[state.next] = (seat, .now)
      return state.next
    }
  }

  private func arrived(_ index: Int, _ change: (inout State) -> Void) {
    let isLast = state.change { state in
      state.underWay[index] = nil
      guard !state.isOver else { return false }
      change(&state)
      return state.isOver
    }
    if isLast { over.open() }
  }

  /// Waits until every part is done, each within so many milliseconds.
  ///
  /// `onDelay` is told which seats hang; what it returns, if anything, ends a task whose parts
  /// nobody begins.
  ///
  /// - Throws: the first fault of a part, or that one took too long.
  func wait(
    _ milliseconds: Int, onDelay: (Set<Int>) -> TokenFault?
  ) throws(TokenFault) -> [Value] {
    let limit = Duration.milliseconds(milliseconds)
    var left = limit
    while !over.wait(milliseconds: Int(left / .milliseconds(1)) + 1) {
      let now = ContinuousClock.now
      let (hanging, next) = state.change { state -> (Set<Int>, Duration) in
        let late = state.underWay.values.filter { now - $0.since >= limit }.map(\.seat)
        if !late.isEmpty { state.fault = state.fault ?? .late(milliseconds) }
        let oldest = state.underWay.values.map { now - $0.since }.max() ?? .zero
        return (Set(late), limit - min(oldest, limit))
      }
      let fault = onDelay(hanging)
      if let failed = state.value.fault { throw failed }
      if let fault, state.value.underWay.isEmpty {
        state.change { $0.fault = fault }
        throw fault
      }
      left = next
    }
    let (values, fault) = state.change { ($0.values, $0.fault) }
    if let fault { throw fault }
    return values.compactMap(\.self)
  }
}
