// SPDX-License-Identifier: Apache-2.0

import SEC
import X509

extension Rule {
  /// GBCS-12.1-7: the authority key identifier is the subject key identifier of the issuer.
  static let issuerKeyIdentifier = Rule(
    "issuer-key-identifier", field: "authorityKeyIdentifier", clause: { _ in "GBCS-12.1-7" },
    check: { examined in
      guard let issuers = examined.possibleIssuers, !issuers.isEmpty,
        let found = examined.certificate.authorityKeyIdentifier
      else { return nil }
      let expected = issuers.compactMap(\.subjectKeyIdentifier)
      guard !expected.contains(found) else { return nil }
      return Mismatch(
        expected: expected.map(\.description).joined(separator: " or "), found: "\(found)")
    })
}
