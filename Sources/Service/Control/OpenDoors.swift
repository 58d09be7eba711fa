// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import HTTP
import SEC

/// Where a serving node's doors are, as it says to whoever reaches its socket.
///
/// Options of `smki serve` stand above `estate.json`, so only the node knows.
package struct OpenDoors: Codable, Hashable, Sendable {
  /// The path at which the node tells it.
  package static let path = "/control/doors"

  /// The estate's name.
  package let estate: String
  /// The number of the node's process.
  package let process: Int32
  /// The numeric address of the TLS doors.
  package let address: String
  /// The port of each open door, by its name.
  package let ports: [String: UInt16]
  /// The node's clock, in milliseconds since 1970: that of a trial is not the machine's.
  package let clock: Int64

  /// The doors of a node, as they are now.
  init(of node: Node) {
    estate = node.estate.name
    clock = node.clock().milliseconds
    process = ProcessInfo.processInfo.processIdentifier
    address = node.configuration.doors.address
    var ports: [String: UInt16] = [:]
    for door in Door.allCases { ports[door.rawValue] = node.port(of: door) }
    self.ports = ports
  }

  /// The configured doors, with the address and ports that are in use instead.
  package func replacing(_ configured: Configuration.Doors) -> Configuration.Doors {
    var doors = configured
    doors.address = address
    doors.service = ports[Door.service.rawValue] ?? doors.service
    doors.repository = ports[Door.repository.rawValue] ?? doors.repository
    doors.repositoryPlain = ports[Door.repositoryPlain.rawValue]
    doors.monitoring = ports[Door.monitoring.rawValue] ?? doors.monitoring
    return doors
  }

  /// Tells it; nobody's name is asked, because the ports are no secret on the machine.
  static func route(of node: Node) -> Route {
    Route("GET", path) { _ in
      Response(type: "application/json", body: try Control.encode(OpenDoors(of: node)))
    }
  }
}

extension Configuration.Doors {
  /// The address of the service interface for a client on this machine.
  package var serviceURL: String { "https://\(reachable):\(service)" }

  /// An address that a client can ask: a door that is open to all is reached over loopback.
  private var reachable: String {
    switch address {
    case "0.0.0.0": "127.0.0.1"
    case "::": "[::1]"
    default: address.contains(":") ? "[\(address)]" : address
    }
  }
}
