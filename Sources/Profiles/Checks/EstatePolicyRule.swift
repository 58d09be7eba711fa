// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// C3-84-2: a certificate asserts a policy of its estate, so that test and live are told apart.
  ///
  /// A root asserts anyPolicy and a server nothing; the policy of the DCCKI is registered with its
  /// authorities and not with the estate.
  static let estatePolicy = Rule(
    "estate-policy", field: "certificatePolicies", clause: { _ in "C3-84-2" },
    check: { examined in
      guard let known = examined.lint.policies, examined.kind != .server, examined.kind != .dccki,
        examined.kind.authorityKind?.hierarchy != .dccki,
        examined.kind.authorityKind?.isRoot != true,
        let found = try? examined.tbs.extensions.value(of: CertificatePolicies.self),
        !known.isSuperset(of: found.identifiers)
      else { return nil }
      return Mismatch(
        expected: known.map(\.description).sorted().joined(separator: " or "),
        found: found.identifiers.map(\.description).joined(separator: ", "))
    })
}
