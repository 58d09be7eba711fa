// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// DCP-annex-B-issuer, OCP-annex-B-issuer: the form of the name of an authority.
  ///
  /// The kind of string is compared with the authority's own certificate, where that is known.
  ///
  /// Also: RFC5280-4.1.2.4.
  static let issuerName = Rule(
    "issuer-name", field: "issuer", clause: clauseOfIssuerName,
    check: { examined in
      switch examined.kind {
      case .device, .authority(.issuingDCA), .authority(.rootDCA):
        return mismatch(examined.tbs.issuer, roles: [])
      case .organisation: return mismatch(examined.tbs.issuer, roles: [.issuingAuthority])
      case .authority(.issuingOCA), .authority(.rootOCA):
        return mismatch(examined.tbs.issuer, roles: [.root])
      case .authority, .iki, .server, .dccki:
        guard examined.tbs.issuer.isEmpty else { return nil }
        return Mismatch(expected: "a name", found: "an empty one")
      }
    })

  @Sendable private static func clauseOfIssuerName(_ kind: CertificateKind) -> Clause {
    switch kind {
    case .device: "DCP-annex-B-issuer"
    case .organisation: "OCP-annex-B-issuer"
    case .authority(let authority): authority.nameClause
    case .iki, .server, .dccki: "RFC5280-4.1.2.4"
    }
  }

  /// What is wrong with the name of a DCA or, with a role, of an OCA.
  static func mismatch(_ name: Name, roles: [RoleCode]) -> Mismatch? {
    let types = name.relativeNames.map { $0.map(\.type) }
    let expected: [[ObjectIdentifier]] =
      roles.isEmpty ? [[.commonName]] : [[.organisationalUnitName], [.commonName]]
    let length = 1...AuthorityName.commonNameCharactersMax
    let role = name.organisationalUnit.flatMap { RoleCode(hex: $0) }
    if types == expected, let commonName = name.commonName,
      length.contains(commonName.unicodeScalars.count),
      roles.isEmpty || role.map(roles.contains) == true
    {
      return nil
    }
    let unit = roles.map { "OU=\($0.hex), " }.joined()
    return Mismatch(
      expected: "\(unit)CN of at most \(length.upperBound) characters",
      found: name.isEmpty ? "an empty name" : "\(name)")
  }
}
