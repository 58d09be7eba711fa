// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Synchronization
import Threads

extension Server {
  /// How often the watch looks, in milliseconds.
  static let watchMilliseconds = 250

  /// Ends connections whose time is over, until the gate is opened.
  ///
  /// The library only knows how long a connection was idle; a client that sends one octet now and
  /// then never is.
  func watchUntilEnd(_ ended: Gate) {
    while !ended.wait(milliseconds: Self.watchMilliseconds) {
      let now = smki_monotonic_milliseconds()
      let late = connections.change { connections in
        connections.values.filter { connection in
          let deadline = connection.deadline.load(ordering: .relaxed)
          guard deadline > 0, deadline <= now else { return false }
          connection.deadline.store(0, ordering: .relaxed)
          connection.shutDown()
          return true
        }
      }
      counters.expired.add(late.count, ordering: .relaxed)
      for connection in late {
        onLog(.closed(reason: "out of time", address: connection.address))
      }
    }
  }
}
