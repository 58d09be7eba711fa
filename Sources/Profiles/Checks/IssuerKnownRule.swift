// SPDX-License-Identifier: Apache-2.0

import SEC
import X509

extension Rule {
  /// RFC5280-6.1: where authorities are known, the issuer is one of them.
  static let issuerKnown = Rule(
    "issuer-known", field: "issuer", clause: { _ in "RFC5280-6.1" },
    check: { examined in
      guard examined.possibleIssuers?.isEmpty == true else { return nil }
      return Mismatch(
        expected: "an authority that is known", found: "\(examined.tbs.issuer)")
    })
}
