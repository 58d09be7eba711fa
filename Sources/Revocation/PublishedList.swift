// SPDX-License-Identifier: Apache-2.0

package import DER
package import Profiles

/// A list as it was published: what the store keeps of it.
///
/// Entries are kept once, in the order of revoking, and each list begins with those of the one
/// before; so a list is what stands before its entries, how many of them, and what stands after.
package struct PublishedList: Hashable, Sendable {
  /// A number of this estate, from 1.
  package let id: Int
  /// The key identifier of the issuer, 16 upper-case hexadecimal digits.
  package let issuer: String
  package let kind: RevocationListKind
  /// cRLNumber: it grows from one list of an issuer to the next.
  package let number: Int
  package let thisUpdate: Time
  package let nextUpdate: Time
  /// How many certificates are on it.
  package let entries: Int
  /// The last revocation that is on it, by its number; 0 for none.
  package let lastEntry: Int
  /// The octets before the entries; the whole list where it was signed offline.
  package let before: [UInt8]
  /// The octets after the entries.
  package let after: [UInt8]
  /// SHA-256 of the whole list.
  package let digest: [UInt8]
  /// When it was lodged.
  package let lodged: Time

  /// A list, whole.
  package init(
    id: Int, issuer: String, kind: RevocationListKind, number: Int, thisUpdate: Time,
    nextUpdate: Time, entries: Int, lastEntry: Int, before: [UInt8], after: [UInt8],
    digest: [UInt8], lodged: Time
  ) {
    self.id = id
    self.issuer = issuer
    self.kind = kind
    self.number = number
    self.thisUpdate = thisUpdate
    self.nextUpdate = nextUpdate
    self.entries = entries
    self.lastEntry = lastEntry
    self.before = before
    self.after = after
    self.digest = digest
    self.lodged = lodged
  }

  /// Whether its entries are kept beside it, one by one.
  package var isSpliced: Bool { !after.isEmpty }
}
