// SPDX-License-Identifier: Apache-2.0

import SEC
import X509

extension ListRule {
  /// RFC5280-5.1: where authorities are known, the issuer is one of them, called octet by octet as
  /// in its certificate, and with the right to sign lists.
  static let issuer = ListRule(
    "list-issuer", field: "issuer", clause: "RFC5280-5.1",
    check: { examined in
      guard !examined.lint.authorities.isEmpty else { return nil }
      let found = "\(examined.list.issuer)"
      guard let issuer = examined.issuers.first else {
        return Rule.Mismatch(expected: "an authority that is known, with its key", found: found)
      }
      let usage = try? issuer.tbs.extensions.value(of: KeyUsage.self)
      guard usage?.uses.contains(.cRLSign) == true else {
        return Rule.Mismatch(expected: "an authority with the usage cRLSign", found: found)
      }
      return nil
    })
}
