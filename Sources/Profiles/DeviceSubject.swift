// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// DCP-annex-B-subject-alt-name: whom a Device Certificate names, in its hardwareModuleName.
package struct DeviceSubject: Hashable, Sendable {
  /// The Device ID, an EUI-64, in `hwSerialNum`.
  package let device: EntityID
  /// The type of the hardware as its maker numbers it, in `hwType`; its value is not checked.
  package let hardwareType: ObjectIdentifier

  /// A device and the type of its hardware.
  package init(device: EntityID, hardwareType: ObjectIdentifier) {
    self.device = device
    self.hardwareType = hardwareType
  }
}
