// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// GBCS-12.1-6, GBCS-12.1-8: present, not critical, made of the key by method (2).
  ///
  /// Also: RFC5280-4.2.1.2.
  static let subjectKeyIdentifier = Rule(
    "subject-key-identifier", field: "subjectKeyIdentifier",
    clause: { $0.isRSA ? "ICP-key-ids" : "GBCS-12.1-8" },
    check: { examined in
      let computed = KeyIdentifier(methodTwoOf: examined.tbs.subjectPublicKeyInfo)
      let expected = "not critical, \(computed)"
      guard let entry = examined.tbs.extensions[.subjectKeyIdentifier] else {
        return Mismatch(expected: expected, found: "none")
      }
      guard let found = try? entry.value(as: SubjectKeyIdentifier.self).keyIdentifier else {
        return Mismatch(expected: expected, found: "unreadable: \(Hex.encode(entry.value))")
      }
      guard entry.isCritical || found != computed else { return nil }
      return Mismatch(
        expected: expected, found: (entry.isCritical ? "critical, " : "not critical, ") + "\(found)"
      )
    })
}
