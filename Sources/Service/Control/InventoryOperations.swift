// SPDX-License-Identifier: Apache-2.0

import DER
import Enrolment
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

/// C3-292-2: enters until when a model is certified.
package struct CertifyModel: ControlRequest {
  /// The model, the day or moment from which it is certified no more, and what shows it.
  package let model: String
  package let until: String
  package let evidence: String

  package static let name = "model-certify"
  package static let role = Actor.Role.registrationOfficer

  /// A certification.
  package init(model: String, until: String, evidence: String) {
    self.model = model
    self.until = until
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let until = try Control.word(until, { Time(rfc3339: $0) ?? Day.time($0) }, "until")
    try node.registration.certify(
      DeviceModel(name: model, certifiedUntil: until, evidence: evidence), at: node.clock(),
      by: officer)
    node.schedule?.hurry(Node.modelJobName)
    return Done(by: officer)
  }
}

/// C3-292-2: says which model a device is.
package struct AssignModel: ControlRequest {
  /// The device and its model.
  package let device: String
  package let model: String

  package static let name = "device-model"
  package static let role = Actor.Role.registrationOfficer

  /// A device of a model.
  package init(device: String, model: String) {
    self.device = device
    self.model = model
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.assign(
      Control.word(device, { EntityID($0) }, "device"), to: model, at: node.clock(), by: officer)
    node.schedule?.hurry(Node.modelJobName)
    return Done(by: officer)
  }
}

/// C3-292-4: says who is registered for a meter.
package struct RegisterMeter: ControlRequest {
  /// The meter, its Supplier and its Network Operator.
  package let device: String
  package let supplier: String
  package let networkOperator: String

  package static let name = "device-registered"
  package static let role = Actor.Role.registrationOfficer

  /// A meter and the parties that are registered for it.
  package init(device: String, supplier: String, networkOperator: String) {
    self.device = device
    self.supplier = supplier
    self.networkOperator = networkOperator
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.registerMeter(
      MeterParties(
        device: Control.word(device, { EntityID($0) }, "device"), supplier: supplier,
        networkOperator: networkOperator), at: node.clock(), by: officer)
    return Done(by: officer)
  }
}
