// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// GBCS-12.1-7: present, not critical, the key identifier alone and of 8 octets (GBCS-12.1-8);
  /// absent in a root only (DCP-annex-B-authority-key-id, DCP-annex-B-issuing-key-ids,
  /// DCP-annex-B-root-key-ids).
  ///
  /// Also: RFC5280-4.2.1.1.
  static let authorityKeyIdentifier = Rule(
    "authority-key-identifier", field: "authorityKeyIdentifier",
    clause: { $0.isRSA ? "ICP-key-ids" : "GBCS-12.1-7" },
    check: { examined in
      let entry = examined.tbs.extensions[.authorityKeyIdentifier]
      if examined.kind.authorityKind?.isRoot == true {
        return entry == nil ? nil : Mismatch(expected: "none", found: "the extension")
      }
      let expected = "not critical, a key identifier of 8 octets and nothing else"
      guard let entry else { return Mismatch(expected: expected, found: "none") }
      guard !entry.isCritical, let value = try? entry.value(as: AuthorityKeyIdentifier.self),
        value.keyIdentifier?.hasFormOfMethodTwo == true, value.issuerAndSerial.isEmpty
      else {
        return Mismatch(
          expected: expected,
          found: (entry.isCritical ? "critical, " : "not critical, ") + Hex.encode(entry.value))
      }
      return nil
    })
}
