// SPDX-License-Identifier: Apache-2.0

package import SEC

/// The Party Category that an organisation stands in when it votes.
package enum PartyCategory: String, Hashable, Sendable, CaseIterable {
  case largeSupplier = "large-supplier"
  case smallSupplier = "small-supplier"
  case electricityNetwork = "electricity-network"
  case gasNetwork = "gas-network"
  /// No category that elects anybody to the PMA.
  case other
}

/// Those who elect the holder of a seat.
package enum Constituency: String, Hashable, Sendable, CaseIterable {
  case largeSuppliers = "large-suppliers"
  case smallSuppliers = "small-suppliers"
  case electricityNetworks = "electricity-networks"
  case gasNetworks = "gas-networks"
  /// L1.9(a)@2014: electricity and gas networks together.
  case networks

  /// L1.7(a), L1.9(a): the categories whose Voting Groups have a vote.
  package var categories: Set<PartyCategory> {
    switch self {
    case .largeSuppliers: [.largeSupplier]
    case .smallSuppliers: [.smallSupplier]
    case .electricityNetworks: [.electricityNetwork]
    case .gasNetworks: [.gasNetwork]
    case .networks: [.electricityNetwork, .gasNetwork]
    }
  }

  /// The rule that says who elects.
  package var clause: Clause {
    switch self {
    case .largeSuppliers, .smallSuppliers: "L1.7(a)"
    case .electricityNetworks, .gasNetworks: "L1.9(a)"
    case .networks: "L1.9(a)@2014"
    }
  }

  /// The rule that says how: nominations, a ballot, one vote for each Voting Group.
  package var process: Clause {
    switch self {
    case .largeSuppliers, .smallSuppliers: "L1.7(c)"
    case .electricityNetworks, .gasNetworks: "L1.9(b)"
    case .networks: "L1.9(a)@2014"
    }
  }
}

/// An organisation, as elections and conflicts of interest need to know it.
package struct Organisation: Hashable, Sendable {
  /// Short identifier, that of the party where it is one.
  package let id: String
  package let name: String
  package let category: PartyCategory
  /// The corporate group: organisations of one group are Affiliates, and those of one category and
  /// group are one Voting Group.
  package let group: String

  /// An organisation, whole.
  package init(id: String, name: String, category: PartyCategory, group: String) {
    self.id = id
    self.name = name
    self.category = category
    self.group = group
  }

  /// The Voting Group: one vote, however many parties it has (L1.9(a)@2014).
  package var votingGroup: String { "\(category.rawValue)/\(group)" }
}
