// SPDX-License-Identifier: Apache-2.0

package import SEC

/// L3.16: who may ask for a Device Certificate, by role, kind of device and status of the device.
///
/// The rules are data: `smki eligibility` prints them and a test walks each cell.
package struct EligibleSubscriber: Hashable, Sendable {
  /// The row of the register that grants this.
  package let clause: Clause
  /// The roles that it grants it to.
  package let roles: Set<UserRole>
  /// The kinds of device.
  package let types: Set<DeviceType>
  /// The statuses in the Smart Metering Inventory.
  package let statuses: Set<SMIStatus>

  /// C3-80-dev-4: the statuses after which only the responsible supplier may ask.
  package static let installed: Set<SMIStatus> = [.commissioned, .installedNotCommissioned]

  /// C3-80, L3.16-a, L3.16-b, L3.16-c, L3.16-d: the grants, of which one is enough.
  package static let deviceCertificates: [EligibleSubscriber] = [
    EligibleSubscriber(
      clause: "C3-80-dev-1", roles: [.gasSupplier], types: [.gsme, .ppmid, .hcalcs],
      statuses: Set(SMIStatus.allCases)),
    EligibleSubscriber(
      clause: "C3-80-dev-2", roles: [.importSupplier], types: [.esme, .ppmid, .hcalcs],
      statuses: Set(SMIStatus.allCases)),
    EligibleSubscriber(
      clause: "C3-80-dev-3", roles: [.dcc], types: [.chf, .gpf],
      statuses: Set(SMIStatus.allCases)),
    EligibleSubscriber(
      clause: "C3-80-dev-4",
      roles: Set(UserRole.allCases).subtracting([.registrationDataProvider, .serviceProvider]),
      types: [.esme, .gsme], statuses: Set(SMIStatus.allCases).subtracting(installed)),
  ]

  /// L3.16: the grant under which a party in these roles may ask for this device, or nil.
  package static func grant(
    to roles: Set<UserRole>, for device: DeviceStanding
  ) -> EligibleSubscriber? {
    deviceCertificates.first { grant in
      !grant.roles.isDisjoint(with: roles) && !grant.types.isDisjoint(with: device.types)
        && grant.statuses.contains(device.status)
    }
  }
}

/// What the Smart Metering Inventory says of a device, so far as eligibility turns on it.
package struct DeviceStanding: Hashable, Sendable {
  /// The kind, or each kind that it may be while the inventory does not know it.
  package let types: Set<DeviceType>
  package let status: SMIStatus
  /// Whether the inventory has a record of it.
  package let isRecorded: Bool

  /// A device of the inventory.
  package init(type: DeviceType, status: SMIStatus) {
    types = [type]
    self.status = status
    isRecorded = true
  }

  /// A device without a record counts as pending and as a Smart Meter [assumed].
  package static let unrecorded = DeviceStanding(
    unrecordedAs: [.esme, .gsme], status: .pending)

  /// L3.16-e: what an estate takes a device for that has no record.
  package init(unrecordedAs types: Set<DeviceType>, status: SMIStatus) {
    self.types = types
    self.status = status
    isRecorded = false
  }
}

extension DeviceStanding: CustomStringConvertible {
  package var description: String {
    types.map(\.rawValue).sorted().joined(separator: " or ") + ", " + status.rawValue
      + (isRecorded ? "" : " (not in the inventory)")
  }
}
