// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Parties
import Records
package import SEC

/// What follows when the certification of a model ends, and who is told.
extension Registration {
  /// C3-292-2: enters until when a model is certified; a later certification takes its place.
  package func certify(_ model: DeviceModel, at moment: Time, by actor: Actor) throws {
    let entry = Entry(
      actor, "model-certified", clause: "C3-292-2", at: moment,
      facts: ["model": model.name, "until": model.certifiedUntil.rfc3339])
    try records.write(entry) { transaction in
      try transaction.keep(
        ModelRecords.model,
        [.text(model.name), .int(model.certifiedUntil.milliseconds), .text(model.evidence)])
    }
  }

  /// C3-292-2: says which model a device is.
  ///
  /// - Throws: `device-not-in-inventory`, `model-unknown`.
  package func assign(
    _ device: EntityID, to model: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "device-model-recorded", clause: "C3-292-2", at: moment,
      facts: ["device": device.description, "model": String(model.prefix(100))])
    try records.write(entry) { transaction in
      guard try InventoryRecords.device(device, in: transaction) != nil else {
        throw Refusal.deviceNotInInventory(device)
      }
      guard try !ModelRecords.models("WHERE name = \(model)", in: transaction).isEmpty else {
        throw Refusal.modelUnknown(model)
      }
      try transaction.keep(ModelRecords.product, [.blob(device.octets), .text(model)])
    }
  }

  /// C3-292-4: says who is registered for a meter.
  ///
  /// - Throws: `device-not-in-inventory`, `not-a-meter`, `party-unknown`, `meter-party-role`.
  package func registerMeter(_ it: MeterParties, at moment: Time, by actor: Actor) throws {
    let entry = Entry(
      actor, "meter-registered", clause: "C3-292-4", at: moment,
      facts: [
        "device": it.device.description, "supplier": it.supplier,
        "network-operator": it.networkOperator,
      ])
    try records.write(entry) { transaction in
      guard let device = try InventoryRecords.device(it.device, in: transaction) else {
        throw Refusal.deviceNotInInventory(it.device)
      }
      guard let roles = MeterParties.roles(of: device.type) else {
        throw Refusal.notAMeter(device)
      }
      for (id, role) in [
        (it.supplier, roles.supplier), (it.networkOperator, roles.networkOperator),
      ] {
        guard let party = try Register.party(id, in: transaction) else {
          throw Refusal.partyUnknown(id)
        }
        guard party.roles.contains(role) else { throw Refusal.meterPartyRole(id, role, device) }
      }
      try transaction.keep(
        ModelRecords.meterParties,
        [.blob(it.device.octets), .text(it.supplier), .text(it.networkOperator)])
    }
  }

  /// C3-292-2: suspends devices whose model is certified no more, each with what belongs to it,
  /// no more than so many; the others follow at the next call.
  ///
  /// - Returns: what was suspended now.
  package func suspendUncertified(
    most: Int, at moment: Time, by actor: Actor
  ) throws -> [ModelSuspension] {
    try records.read { try ModelRecords.due(at: moment, most: most, in: $0) }.map { due in
      let entry = Entry(
        actor, "device-suspended", clause: "C3-292-2", at: moment,
        facts: ["device": due.device.device.description, "model": due.model])
      return try records.write(entry) { transaction in
        let (with, told) = try Self.suspend(
          due.device.device, as: due.device.type, because: "certification of \(due.model) ended",
          at: moment, by: actor, in: transaction)
        return ModelSuspension(
          device: due.device.device, model: due.model, with: with, told: told)
      }
    }
  }

  /// C3-292-3, C3-292-4: suspends a device and what belongs to it, and tells those concerned.
  ///
  /// - Returns: what was suspended with it, and which parties were told.
  static func suspend(
    _ device: EntityID, as type: DeviceType, because reason: String, at moment: Time,
    by actor: Actor, in transaction: Transaction
  ) throws -> (with: [EntityID], told: [String]) {
    let isNews = try InventoryRecords.device(device, in: transaction)?.status != .suspended
    try InventoryRecords.keep(
      device, type, .suspended, at: moment, by: actor.name, cause: nil, in: transaction)
    let with = try InventoryRecords.belonging(to: device, in: transaction).filter {
      !DeviceModel.statusesWithout.contains($0.status)
    }
    var notices =
      isNews ? try notices(of: device, because: reason, at: moment, in: transaction) : []
    for other in with {
      try InventoryRecords.keep(
        other.device, other.type, .suspended, at: moment, by: actor.name, cause: device,
        in: transaction)
      notices += try self.notices(
        of: other.device, because: "\(device) was suspended", at: moment, in: transaction)
    }
    if !with.isEmpty { transaction.note("suspended-with-it", "\(with.count)") }
    try ModelRecords.keep(notices, in: transaction)
    return (with.map(\.device), Set(notices.map(\.party)).sorted())
  }

  /// C3-292-4: a notice to each party that is registered for a meter which the device concerns.
  private static func notices(
    of device: EntityID, because reason: String, at moment: Time, in reading: some Querying
  ) throws -> [SuspensionNotice] {
    try meters(concernedBy: device, in: reading).flatMap { meter -> [SuspensionNotice] in
      guard let parties = try ModelRecords.parties(of: meter, in: reading) else { return [] }
      return [parties.supplier, parties.networkOperator].map {
        SuspensionNotice(device: device, party: $0, meter: meter, reason: reason, made: moment)
      }
    }
  }

  /// The meter itself, the meter that a device hangs on, or every meter of its system.
  private static func meters(
    concernedBy device: EntityID, in reading: some Querying
  ) throws -> [EntityID] {
    guard let known = try InventoryRecords.device(device, in: reading) else { return [] }
    if known.type.isSmartMeter { return [device] }
    if let link = try InventoryRecords.links("WHERE device = \(device.octets)", in: reading).first,
      let anchor = try InventoryRecords.device(link.anchor, in: reading), anchor.type.isSmartMeter
    {
      return [anchor.device]
    }
    let system = try system(of: device, in: reading)
    return system?.devices.filter(\.type.isSmartMeter).map(\.device) ?? []
  }

  /// Every model whose certification was entered, by name.
  package func models() throws -> [DeviceModel] {
    try records.read { try ModelRecords.models("ORDER BY name", in: $0) }
  }

  /// The model of a device, and who is registered for it; nil each that nobody has said.
  package func product(
    of device: EntityID
  ) throws -> (model: DeviceModel?, parties: MeterParties?) {
    try records.read {
      (
        try ModelRecords.model(of: device, in: $0), try ModelRecords.parties(of: device, in: $0)
      )
    }
  }

  /// C3-292-4: every notice of a suspension, the newest last, or only those to a party.
  package func suspensionNotices(to party: String? = nil) throws -> [SuspensionNotice] {
    try records.read { try ModelRecords.notices(in: $0) }
      .filter { party == nil || $0.party == party }
  }
}
