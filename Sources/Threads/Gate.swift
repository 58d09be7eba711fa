// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// A gate that one thread waits at and another opens, once.
package final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  /// A closed gate.
  package init() {}

  /// Lets the waiting thread go on; it may also be opened before anybody waits.
  package func open() {
    semaphore.signal()
  }

  /// Sleeps until the gate is opened.
  package func wait() {
    semaphore.wait()
  }

  /// Sleeps until the gate is opened or so many milliseconds have passed.
  ///
  /// - Returns: whether it was opened.
  package func wait(milliseconds: Int) -> Bool {
    semaphore.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }
}
