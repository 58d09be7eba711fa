// SPDX-License-Identifier: Apache-2.0

/// Who is at the other end of a connection, as the transport knows it.
package struct Peer: Sendable, Equatable {
  /// The process at the other end of a Unix-domain socket (SO_PEERCRED).
  package struct Process: Sendable, Equatable {
    /// The user's number.
    package let user: UInt32
    /// The group's number.
    package let group: UInt32
    /// The process number when it connected.
    package let process: Int32

    /// A process with the stated numbers.
    package init(user: UInt32, group: UInt32, process: Int32) {
      self.user = user
      self.group = group
      self.process = process
    }
  }

  /// The numeric address, IPv4 or IPv6; "unix" on a Unix-domain socket.
  package let address: String
  /// The certificates that the client presented, DER, its own first; empty when it presented none.
  ///
  /// The client has proved that it holds the first one's private key. Nothing else was checked:
  /// not who signed it, not whether it is in its time.
  package let certificates: [[UInt8]]
  /// The other process; nil except on a Unix-domain socket.
  package let process: Process?

  /// A peer with the stated properties.
  package init(address: String, certificates: [[UInt8]] = [], process: Process? = nil) {
    self.address = address
    self.certificates = certificates
    self.process = process
  }
}
