// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension ListRule {
  /// RFC5280-5.1: nextUpdate is there, later than thisUpdate, and as far off as the profile says
  /// at the most.
  static let times = ListRule(
    "list-times", field: "nextUpdate", clause: "RFC5280-5.1",
    check: { examined in
      let tbs = examined.list.tbs
      guard let nextUpdate = tbs.nextUpdate else {
        return Rule.Mismatch(expected: "the time of the next list", found: "none")
      }
      guard nextUpdate > tbs.thisUpdate else {
        return Rule.Mismatch(
          expected: "after \(tbs.thisUpdate.rfc3339)", found: nextUpdate.rfc3339)
      }
      guard let authority = examined.authority else { return nil }
      let last = examined.lint.listTimes.nextUpdate(
        of: RevocationListKind(authority), after: tbs.thisUpdate)
      guard nextUpdate > last else { return nil }
      return Rule.Mismatch(expected: "\(last.rfc3339) at the latest", found: nextUpdate.rfc3339)
    })
}
