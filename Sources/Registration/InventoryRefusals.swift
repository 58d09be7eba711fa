// SPDX-License-Identifier: Apache-2.0

import DER
package import SEC

/// Every way in which the Inventory says no.
extension Refusal {
  /// C3-G-commissioned: a device is commissioned once three things are known of it.
  package static func notCommissionable(
    _ device: EntityID, _ type: DeviceType, _ missing: [String]
  ) -> Refusal {
    Refusal(
      "not-commissionable", clause: "C3-G-commissioned", field: "status",
      expected:
        "a \(type.rawValue) in the inventory whose communication and relationship are shown",
      found: "\(device) without " + missing.joined(separator: ", "),
      remedy: "Record them: smki device communicated, smki device link.")
  }

  /// C3-G-smi: what is said of a device is said of one that is there.
  package static func deviceNotInInventory(_ device: EntityID) -> Refusal {
    Refusal(
      "device-not-in-inventory", clause: "C3-G-smi", field: "device",
      expected: "a device of the inventory", found: "\(device)",
      remedy: "Enter it first: smki device set.")
  }

  /// C3-G-smi: a device does not become another kind while it is part of a system.
  package static func deviceOfOtherType(_ device: InventoryDevice, _ type: DeviceType) -> Refusal {
    Refusal(
      "device-of-other-type", clause: "C3-G-smi", field: "type",
      expected: device.type.rawValue, found: "\(type.rawValue) for \(device.device)",
      remedy: "Check the identifier: a device that is part of a system stays what it is.")
  }

  /// C3-G-sms: of what a system consists.
  package static func linkNotOfSystem(
    _ device: InventoryDevice, _ anchor: InventoryDevice
  ) -> Refusal {
    let kinds = DeviceLink.anchors(of: device.type).map(\.rawValue).sorted()
    return Refusal(
      "link-not-of-system", clause: "C3-G-sms", field: "anchor",
      expected: kinds.isEmpty
        ? "nothing: a hub belongs to no other device"
        : "a \(kinds.joined(separator: " or ")) for a \(device.type.rawValue)",
      found: "\(anchor.device), a \(anchor.type.rawValue)",
      remedy: "Link meters and the Gas Proxy to the hub, and Type 1 Devices to a meter or the hub.")
  }

  /// C3-G-sms: a device belongs to one other device, and a hub has one Gas Proxy.
  package static func linkTaken(_ device: EntityID, _ other: EntityID) -> Refusal {
    Refusal(
      "link-taken", clause: "C3-G-sms", field: "device",
      expected: "a device that belongs to nothing yet, and a hub without a Gas Proxy",
      found: "\(device), linked with \(other)", remedy: "See smki device system.")
  }

  /// C3-292-2: a device of a model whose certification has ended stays suspended.
  package static func modelNotCertified(_ device: EntityID, _ model: DeviceModel) -> Refusal {
    Refusal(
      "model-not-certified", clause: "C3-292-2", field: "status",
      expected: "Suspended, Decommissioned or Withdrawn for a model without certification",
      found: "\(device), a \(model.name), certified until \(model.certifiedUntil.rfc3339)",
      remedy: "Enter the new certification first: smki model certify.")
  }

  /// C3-292-2: a model is known by the certification that it has.
  package static func modelUnknown(_ name: String) -> Refusal {
    Refusal(
      "model-unknown", clause: "C3-292-2", field: "model",
      expected: "a model whose certification was entered", found: "\(name.prefix(64))",
      remedy: "Enter it: smki model certify.")
  }

  /// C3-292-2: the name of a model is a line of text.
  package static func modelName(_ name: String) -> Refusal {
    Refusal(
      "model-name", clause: "C3-292-2", field: "model",
      expected: "1 to \(DeviceModel.nameLengthMax) printable characters",
      found: "\(name.utf8.count) octets", remedy: "Use the name of the Certified Products List.")
  }

  /// C3-292-4: a supplier and a network operator are registered for a meter, and for nothing else.
  package static func notAMeter(_ device: InventoryDevice) -> Refusal {
    Refusal(
      "not-a-meter", clause: "C3-292-4", field: "device", expected: "an ESME or a GSME",
      found: "\(device.device), a \(device.type.rawValue)",
      remedy: "Register the meters of its system: smki device system.")
  }

  /// C3-292-4: who is registered for a meter has the role for its fuel.
  package static func meterPartyRole(
    _ party: String, _ role: UserRole, _ device: InventoryDevice
  ) -> Refusal {
    Refusal(
      "meter-party-role", clause: "C3-292-4", field: "party",
      expected: "a party in the role \(role.rawValue) for a \(device.type.rawValue)",
      found: party, remedy: "Name the party that is registered for this meter point.")
  }
}
