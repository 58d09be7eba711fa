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
  /// The User Roles that they serve; several share them where H1.5 lets one identifier do so, and
  /// none is named of ranges that came before the form asked for it.
  package let userRoles: Set<UserRole>

  /// A range of at least one identifier.
  package init(
    party: String, role: RoleCode, first: EntityID, last: EntityID,
    servingAs userRoles: Set<UserRole> = []
  ) throws(Refusal) {
    guard first <= last else { throw .rangeBackwards(first, last) }
    self.party = party
    self.role = role
    identifiers = first...last
    self.userRoles = userRoles
  }

  /// RAPP-A1-ranges: ranges of different parties may not meet, nor two of one party in the same
  /// Remote Party Role, nor two that serve different User Roles.
  package func conflicts(with other: EntityRange) -> Bool {
    guard identifiers.overlaps(other.identifiers) else { return false }
    if party != other.party || role == other.role { return true }
    return !userRoles.isEmpty && !other.userRoles.isEmpty && userRoles != other.userRoles
  }

  /// M4-org-info-form-b: the identifiers of each User Role are one unbroken range.
  ///
  /// - Parameter ranges: all of one party.
  /// - Throws: `range-not-continuous`.
  package static func checkContinuity(_ ranges: [EntityRange]) throws(Refusal) {
    for role in UserRole.allCases {
      let own = ranges.filter { $0.userRoles.contains(role) }
        .sorted { $0.identifiers.lowerBound < $1.identifiers.lowerBound }
      guard var end = own.first?.identifiers.upperBound else { continue }
      for range in own.dropFirst() {
        guard range.identifiers.lowerBound.value <= end.value + 1 || end.value == .max else {
          throw .rangeNotContinuous(range, after: end, role)
        }
        end = max(end, range.identifiers.upperBound)
      }
    }
  }
}
