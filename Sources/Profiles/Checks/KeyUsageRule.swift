// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// GBCS-12.1-4, GBCS-12.1-12, RFC5759-3: present, critical, and one usage for an end entity.
  ///
  /// Also: RFC5280-4.2.1.3, DCP-annex-B-key-usage, GBCS-CS02d.
  static let keyUsage = Rule(
    "key-usage", field: "keyUsage", clause: clauseOfKeyUsage,
    check: { examined in
      let allowed = uses(examined.kind)
      let expected =
        "critical, " + allowed.map { text($0) }.joined(separator: " or ")
      guard let entry = examined.tbs.extensions[.keyUsage] else {
        return Mismatch(expected: expected, found: "none")
      }
      guard let usage = try? entry.value(as: KeyUsage.self) else {
        return Mismatch(expected: expected, found: "unreadable: \(Hex.encode(entry.value))")
      }
      guard entry.isCritical else {
        return Mismatch(expected: expected, found: "not critical, \(text(usage.uses))")
      }
      return allowed.contains(usage.uses)
        ? nil : Mismatch(expected: expected, found: "critical, \(text(usage.uses))")
    })

  private static func uses(_ kind: CertificateKind) -> [Set<KeyUsage.Use>] {
    switch kind {
    case .device, .organisation: [[.digitalSignature], [.keyAgreement]]
    case .authority: [[.keyCertSign, .cRLSign]]
    case .iki, .server, .dccki: [[.digitalSignature]]
    }
  }

  private static func text(_ uses: Set<KeyUsage.Use>) -> String {
    uses.sorted { $0.rawValue < $1.rawValue }.map { "\($0)" }.joined(separator: " and ")
  }

  @Sendable private static func clauseOfKeyUsage(_ kind: CertificateKind) -> Clause {
    switch kind {
    case .device: "DCP-annex-B-key-usage"
    case .organisation: "OCP-annex-B-key-usage"
    case .authority(.rootDCA): "DCP-annex-B-root-key-usage"
    case .authority(.issuingDCA): "DCP-annex-B-issuing-key-usage"
    case .authority(.rootOCA): "OCP-annex-B-root-key-usage"
    case .authority(.issuingOCA): "OCP-annex-B-issuing-key-usage"
    case .authority, .iki: "ICP-key-usage"
    case .server, .dccki: "RFC5280-4.2.1.3"
    }
  }
}
