// SPDX-License-Identifier: Apache-2.0

/// A store of keys that no serving node opens, under a secret that only its custodians have, so
/// many of them together (OCP-two-person).
package enum Vault: String, Hashable, Sendable, CaseIterable {
  /// The keys of the roots, and the ceremony key.
  case root
  /// The Recovery Private Key (L10.6(b)).
  case recovery
  /// The Contingency Private Key and the Symmetric Key (L10.6(c)).
  case contingency

  /// How many custodians open a vault, unless a file says otherwise [assumed].
  package static let thresholdDefault = 3
  /// How many custodians have a share, unless a file says otherwise [assumed].
  package static let custodiansDefault = 5
  /// Octets of the secret.
  static let secretOctets = 32
}
