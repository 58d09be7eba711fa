// SPDX-License-Identifier: Apache-2.0

package import SEC

/// A seat of the PMA, or a standing attendee's place, in one constitution.
package struct Seat: Hashable, Sendable {
  /// Names that last from one constitution to the next.
  package enum Name: String, Hashable, Sendable, CaseIterable {
    case chair
    case largeSupplier1 = "large-supplier-1"
    case largeSupplier2 = "large-supplier-2"
    case largeSupplier3 = "large-supplier-3"
    case smallSupplier = "small-supplier"
    case network
    case electricityNetwork = "electricity-network"
    case gasNetwork = "gas-network"
    /// The representative of the Security Sub-Committee.
    case security
    /// The representative of the Technical Sub-Committee, later of TABASC (L1.3(d)@2014).
    case technical
    case specialist
    case dcc
    case ofgem
    case government
  }

  /// How a holder is found.
  package enum Filling: Hashable, Sendable {
    /// The Panel appoints.
    case panel
    /// A constituency elects.
    case election(Constituency)
    /// A Sub-Committee nominates one of its own.
    case nomination(String)
    /// A contract with SECCo.
    case contract
    /// An organisation names its representative.
    case representative(String)
  }

  /// What a holder may do when a vote is taken.
  package enum Vote: String, Hashable, Sendable, CaseIterable {
    case full
    /// Only to break a tie.
    case casting
    case none
  }

  package let name: Name
  /// What it is called, in words.
  package let title: String
  package let clause: Clause
  package let filling: Filling
  /// Months of a term; nil has no end.
  package let termMonths: Int?
  /// Months of the first term of the seat, where that differs (R2-50-a, R2-50-b, R2-50-c).
  package let firstTermMonths: Int?
  /// Whether the holder is a Member, who counts to the quorum.
  package let isMember: Bool
  package let vote: Vote

  init(
    _ name: Name, _ title: String, _ clause: Clause, _ filling: Filling, termMonths: Int? = nil,
    first: Int? = nil, isMember: Bool = true, vote: Vote = .full
  ) {
    self.name = name
    self.title = title
    self.clause = clause
    self.filling = filling
    self.termMonths = termMonths
    firstTermMonths = first
    self.isMember = isMember
    self.vote = vote
  }

  /// The clause that asks for Member Confirmation before the holder is seated.
  var confirmationClause: Clause {
    switch name {
    case .chair: "L1.5(d)"
    case .network, .electricityNetwork, .gasNetwork: "L1.8(a)"
    case .security, .technical: "L1.10"
    default: "L1.6(a)"
    }
  }
}

extension Seat.Filling {
  /// How a holder is found, as it is shown to people.
  package var words: String {
    switch self {
    case .panel: "the Panel appoints"
    case .election(let constituency): "\(constituency.rawValue) elect"
    case .nomination(let body): "\(body) nominates"
    case .contract: "contract with SECCo"
    case .representative(let organisation): "\(organisation) sends"
    }
  }
}
