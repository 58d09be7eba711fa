// SPDX-License-Identifier: Apache-2.0

/// Who asks for a revocation, as what, and how the Registration Authority made sure of it.
package struct Asker: Hashable, Sendable {
  /// As what somebody may ask (C3-124-1c, M4-ra-revoke-who).
  package enum Capacity: String, Hashable, Sendable, CaseIterable {
    /// A Senior Responsible Officer of the subscriber.
    case seniorResponsibleOfficer = "senior-responsible-officer"
    /// An Authorised Responsible Officer of the subscriber.
    case authorisedResponsibleOfficer = "authorised-responsible-officer"
    /// The DCC, as the authority that learned of a ground.
    case dcc
    /// The SMKI PMA, by a decision.
    case pma
    /// The manager of the Registration Authority: credentials of its personnel.
    case registrationAuthorityManager = "ra-manager"
    /// A member of the SMKI PMA: credentials of the Registration Authority's personnel.
    case pmaMember = "pma-member"

    /// Whether it speaks for the subscriber.
    package var isOfSubscriber: Bool {
      self == .seniorResponsibleOfficer || self == .authorisedResponsibleOfficer
    }
  }

  /// RAPP 8.3.3: the form on which the credentials of the Registration Authority's personnel are
  /// asked to be revoked.
  package static let formOfPersonnel = "A7"

  /// The person's name.
  package let name: String
  /// As what the person asks.
  package let capacity: Capacity
  /// The party that the person speaks for; nil where it speaks for nobody's party.
  package let party: String?
  /// The form that was handed in, such as `A7`, or nil.
  package let form: String?

  /// Somebody who asks.
  package init(name: String, capacity: Capacity, party: String? = nil, form: String? = nil) {
    self.name = name
    self.capacity = capacity
    self.party = party
    self.form = form
  }
}
