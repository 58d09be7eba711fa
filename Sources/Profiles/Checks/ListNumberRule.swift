// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension ListRule {
  /// RFC5280-5.2.3: a number of at most 20 octets, not critical.
  static let number = ListRule(
    "list-number", field: "cRLNumber", clause: "RFC5280-5.2.3",
    check: { examined in
      let expected = "a number of at most \(CRLNumber.octetsMax) octets, not critical"
      guard let entry = examined.list.tbs.extensions[.crlNumber] else {
        return Rule.Mismatch(expected: expected, found: "none")
      }
      guard !entry.isCritical, examined.list.number != nil else {
        return Rule.Mismatch(
          expected: expected,
          found: (entry.isCritical ? "critical, " : "not critical, ") + Hex.encode(entry.value))
      }
      return nil
    })
}
