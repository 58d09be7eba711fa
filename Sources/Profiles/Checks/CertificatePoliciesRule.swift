// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// GBCS-12.1-5: present and critical.
  ///
  /// Annex B: one identifier without qualifiers for an end entity, anyPolicy for a root, at least
  /// one for an issuing authority.
  ///
  /// Also: RFC5280-4.2.1.4.
  static let certificatePolicies = Rule(
    "certificate-policies", field: "certificatePolicies", clause: clauseOfPolicies,
    check: { examined in
      guard examined.kind != .server else { return nil }
      let expected =
        switch examined.kind.authorityKind?.isRoot {
        case nil: "critical, one identifier without qualifiers"
        case true?: "critical, anyPolicy alone"
        case false?: "critical, at least one identifier"
        }
      guard let entry = examined.tbs.extensions[.certificatePolicies] else {
        return Mismatch(expected: expected, found: "none")
      }
      guard let policies = try? entry.value(as: CertificatePolicies.self) else {
        return Mismatch(expected: expected, found: "unreadable: \(Hex.encode(entry.value))")
      }
      let isOfKind =
        switch examined.kind.authorityKind?.isRoot {
        case nil: policies.policies.count == 1 && policies.policies[0].qualifiers == nil
        case true?: policies.identifiers == [.anyPolicy]
        case false?: true
        }
      guard !entry.isCritical || !isOfKind else { return nil }
      let identifiers = policies.identifiers.map(\.description).joined(separator: ", ")
      return Mismatch(
        expected: expected,
        found: (entry.isCritical ? "critical, " : "not critical, ") + identifiers)
    })

  @Sendable private static func clauseOfPolicies(_ kind: CertificateKind) -> Clause {
    switch kind {
    case .device: "DCP-annex-B-policies"
    case .organisation: "OCP-annex-B-policies"
    case .authority(.rootDCA): "DCP-annex-B-root-policies"
    case .authority(.issuingDCA): "DCP-annex-B-issuing-policies"
    case .authority(.rootOCA): "OCP-annex-B-root-policies"
    case .authority(.issuingOCA): "OCP-annex-B-issuing-policies"
    case .authority, .iki, .server, .dccki: "ICP-policies"
    }
  }
}
