// SPDX-License-Identifier: Apache-2.0

import DER
import Repository
import Revocation
package import SEC

/// L3.11: says that an Organisation Certificate is meant for loading at manufacture, or no longer.
package struct MarkForManufacture: ControlRequest {
  /// 32 hexadecimal digits.
  package let serial: String
  /// Whether it is meant for that.
  package let isMeant: Bool
  /// Why.
  package let reason: String

  package static let name = "organisation-mark"
  package static let role = Actor.Role.operatorOfSystem

  /// A mark, or the end of one.
  package init(serial: String, isMeant: Bool, reason: String) {
    self.serial = serial
    self.isMeant = isMeant
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    guard let octets = Hex.decode(serial), octets.count == 16 else {
      throw Refusal.serialForm(found: serial)
    }
    let moment = node.clock()
    let status = try node.repository.certificate(serial: octets).map {
      try node.revocation.status(of: $0, at: moment).rawValue
    }
    try node.repository.mark(
      octets, asMeantForManufacture: isMeant, status: status ?? "unknown", because: reason,
      at: moment, by: officer)
    return Done(by: officer)
  }
}
