// SPDX-License-Identifier: Apache-2.0

/// The kinds of device of the Smart Metering Inventory (GBCS-12.1, L3.16).
package enum DeviceType: String, Hashable, Sendable, CaseIterable {
  /// Electricity Smart Metering Equipment.
  case esme = "ESME"
  /// Gas Smart Metering Equipment.
  case gsme = "GSME"
  /// Communications Hub Function.
  case chf = "CHF"
  /// Gas Proxy Function.
  case gpf = "GPF"
  /// Prepayment Meter Interface Device, a Type 1 Device.
  case ppmid = "PPMID"
  /// HAN Connected Auxiliary Load Control Switch, a Type 1 Device.
  case hcalcs = "HCALCS"

  /// C3-G-smart-meter: an Electricity Smart Meter or a Gas Smart Meter.
  package var isSmartMeter: Bool { self == .esme || self == .gsme }

  /// A Type 1 Device holds certificates but is neither a meter nor part of a hub.
  package var isType1: Bool { self == .ppmid || self == .hcalcs }
}

/// The status of a device in the Smart Metering Inventory.
package enum SMIStatus: String, Hashable, Sendable, CaseIterable {
  case pending = "Pending"
  case whitelisted = "Whitelisted"
  case installedNotCommissioned = "InstalledNotCommissioned"
  case commissioned = "Commissioned"
  case decommissioned = "Decommissioned"
  case withdrawn = "Withdrawn"
  case suspended = "Suspended"
  case recovery = "Recovery"
  case recovered = "Recovered"
}
