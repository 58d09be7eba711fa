// SPDX-License-Identifier: Apache-2.0

package import DER
import Profiles

/// How the lists of an issuer stand at a moment.
package struct ListStanding: Hashable, Sendable {
  /// C3-124-3, C3-159-row-6, C3-159-row-7: the most seconds from a revocation to the list that has
  /// it.
  package static let afterRevocationSeconds: Int64 = 3600

  /// Whose lists they are.
  package let issuer: ListIssuer
  /// The newest list, or nil before the first.
  package let newest: PublishedList?
  /// The oldest revocation that is on no list yet, or nil.
  package let unlisted: RevokedEntry?
  /// When the next list is due by its period; nil before the first, which is due at once.
  package let due: Time?

  /// Whether a list must be made at a moment.
  package func isDue(at moment: Time) -> Bool {
    unlisted != nil || due.map { $0 <= moment } ?? true
  }

  /// By when the next list must be there.
  package func deadline(at moment: Time) -> Time {
    let period = due ?? moment
    guard let unlisted else { return period }
    return min(period, unlisted.revoked.adding(seconds: Self.afterRevocationSeconds))
  }

  /// C3-124-2, C3-124-3: whether the next list should have been there by a moment.
  package func isLate(at moment: Time) -> Bool { deadline(at: moment) < moment }
}
