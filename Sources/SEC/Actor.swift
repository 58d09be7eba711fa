// SPDX-License-Identifier: Apache-2.0

/// Who does something, and in which role: every entry of the audit names one.
package struct Actor: Hashable, Sendable {
  /// The roles in which somebody can act.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    /// A registration officer of the DCC.
    case registrationOfficer = "registration-officer"
    /// The Secretariat: keeps the records of the SMKI PMA and the book of duties (C3-G-secas).
    case secretariat
    /// An operator of the DCC: keys, nodes, configuration.
    case operatorOfSystem = "operator"
    /// An Authorised Responsible Officer of a party.
    case authorisedResponsibleOfficer = "authorised-responsible-officer"
    /// A system of a party, by its IKI certificate.
    case system
    /// Somebody who only reads, by API key.
    case reader
    /// The node itself: start, stop, voiding of what a crash left open.
    case node
  }

  /// A person's name, or the common name of a system's certificate.
  package let name: String
  package let role: Role
  /// The party that the actor acts for, or nil for the DCC and the node.
  package let party: String?

  /// An actor, whole.
  package init(name: String, role: Role, party: String? = nil) {
    self.name = name
    self.role = role
    self.party = party
  }
}
