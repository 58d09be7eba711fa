// SPDX-License-Identifier: Apache-2.0

package import DER

/// One installation with its own roots, policy identifiers and names (C3-84-2, C3-85).
///
/// Test and live never meet: neither loads the keys or trust anchors of the other.
package struct Estate: Hashable, Sendable {
  /// Whether certificates of this estate mean anything outside it.
  package enum Kind: String, Hashable, Sendable {
    case test
    case live
  }

  /// Test or live; fixed when the estate is made.
  package let kind: Kind
  /// Shown on every page and in every audit entry.
  package let name: String
  /// Policy identifier of Device Certificates.
  package let devicePolicy: ObjectIdentifier
  /// Policy identifier of Organisation Certificates.
  package let organisationPolicy: ObjectIdentifier
  /// Policy identifier of IKI Certificates.
  package let ikiPolicy: ObjectIdentifier

  /// C3-84-2: what stands in the label of each of its keys on a token: two estates never find each
  /// other's, not even when they have one name.
  package var keyOwner: String { "\(kind.rawValue)/\(name)" }

  /// An estate, whole; `Ceremony` makes it once and the records keep it.
  package init(
    kind: Kind, name: String, devicePolicy: ObjectIdentifier, organisationPolicy: ObjectIdentifier,
    ikiPolicy: ObjectIdentifier
  ) {
    self.kind = kind
    self.name = name
    self.devicePolicy = devicePolicy
    self.organisationPolicy = organisationPolicy
    self.ikiPolicy = ikiPolicy
  }
}
