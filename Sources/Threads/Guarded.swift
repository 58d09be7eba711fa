// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A value that one thread at a time may touch, and that a thread may wait upon.
///
/// The wait is by semaphore, so that no room needs the C library: `wait(until:)` sleeps until
/// another thread's `change` has made the condition true.
package final class Guarded<Value: Sendable>: Sendable {
  private struct State {
    var value: Value
    var waiters: [Gate] = []
  }

  private let state: Mutex<State>

  /// Puts a value under guard.
  package init(_ value: Value) {
    state = Mutex(State(value: value))
  }

  /// Reads or changes the value, alone, and wakes the threads that wait for a change.
  ///
  /// Held for the length of the closure: no input or output inside.
  package func change<Result: Sendable, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let (result, waiters) = try state.withLock {
      state throws(Failure) -> (Result, [Gate]) in
      let result = try body(&state.value)
      let waiters = state.waiters
      state.waiters = []
      return (result, waiters)
    }
    for waiter in waiters { waiter.open() }
    return result
  }

  /// A copy of the value.
  package var value: Value { state.withLock { $0.value } }

  /// Sleeps until `body` returns something, trying again after each change by another thread.
  package func wait<Result: Sendable>(for body: (inout Value) -> Result?) -> Result {
    while true {
      // A gate is made only when there is something to wait for.
      let (result, gate, waiters) = state.withLock { state -> (Result?, Gate?, [Gate]) in
        let result = body(&state.value)
        guard result != nil else {
          let gate = Gate()
          state.waiters.append(gate)
          return (nil, gate, [])
        }
        let waiters = state.waiters
        state.waiters = []
        return (result, nil, waiters)
      }
      for waiter in waiters { waiter.open() }
      if let result { return result }
      gate?.wait()
    }
  }
}
