// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension ListRule {
  /// OCP-annex-B-crl: no extension beside those of the profile; with an issuingDistributionPoint
  /// a list would leave something out.
  static let extensions = ListRule(
    "list-extensions", field: "crlExtensions", clause: nil,
    check: { examined in
      let known: Set<ObjectIdentifier> = [.authorityKeyIdentifier, .crlNumber]
      let others = examined.list.tbs.extensions.map(\.identifier).filter { !known.contains($0) }
      guard !others.isEmpty else { return nil }
      return Rule.Mismatch(
        expected: "authorityKeyIdentifier and cRLNumber",
        found: others.map(\.description).joined(separator: ", "))
    })
}
