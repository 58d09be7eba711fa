// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// GBCS-12.1-10: the issuer field is the issuer's subject field, octet by octet.
  static let issuerEncoding = Rule(
    "issuer-encoding", field: "issuer", clause: { _ in "GBCS-12.1-10" },
    check: { examined in
      guard let issuers = examined.possibleIssuers, let issuer = issuers.first,
        !issuers.contains(where: { $0.subject == examined.tbs.issuer })
      else { return nil }
      return Mismatch(
        expected: Hex.encode(issuer.subject.encoded),
        found: Hex.encode(examined.tbs.issuer.encoded))
    })
}
