// SPDX-License-Identifier: Apache-2.0

/// What a party is under the Code, so far as it decides what it may ask for (L3.16, C3-80).
package enum UserRole: String, Hashable, Sendable, CaseIterable {
  case dcc
  case importSupplier = "import-supplier"
  case gasSupplier = "gas-supplier"
  case electricityDistributor = "electricity-distributor"
  case gasTransporter = "gas-transporter"
  case registeredSupplierAgent = "registered-supplier-agent"
  case exportSupplier = "export-supplier"
  case otherUser = "other-user"
  case registrationDataProvider = "registration-data-provider"
  /// A meter maker or meter operator: a Party that is no User.
  case otherParty = "other-party"
  /// C3-129: a service provider of the DCC: no Party, the subject of certificates only.
  case serviceProvider = "service-provider"
}
