// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// What kind of organisation a party is: its category under the Code, or why it is no Party.
package enum PartyCategory: String, Hashable, Sendable, CaseIterable {
  case dcc
  case largeSupplier = "large-supplier"
  case smallSupplier = "small-supplier"
  case electricityNetwork = "electricity-network"
  case gasNetwork = "gas-network"
  /// Other users, supplier agents under option 3 among them (C3-204).
  case otherUser = "other-user"
  /// A meter operator or asset manager, as Supplier Nominated Agent (C3-11).
  case supplierAgent = "supplier-agent"
  /// C3-132: a Party for Device Certificates and for looking into the Repository, nothing else.
  case installer
  /// Makers of devices and other Parties that are no Users.
  case otherParty = "other-party"
  /// C3-G-rdp: gives registration data for the Network Operators that nominate it; no Party.
  case registrationDataProvider = "registration-data-provider"
  /// C3-129: a data or communications service provider, for which the DCC subscribes; no Party.
  case serviceProvider = "service-provider"
  /// C3-80-org: SECCo, a Party without Organisation Certificates.
  case secco

  /// C3-G-user-role: the roles that an organisation of this category can hold.
  package var roles: Set<UserRole> {
    switch self {
    case .dcc: [.dcc]
    case .largeSupplier, .smallSupplier: [.importSupplier, .exportSupplier, .gasSupplier]
    case .electricityNetwork: [.electricityDistributor]
    case .gasNetwork: [.gasTransporter]
    case .otherUser: [.otherUser, .registeredSupplierAgent]
    case .supplierAgent: [.registeredSupplierAgent]
    case .installer, .otherParty, .secco: [.otherParty]
    case .registrationDataProvider: [.registrationDataProvider]
    case .serviceProvider: [.serviceProvider]
    }
  }

  /// C3-4: those whose licence makes them Parties; everybody else accedes of their own will.
  package var isLicensed: Bool {
    switch self {
    case .dcc, .largeSupplier, .smallSupplier, .electricityNetwork, .gasNetwork: true
    case .otherUser, .supplierAgent, .installer, .otherParty, .registrationDataProvider,
      .serviceProvider, .secco:
      false
    }
  }

  /// C3-80-org, C3-129, C3-132: whether it may subscribe for its own Organisation Certificates.
  package var subscribesForOrganisation: Bool {
    switch self {
    case .secco, .installer, .serviceProvider: false
    default: true
    }
  }

  /// C3-129: whether it may subscribe for Device Certificates: Parties only.
  package var subscribesForDevices: Bool {
    switch self {
    case .registrationDataProvider, .serviceProvider: false
    default: true
    }
  }

  /// C3-G-rdp, C3-204: the roles of which a nominating party must have one; empty when nobody
  /// nominates.
  package var nominatorRoles: Set<UserRole> {
    switch self {
    case .registrationDataProvider: [.electricityDistributor, .gasTransporter]
    case .supplierAgent: [.importSupplier, .exportSupplier, .gasSupplier]
    case .serviceProvider: [.dcc]
    default: []
    }
  }
}

/// C3-4: how an organisation came under the Code, and whether it still is.
package struct Membership: Hashable, Sendable {
  /// The organisation and what kind it is.
  package let party: String
  package let category: PartyCategory
  /// When it acceded to the Code; for who is no Party, when it was nominated.
  package let acceded: Time
  /// Whether its licence made it a Party; the others acceded of their own will.
  package let isLicensed: Bool
  /// C3-131: a non-domestic supplier that does not take the DCC's services.
  package let hasOptedOut: Bool
  /// Who nominated it, by identifier: Network Operators, Suppliers or the DCC.
  package let nominators: [String]
  /// When it ceased to be a party, or nil.
  package let left: Time?

  /// A membership, whole.
  package init(
    party: String, category: PartyCategory, acceded: Time, isLicensed: Bool? = nil,
    hasOptedOut: Bool = false, nominators: [String] = [], left: Time? = nil
  ) {
    self.party = party
    self.category = category
    self.acceded = acceded
    self.isLicensed = isLicensed ?? category.isLicensed
    self.hasOptedOut = hasOptedOut
    self.nominators = nominators
    self.left = left
  }

  /// C3-G-user-role: refuses roles that the category does not have, and a basis that is not its.
  package func check(_ roles: Set<UserRole>) throws(Refusal) {
    guard roles.isSubset(of: category.roles) else {
      throw .roleNotOfCategory(roles.subtracting(category.roles), category)
    }
    guard isLicensed == category.isLicensed else { throw .basisNotOfCategory(category, isLicensed) }
    if category.nominatorRoles.isEmpty != nominators.isEmpty {
      throw .nominatorNeeded(category, nominators)
    }
  }
}
