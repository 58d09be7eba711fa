// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// M8-AppG-tls-keys: a server's certificate is for servers alone.
  ///
  /// That others have no such extension is the business of the rule on extensions.
  static let extendedKeyUsage = Rule(
    "extended-key-usage", field: "extKeyUsage", clause: { _ in "M8-AppG-tls-keys" },
    check: { examined in
      // An end of a DCC Gateway Connection is known by its purposes.
      guard examined.kind == .server else { return nil }
      let found = try? examined.tbs.extensions.value(of: ExtendedKeyUsage.self)
      guard found?.purposes != [.serverAuthentication] else { return nil }
      let purposes = found?.purposes.map(\.description).joined(separator: ", ")
      return Mismatch(expected: "serverAuth alone", found: purposes ?? "none")
    })
}
