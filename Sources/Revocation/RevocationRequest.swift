// SPDX-License-Identifier: Apache-2.0

package import DER

/// A request to revoke one certificate, and what became of it.
package struct RevocationRequest: Hashable, Sendable {
  /// M4-ra-revoke-how: where a request stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Entered, and not yet decided.
    case received
    /// Verified and refused.
    case refused
    /// Verified and granted, and kept back while the PMA delays it (M4-solr).
    case held
    /// Granted and done.
    case revoked
  }

  /// A number of this estate, from 1.
  package let id: Int
  /// The certificate's serial number, 32 upper-case hexadecimal digits.
  package let serial: String
  /// The party whose certificate it is; nil for an authority's.
  package let party: String?
  package let ground: RevocationGround
  package let asker: Asker
  /// What was handed in to show the ground.
  package let evidence: String
  /// Who entered it, and when.
  package let enteredBy: String
  package let entered: Time
  package var state: State
  /// How the asker was verified, by whom it was decided, and when; nil until then.
  package var verification: String?
  package var decidedBy: String?
  package var decided: Time?

  /// A request, whole.
  package init(
    id: Int, serial: String, party: String?, ground: RevocationGround, asker: Asker,
    evidence: String, enteredBy: String, entered: Time, state: State = .received,
    verification: String? = nil, decidedBy: String? = nil, decided: Time? = nil
  ) {
    self.id = id
    self.serial = serial
    self.party = party
    self.ground = ground
    self.asker = asker
    self.evidence = evidence
    self.enteredBy = enteredBy
    self.entered = entered
    self.state = state
    self.verification = verification
    self.decidedBy = decidedBy
    self.decided = decided
  }
}
