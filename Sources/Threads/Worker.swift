// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// A thread of its own that runs one function to its end.
package final class Worker: Sendable {
  private let finished = DispatchGroup()

  /// Starts the thread at once; the name is shown by the system's tools.
  package init(name: String, _ body: @escaping @Sendable () -> Void) {
    let finished = self.finished
    finished.enter()
    // A queue of its own with a target of none is a thread of its own while its block runs.
    DispatchQueue(label: name, qos: .userInitiated).async {
      body()
      finished.leave()
    }
  }

  /// Sleeps until the function has returned.
  package func join() {
    finished.wait()
  }

  /// Runs `body(0)` to `body(count - 1)` on all cores and returns when each has ended.
  package static func onAllCores(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 1 else {
      if count == 1 { body(0) }
      return
    }
    DispatchQueue.concurrentPerform(iterations: count, execute: body)
  }
}
