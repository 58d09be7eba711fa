// SPDX-License-Identifier: Apache-2.0

import Keys
import SEC
import X509

extension ListRule {
  /// RFC5280-5.1: the signature is the issuer's.
  static let signature = ListRule(
    "list-signature", field: "signatureValue", clause: "RFC5280-5.1",
    check: { examined in
      let list = examined.list
      guard !examined.issuers.isEmpty,
        !examined.issuers.contains(where: {
          list.isSigned(by: $0.tbs.subjectPublicKeyInfo) == .valid
        })
      else { return nil }
      return Rule.Mismatch(
        expected: "a signature by \(list.issuer)", found: "one that does not verify")
    })
}
