// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// C3-292-2: a model of equipment, and until when its certification stands.
package struct DeviceModel: Hashable, Sendable {
  /// The most octets of a name [assumed].
  package static let nameLengthMax = 100

  /// As the Certified Products List calls it.
  package let name: String
  /// The moment from which it is certified no more.
  package let certifiedUntil: Time
  /// What shows it.
  package let evidence: String

  /// A model whose name fits a line.
  package init(name: String, certifiedUntil: Time, evidence: String) throws(Refusal) {
    let isLine = name.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    guard (1...Self.nameLengthMax).contains(name.utf8.count), isLine else {
      throw .modelName(name)
    }
    self.name = name
    self.certifiedUntil = certifiedUntil
    self.evidence = evidence
  }

  /// C3-292-2: what a device of a model without certification may be.
  package static let statusesWithout: Set<SMIStatus> = [.suspended, .decommissioned, .withdrawn]
}

/// C3-292-4: who is registered for a meter.
package struct MeterParties: Hashable, Sendable {
  /// The meter, its Supplier and its Network Operator.
  package let device: EntityID
  package let supplier: String
  package let networkOperator: String

  /// The Supplier and the Network Operator of a meter.
  package init(device: EntityID, supplier: String, networkOperator: String) {
    self.device = device
    self.supplier = supplier
    self.networkOperator = networkOperator
  }

  /// The roles in which parties are registered for a meter of a kind; nil for no meter.
  package static func roles(
    of type: DeviceType
  ) -> (supplier: UserRole, networkOperator: UserRole)? {
    switch type {
    case .esme: (.importSupplier, .electricityDistributor)
    case .gsme: (.gasSupplier, .gasTransporter)
    case .chf, .gpf, .ppmid, .hcalcs: nil
    }
  }
}

/// C3-292-4: word to a party that a device was suspended that concerns it.
package struct SuspensionNotice: Hashable, Sendable {
  /// The device, and the party that is told.
  package let device: EntityID
  package let party: String
  /// The meter for which the party is registered: the device itself or one of its system.
  package let meter: EntityID
  /// Why it was suspended: the model, the hub or meter that it belongs to, or an officer's word.
  package let reason: String
  /// When it was given.
  package let made: Time
}

/// C3-292-2: a device that was suspended because its model is certified no more.
package struct ModelSuspension: Hashable, Sendable {
  /// The device, its model, what was suspended with it, and who was told.
  package let device: EntityID
  package let model: String
  package let with: [EntityID]
  package let told: [String]
}
