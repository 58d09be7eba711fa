// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// DCP-annex-B-no-others, OCP-annex-B-no-others: no extension beside those of the profile.
  ///
  /// Those that another rule finds where they should not be are left to it.
  ///
  /// Also: RFC5280-4.2.
  static let extensions = Rule(
    "extensions", field: "extensions", clause: clauseOfExtensions,
    check: { examined in
      var known: Set<ObjectIdentifier> = [
        .keyUsage, .basicConstraints, .subjectAltName, .certificatePolicies,
        .subjectKeyIdentifier, .authorityKeyIdentifier,
      ]
      if [.server, .dccki].contains(examined.kind) { known.insert(.extendedKeyUsage) }
      if examined.kind == .authority(.rootOCA) { known.insert(.wrappedApexContingencyKey) }
      let others = examined.tbs.extensions.map(\.identifier).filter { !known.contains($0) }
      guard !others.isEmpty else { return nil }
      return Mismatch(
        expected: "the extensions of the profile",
        found: others.map(\.description).joined(separator: ", "))
    })

  @Sendable private static func clauseOfExtensions(_ kind: CertificateKind) -> Clause {
    switch kind {
    case .device: "DCP-annex-B-no-others"
    case .organisation: "OCP-annex-B-no-others"
    case .authority, .iki, .server, .dccki: "RFC5280-4.2"
    }
  }
}
