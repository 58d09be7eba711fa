// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Records
package import SEC

/// C3-G-smi: a device of the Smart Metering Inventory, so far as it was told.
package struct InventoryDevice: Hashable, Sendable {
  /// Which device, of which kind, and its status.
  package let device: EntityID
  package let type: DeviceType
  package let status: SMIStatus
  /// Since when it has this status.
  package let since: Time
  /// C3-G-commissioned: when two-way communication with the DCC was shown, or nil.
  package let communicated: Time?
}

/// C3-G-smi: one device of a system belongs to another one.
package struct DeviceLink: Hashable, Sendable {
  /// The device, and the hub or meter that it belongs to.
  package let device: EntityID
  package let anchor: EntityID
  package let since: Time

  /// C3-G-sms: what a device of a kind can belong to; a hub belongs to nothing.
  package static func anchors(of type: DeviceType) -> Set<DeviceType> {
    switch type {
    case .chf: []
    case .esme, .gsme, .gpf: [.chf]
    case .ppmid, .hcalcs: [.chf, .esme, .gsme]
    }
  }
}

/// A change of the Inventory: what a device was said to be, when and by whom.
package struct DeviceChange: Hashable, Sendable {
  /// Of which device, what it was said to be, when and by whom.
  package let device: EntityID
  package let type: DeviceType
  package let status: SMIStatus
  package let moment: Time
  package let officer: String
  /// The device with which this one was suspended (C3-292-3), or nil.
  package let cause: EntityID?
}

/// The Smart Metering Inventory, as the Registration Authority keeps it.
extension Registration {
  /// DUIS-5.4-device-status: tells the Inventory of a device, or of its new status.
  ///
  /// What belongs to a device that is suspended is suspended with it (C3-292-3), and those whom it
  /// concerns are told (C3-292-4).
  ///
  /// - Returns: the devices that were suspended with it.
  /// - Throws: `device-of-other-type`, `not-commissionable`, `model-not-certified`.
  @discardableResult
  package func record(
    _ device: EntityID, as type: DeviceType, status: SMIStatus, at moment: Time, by actor: Actor
  ) throws -> [EntityID] {
    let entry = Entry(
      actor, "device-recorded", clause: "L3.16", at: moment,
      facts: ["device": device.description, "type": type.rawValue, "status": status.rawValue])
    return try records.write(entry) { transaction in
      if let known = try InventoryRecords.device(device, in: transaction), known.type != type,
        try InventoryRecords.isLinked(device, in: transaction)
      {
        throw Refusal.deviceOfOtherType(known, type)
      }
      if !DeviceModel.statusesWithout.contains(status),
        let model = try ModelRecords.model(of: device, in: transaction),
        model.certifiedUntil <= moment
      {
        throw Refusal.modelNotCertified(device, model)
      }
      if status == .commissioned {
        let missing = try Self.missing(of: device, as: type, in: transaction)
        guard missing.isEmpty else { throw Refusal.notCommissionable(device, type, missing) }
      }
      guard status == .suspended else {
        try InventoryRecords.keep(
          device, type, status, at: moment, by: actor.name, cause: nil, in: transaction)
        return []
      }
      return try Self.suspend(
        device, as: type, because: "\(actor.name) said so", at: moment, by: actor,
        in: transaction
      ).with
    }
  }

  /// C3-G-commissioned: what is not yet known of a device before it can be commissioned.
  private static func missing(
    of device: EntityID, as type: DeviceType, in reading: some Querying
  ) throws -> [String] {
    var missing: [String] = []
    let known = try InventoryRecords.device(device, in: reading)
    if known == nil { missing.append("a record of the device in the inventory") }
    if known?.communicated == nil { missing.append("two-way communication with the DCC") }
    let system = try system(of: device, in: reading)
    if type != .chf, system?.hub == nil {
      missing.append("its relationship with a Communications Hub Function or a Smart Meter")
    }
    // C3-G-ch, C3-G-sms: a hub has two logical devices, and gas needs the second one.
    if type == .chf || type == .gsme, system?.proxy == nil {
      missing.append("the Gas Proxy Function of the hub")
    }
    return missing
  }

