// SPDX-License-Identifier: Apache-2.0

package import SEC

/// M4-org-info-form: an unbroken range of EUI-64 identifiers that a party uses in one role.
package struct EntityRange: Hashable, Sendable {
  /// The party that owns the identifiers.
  package let party: String
  /// The Remote Party Role that they stand for.
  package let role: RoleCode
  /// First and last identifier, both within.
  package let identifiers: ClosedRange<EntityID>

  /// A range of at least one identifier.
  package init(party: String, role: RoleCode, first: EntityID, last: EntityID) throws(Refusal) {
    guard first <= last else { throw .rangeBackwards(first, last) }
    self.party = party
    self.role = role
    identifiers = first...last
  }

  /// Ranges of different parties may not meet, nor two of one party in the same role.
  package func conflicts(with other: EntityRange) -> Bool {
    identifiers.overlaps(other.identifiers) && (party != other.party || role == other.role)
  }
}
