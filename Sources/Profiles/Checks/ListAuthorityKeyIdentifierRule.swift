// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension ListRule {
  /// OCP-annex-B-crl: the key identifier of the issuer, alone and not critical.
  static let authorityKeyIdentifier = ListRule(
    "list-authority-key-identifier", field: "authorityKeyIdentifier", clause: nil,
    check: { examined in
      let expected = "not critical, a key identifier of 8 octets and nothing else"
      guard let entry = examined.list.tbs.extensions[.authorityKeyIdentifier] else {
        return Rule.Mismatch(expected: expected, found: "none")
      }
      guard !entry.isCritical, let value = try? entry.value(as: AuthorityKeyIdentifier.self),
        value.keyIdentifier?.hasFormOfMethodTwo == true, value.issuerAndSerial.isEmpty
      else {
        return Rule.Mismatch(
          expected: expected,
          found: (entry.isCritical ? "critical, " : "not critical, ") + Hex.encode(entry.value))
      }
      return nil
    })
}
