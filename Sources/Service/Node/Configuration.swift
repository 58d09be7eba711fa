// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// How one node runs an estate, read from `estate.json`.
///
/// What the estate is stands in its records.
package struct Configuration: Codable, Sendable {
  /// Where the doors are.
  package struct Doors: Codable, Sendable {
    /// The numeric address of both TLS doors.
    package var address = "127.0.0.1"
    /// Port of the service interface: mutual TLS.
    package var service: UInt16 = 8443
    /// Port of the Repository: TLS and API key.
    package var repository: UInt16 = 8444
    /// Port of the Repository in plain HTTP on loopback; a test estate only (K-test-api-key).
    package var repositoryPlain: UInt16? = 8083
    /// Port of health and metrics, on loopback.
    package var monitoring: UInt16 = 8085
    /// Path of the Ad Hoc Device CSR Web Service [assumed].
    package var adHocPath = "/1.0/AdHocDeviceCSR"

    /// The usual doors.
    package init() {}
  }

  /// A user of the machine who may give commands, and in which roles.
  package struct Officer: Codable, Sendable {
    /// The user's number on this machine.
    package var user: UInt32
    /// The person's name, which the audit keeps.
    package var name: String
    /// The roles, as `Actor.Role` writes them.
    package var roles: [String]

    /// An officer, whole.
    package init(user: UInt32, name: String, roles: [String]) {
      self.user = user
      self.name = name
      self.roles = roles
    }
  }

  /// The name that the records and keys must have.
  package var estate: String
  package var doors = Doors()
  /// Who may give commands over the control socket.
  package var officers: [Officer] = []
  /// Threads that issue; 0 is as many as there are cores.
  package var issuingLanes = 0
  /// Threads that answer requests other than issuing.
  package var workers = 8
  /// The shard in the serial numbers of this node (ENG-serial).
  package var shard: UInt16 = 0
  /// Seconds between signed checkpoints of the audit.
  package var checkpointSeconds = 1

  /// The usual configuration of an estate.
  package init(estate: String) {
    self.estate = estate
  }

  /// Reads the file of an estate's folder.
  package static func read(_ folder: String) throws -> Configuration {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/estate.json"))
    return try JSONDecoder().decode(Configuration.self, from: data)
  }

  /// Writes the file of an estate's folder.
  package func write(_ folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(filePath: "\(folder)/estate.json"), options: .atomic)
  }
}