  /// C3-G-smi: says that a device belongs to a hub or a meter.
  ///
  /// - Throws: `device-not-in-inventory`, `link-not-of-system`, `link-taken`.
  package func link(
    _ device: EntityID, to anchor: EntityID, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "device-linked", clause: "C3-G-sms", at: moment,
      facts: ["device": device.description, "anchor": anchor.description])
    try records.write(entry) { transaction in
      guard let one = try InventoryRecords.device(device, in: transaction) else {
        throw Refusal.deviceNotInInventory(device)
      }
      guard let other = try InventoryRecords.device(anchor, in: transaction) else {
        throw Refusal.deviceNotInInventory(anchor)
      }
      guard DeviceLink.anchors(of: one.type).contains(other.type) else {
        throw Refusal.linkNotOfSystem(one, other)
      }
      if let before = try InventoryRecords.links("WHERE device = \(device.octets)", in: transaction)
        .first
      {
        throw Refusal.linkTaken(device, before.anchor)
      }
      if one.type == .gpf, let proxy = try Self.system(of: anchor, in: transaction)?.proxy {
        throw Refusal.linkTaken(anchor, proxy.device)
      }
      try InventoryRecords.keep(
        DeviceLink(device: device, anchor: anchor, since: moment), in: transaction)
    }
  }

  /// C3-G-commissioned: keeps that two-way communication of a device with the DCC was shown.
  ///
  /// - Throws: `device-not-in-inventory`.
  package func noteCommunication(
    of device: EntityID, evidence: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "device-communicated", clause: "C3-G-commissioned", at: moment,
      facts: ["device": device.description, "evidence": String(evidence.prefix(200))])
    try records.write(entry) { transaction in
      guard try InventoryRecords.device(device, in: transaction) != nil else {
        throw Refusal.deviceNotInInventory(device)
      }
      try transaction.keep(
        InventoryRecords.communication,
        [.blob(device.octets), .int(moment.milliseconds), .text(evidence)])
    }
  }

  /// Devices of the Inventory by identifier, of a kind and in a status if one is asked for.
  package func devices(
    _ type: DeviceType? = nil, _ status: SMIStatus? = nil, most: Int = .max
  ) throws -> [InventoryDevice] {
    let part: SQL =
      switch (type, status) {
      case (nil, nil): ""
      case (let type?, nil): "WHERE d.type = \(type.rawValue)"
      case (nil, let status?): "WHERE d.status = \(status.rawValue)"
      case (let type?, let status?):
        "WHERE d.type = \(type.rawValue) AND d.status = \(status.rawValue)"
      }
    return try records.read {
      try InventoryRecords.devices("\(part) ORDER BY d.entity LIMIT \(most)", in: $0)
    }
  }

  /// What was said of a device, the first word first.
  package func changes(of device: EntityID) throws -> [DeviceChange] {
    try records.read { try InventoryRecords.changes(of: device, in: $0) }
  }

  /// The system that a device is part of, or nil for one that the Inventory does not hold.
  package func system(of device: EntityID) throws -> MeteringSystem? {
    try records.read { try Self.system(of: device, in: $0) }
  }

  static func system(
    of device: EntityID, in reading: some Querying
  ) throws -> MeteringSystem? {
    guard var top = try InventoryRecords.device(device, in: reading) else { return nil }
    // A Type 1 Device may hang on a meter, and the meter on the hub: two steps at most.
    for _ in 0..<2 {
      guard
        let link = try InventoryRecords.links(
          "WHERE device = \(top.device.octets)", in: reading
        ).first, let anchor = try InventoryRecords.device(link.anchor, in: reading)
      else { break }
      top = anchor
    }
    return MeteringSystem(
      top: top, others: try InventoryRecords.belonging(to: top.device, in: reading))
  }
}
