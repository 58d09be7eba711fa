// SPDX-License-Identifier: Apache-2.0

package import DER

/// Who opens a store for writing, as the other nodes of a store on a server see it.
package struct NodeName: Hashable, Sendable {
  /// Unique among the nodes of a store that are alive.
  package let name: String
  /// The version of the program.
  package let version: String
  /// Seconds without a sign of life after which the others take over what it was doing.
  package let leaseSeconds: Int

  /// Seconds of a usual lease: a failover of the server takes longer than a slow moment.
  package static let usualLeaseSeconds = 10

  /// A name, whole.
  package init(
    _ name: String, version: String = "", leaseSeconds: Int = NodeName.usualLeaseSeconds
  ) {
    self.name = name
    self.version = version
    self.leaseSeconds = max(1, leaseSeconds)
  }

  /// Who opens a store without saying so.
  package static let unnamed = NodeName("smki")
}

/// A node of a store on a server, as the store knows it.
package struct NodeStanding: Hashable, Sendable {
  /// Its number, which no other node of the store ever gets.
  package let id: Int
  package let name: String
  package let version: String
  /// The process and its machine.
  package let process: String
  package let since: Time
  /// When it last gave a sign of life, by the server's clock.
  package let seen: Time
  /// When it ended, or was found to have ended; nil while it has not.
  package let ended: Time?
  /// Whether it counts as alive: its lease runs, or its connection to the server stands.
  package let isAlive: Bool
  /// What only it does at the moment, by name.
  package let work: [String]
}
