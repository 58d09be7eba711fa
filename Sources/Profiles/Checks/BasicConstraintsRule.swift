// SPDX-License-Identifier: Apache-2.0

import SEC
import X509

extension Rule {
  /// Annex B: critical and true for an authority, without path length for a root and with 0 below
  /// it; absent for end entities (DCP-annex-B-no-others, OCP-annex-B-no-others).
  ///
  /// Also: RFC5280-4.2.1.9.
  static let basicConstraints = Rule(
    "basic-constraints", field: "basicConstraints", clause: clauseOfBasicConstraints,
    check: { examined in
      let entry = examined.tbs.extensions[.basicConstraints]
      guard let authority = examined.kind.authorityKind else {
        if examined.kind == .server || entry == nil { return nil }
        return Mismatch(expected: "none", found: "the extension")
      }
      let expected = BasicConstraints.authority(pathLength: authority.isRoot ? nil : 0)
      guard let entry, entry.isCritical,
        (try? entry.value(as: BasicConstraints.self)) == expected
      else {
        return Mismatch(
          expected: authority.isRoot
            ? "critical, an authority without path length"
            : "critical, an authority of path length 0",
          found: entry == nil ? "none" : "another value or not critical")
      }
      return nil
    })

  @Sendable private static func clauseOfBasicConstraints(_ kind: CertificateKind) -> Clause {
    switch kind {
    case .device: "DCP-annex-B-no-others"
    case .organisation: "OCP-annex-B-no-others"
    case .authority(.rootDCA): "DCP-annex-B-root-basic-constraints"
    case .authority(.issuingDCA): "DCP-annex-B-issuing-basic-constraints"
    case .authority(.rootOCA): "OCP-annex-B-root-basic-constraints"
    case .authority(.issuingOCA): "OCP-annex-B-issuing-basic-constraints"
    case .authority, .iki, .server, .dccki: "RFC5280-4.2.1.9"
    }
  }
}
