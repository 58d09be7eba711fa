// SPDX-License-Identifier: Apache-2.0

import Registration
package import SEC

/// L3.16: tells the inventory of a device, or of its new status.
package struct SetDevice: ControlRequest {
  /// The EUI-64, the kind as `DeviceType` and the status as `SMIStatus` writes it.
  package let device: String
  package let type: String
  package let status: String

  package static let name = "device-set"
  package static let role = Actor.Role.registrationOfficer

  /// What was changed.
  package struct Answer: Codable, Sendable {
    /// The device, and the status that it has now.
    package let device: String
    package let status: String
    /// C3-292-3: the devices that were suspended with it.
    package let suspendedWithIt: [String]
  }

  /// A device and what is to be known of it.
  package init(device: String, type: String, status: String) {
    self.device = device
    self.type = type
    self.status = status
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let with = try node.registration.record(
      Control.word(device, { EntityID($0) }, "device"),
      as: Control.word(type, DeviceType.init, "type"),
      status: Control.word(status, SMIStatus.init, "status"), at: node.clock(), by: officer)
    return Answer(device: device, status: status, suspendedWithIt: with.map(\.description))
  }
}

/// C3-G-smi: says that a device belongs to a hub or a meter.
package struct LinkDevice: ControlRequest {
  /// The device, and what it belongs to.
  package let device: String
  package let anchor: String

  package static let name = "device-link"
  package static let role = Actor.Role.registrationOfficer

  /// A device of a system.
  package init(device: String, anchor: String) {
    self.device = device
    self.anchor = anchor
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.link(
      Control.word(device, { EntityID($0) }, "device"),
      to: Control.word(anchor, { EntityID($0) }, "anchor"), at: node.clock(), by: officer)
    return Done(by: officer)
  }
}

/// C3-G-commissioned: keeps that two-way communication of a device with the DCC was shown.
package struct NoteCommunication: ControlRequest {
  /// The device, and what shows it.
  package let device: String
  package let evidence: String

  package static let name = "device-communicated"
  package static let role = Actor.Role.registrationOfficer

  /// A device that was heard.
  package init(device: String, evidence: String) {
    self.device = device
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.noteCommunication(
      of: Control.word(device, { EntityID($0) }, "device"), evidence: evidence,
      at: node.clock(), by: officer)
    return Done(by: officer)
  }
}
