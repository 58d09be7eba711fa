// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// M4-solr: the PMA delays the revocation of a failed supplier's certificates, until a date.
///
/// While it stands, requests are entered and decided as ever, and what is granted is kept back.
package struct RevocationDelay: Hashable, Sendable {
  /// How long before its end a delay is reported, in seconds [assumed]: two days.
  package static let reportSeconds: Int64 = 172_800

  /// A number of this estate, from 1.
  package let id: Int
  /// The supplier.
  package let party: String
  /// Who delayed it, by which decision.
  package let direction: Direction
  package let from: Time
  /// First moment at which it no longer stands; an earlier one once the PMA has lifted it.
  package var until: Time
  /// When it was reported that it will lapse; nil until then.
  package var reported: Time?
  /// When what was kept back was carried out; nil while it stands.
  package var ended: Time?

  /// A delay, whole.
  package init(
    id: Int, party: String, direction: Direction, from: Time, until: Time, reported: Time? = nil,
    ended: Time? = nil
  ) {
    self.id = id
    self.party = party
    self.direction = direction
    self.from = from
    self.until = until
    self.reported = reported
    self.ended = ended
  }

  /// Whether it keeps back what is granted at a moment: until the job has seen its end.
  package func stands(at moment: Time) -> Bool { ended == nil && moment < until }
}
