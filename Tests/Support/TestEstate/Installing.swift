// SPDX-License-Identifier: Apache-2.0

package import DER
package import Registration
package import SEC

extension Registration {
  /// Brings a device into a status as the inventory asks for it: one that is commissioned gets a
  /// hub with its Gas Proxy, and was heard.
  package func bring(
    _ device: EntityID, _ type: DeviceType, to status: SMIStatus, at moment: Time, by officer: Actor
  ) throws {
    guard status == .commissioned else {
      try record(device, as: type, status: status, at: moment, by: officer)
      return
    }
    let hub = type == .chf ? device : EntityID(device.value ^ 0x0001_0000_0000_0000)
    let proxy = type == .gpf ? device : EntityID(device.value ^ 0x0002_0000_0000_0000)
    for (device, type) in [(hub, DeviceType.chf), (proxy, .gpf), (device, type)] {
      try record(device, as: type, status: .whitelisted, at: moment, by: officer)
    }
    let linked = try system(of: device)?.hub != nil
    for device in Set([proxy, device]) where device != hub && !linked {
      try link(device, to: hub, at: moment, by: officer)
    }
    try noteCommunication(of: device, evidence: "report 1", at: moment, by: officer)
    try record(device, as: type, status: .commissioned, at: moment, by: officer)
  }
}
