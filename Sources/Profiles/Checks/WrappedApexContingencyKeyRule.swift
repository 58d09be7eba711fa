// SPDX-License-Identifier: Apache-2.0

import SEC
import X509

extension Rule {
  /// OCP-annex-B-root-wrapped-apex-contingency-key: in a Root OCA, not critical, both parts there
  /// (RFC5934-9).
  static let wrappedApexContingencyKey = Rule(
    "wrapped-apex-contingency-key", field: "wrappedApexContingencyKey",
    clause: { _ in "OCP-annex-B-root-wrapped-apex-contingency-key" },
    check: { examined in
      guard examined.kind == .authority(.rootOCA) else { return nil }
      let expected = "not critical, an algorithm and a wrapped key"
      guard let entry = examined.tbs.extensions[.wrappedApexContingencyKey] else {
        return Mismatch(expected: expected, found: "none")
      }
      guard !entry.isCritical,
        let wrapped = try? entry.value(as: WrappedApexContingencyKey.self).wrapped,
        !wrapped.key.isEmpty
      else {
        return Mismatch(
          expected: expected, found: entry.isCritical ? "critical" : "no wrapped key")
      }
      return nil
    })
}
