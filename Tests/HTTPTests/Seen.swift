// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a server under test has told, in its order.
final class Seen<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])

  func add(_ value: Value) {
    values.withLock { $0.append(value) }
  }

  var all: [Value] { values.withLock { $0 } }
}
