// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a server has done since its start and what it is doing.
package struct Statistics: Sendable, Equatable {
  /// Connections accepted since the start; with TLS each began with one full handshake.
  package let connections: Int
  /// Requests whose header lines were read since the start.
  package let requests: Int
  /// Requests that the server itself refused since the start.
  package let refused: Int
  /// Connections closed since the start because they were slow or idle.
  package let expired: Int
  /// Complaints of the library since the start: handshakes that failed, clients that went away.
  package let complaints: Int
  /// Connections open now.
  package let openConnections: Int
  /// Requests accepted now and not yet answered to the last octet.
  package let acceptedRequests: Int
  /// Requests that wait for a worker now.
  package let waitingRequests: Int
}

/// The counters behind `Statistics`.
final class Counters: Sendable {
  let connections = Atomic<Int>(0)
  let requests = Atomic<Int>(0)
  let refused = Atomic<Int>(0)
  let expired = Atomic<Int>(0)
  let complaints = Atomic<Int>(0)
  /// Requests whose head was accepted and whose exchange has not ended.
  let accepted = Atomic<Int>(0)
  /// Requests that a handler has, each of which may hold its connection suspended.
  let handling = Atomic<Int>(0)

  func statistics(open: Int, waiting: Int) -> Statistics {
    Statistics(
      connections: connections.load(ordering: .relaxed),
      requests: requests.load(ordering: .relaxed), refused: refused.load(ordering: .relaxed),
      expired: expired.load(ordering: .relaxed),
      complaints: complaints.load(ordering: .relaxed), openConnections: open,
      acceptedRequests: accepted.load(ordering: .relaxed), waitingRequests: waiting)
  }
}
