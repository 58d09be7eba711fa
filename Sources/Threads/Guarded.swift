// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A value that one thread at a time may touch, and that a thread may wait upon.
///
/// The wait is by semaphore, so that no room needs the C library: `wait(until:)` sleeps until
/// another thread's `change` has made the condition true.
@safe package final class Guarded<Value: Sendable>: Sendable {
  /// The lock, with the gates of those who wait.
  ///
  /// Its type is no parameter: every request passes many guards, and a lock made for any type
  /// spends more time on the type than on locking.
  private let waiters = Mutex<[Gate]>([])
  /// Touched only while the lock is held.
  private nonisolated(unsafe) var guarded: Value

  /// Puts a value under guard.
  package init(_ value: Value) {
    unsafe guarded = value
  }

  /// Reads or changes the value, alone, and wakes the threads that wait for a change.
  ///
  /// Held for the length of the closure: no input or output inside.
  package func change<Result: Sendable, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var woken: [Gate] = []
    let result = try waiters.withLock { waiters throws(Failure) -> Result in
      let result = unsafe try body(&guarded)
      swap(&woken, &waiters)
      return result
    }
    for gate in woken { gate.open() }
    return result
  }

  /// A copy of the value.
  package var value: Value { waiters.withLock { _ in unsafe guarded } }

  /// Sleeps until `body` returns something, trying again after each change by another thread.
  package func wait<Result: Sendable>(for body: (inout Value) -> Result?) -> Result {
    while true {
      // A gate is made only when there is something to wait for.
      var gate: Gate?
      var woken: [Gate] = []
      let result = waiters.withLock { waiters -> Result? in
        let result = unsafe body(&guarded)
        if result != nil {
          swap(&woken, &waiters)
        } else {
          let new = Gate()
          waiters.append(new)
          gate = new
        }
        return result
      }
      for gate in woken { gate.open() }
      if let result { return result }
      gate?.wait()
    }
  }
}
