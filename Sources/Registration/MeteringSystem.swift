// SPDX-License-Identifier: Apache-2.0

import SEC

/// C3-G-sms: the devices that hang together: a hub, its Gas Proxy, meters and Type 1 Devices.
package struct MeteringSystem: Hashable, Sendable {
  /// Of what a system is the meter.
  package enum Fuel: String, Hashable, Sendable, CaseIterable {
    case electricity, gas
  }

  /// What everything belongs to: a hub, or a device that belongs to nothing yet.
  package let top: InventoryDevice
  /// All that belongs to it, directly or through a meter.
  package let others: [InventoryDevice]

  /// Everything, the hub first.
  package var devices: [InventoryDevice] { [top] + others }
  /// The Communications Hub Function, or nil.
  package var hub: InventoryDevice? { top.type == .chf ? top : nil }
  /// C3-G-gas-proxy: the Gas Proxy Function of the hub, or nil.
  package var proxy: InventoryDevice? { devices.first { $0.type == .gpf } }

  /// C3-G-sms: the Smart Metering Systems that these devices make, by the fuel of their meters.
  package var fuels: [Fuel] {
    Fuel.allCases.filter { fuel in devices.contains { $0.type == Self.meter(of: fuel) } }
  }

  /// C3-G-sms: the kinds of device that a system of this fuel still lacks.
  package func missing(for fuel: Fuel) -> [String] {
    var missing: [String] = []
    if hub == nil { missing.append("CHF") }
    if !devices.contains(where: { $0.type == Self.meter(of: fuel) }) {
      missing.append(fuel == .gas ? "GSME" : "ESME")
    }
    if fuel == .gas, proxy == nil { missing.append("GPF") }
    return missing
  }

  /// C3-G-enrolled: whether a system of this fuel is whole and each of its devices commissioned.
  package func isEnrolled(for fuel: Fuel) -> Bool {
    missing(for: fuel).isEmpty
      && devices.allSatisfy { device in
        switch device.type {
        case .esme where fuel == .gas, .gsme where fuel == .electricity, .gpf where fuel != .gas:
          true
        default: device.status == .commissioned
        }
      }
  }

  private static func meter(of fuel: Fuel) -> DeviceType { fuel == .gas ? .gsme : .esme }
}
