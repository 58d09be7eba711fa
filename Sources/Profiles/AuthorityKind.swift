// SPDX-License-Identifier: Apache-2.0

package import SEC

/// The certification authorities of the four hierarchies (C3-74, GBCS-12.1).
package enum AuthorityKind: String, Hashable, Sendable, CaseIterable {
  /// The Root DCA, offline, above the Issuing DCA.
  case rootDCA = "root-dca"
  /// The Issuing DCA: signs Device Certificates for three months at most.
  case issuingDCA = "issuing-dca"
  /// The Root OCA, offline, above the Issuing OCA; holds the wrapped Contingency Public Key.
  case rootOCA = "root-oca"
  /// The Issuing OCA: signs Organisation Certificates.
  case issuingOCA = "issuing-oca"
  /// The root of the Infrastructure Key Infrastructure.
  case rootIKI = "root-iki"
  /// The authority that signs IKI Certificates.
  case issuingIKI = "issuing-iki"
  /// The root of the DCC Key Infrastructure.
  case rootDCCKI = "root-dccki"
  /// The authority that signs the TLS certificates of the DCC Key Infrastructure.
  case issuingDCCKI = "issuing-dccki"

  /// One of the four trees of certificates.
  package enum Hierarchy: String, Hashable, Sendable, CaseIterable {
    /// Device SMKI.
    case device
    /// Organisation SMKI.
    case organisation
    /// Infrastructure Key Infrastructure.
    case iki
    /// DCC Key Infrastructure.
    case dccki

    /// Whether its keys and signatures are RSA and not elliptic (ICP-key).
    package var isRSA: Bool { self == .iki || self == .dccki }
  }

  /// The tree that it belongs to.
  package var hierarchy: Hierarchy {
    switch self {
    case .rootDCA, .issuingDCA: .device
    case .rootOCA, .issuingOCA: .organisation
    case .rootIKI, .issuingIKI: .iki
    case .rootDCCKI, .issuingDCCKI: .dccki
    }
  }

  /// Whether it is the top of its tree and signs its own certificate.
  package var isRoot: Bool {
    switch self {
    case .rootDCA, .rootOCA, .rootIKI, .rootDCCKI: true
    case .issuingDCA, .issuingOCA, .issuingIKI, .issuingDCCKI: false
    }
  }

  /// OCP-annex-B-root-subject, OCP-annex-B-issuing-subject: the role in its name, for an OCA only.
  package var role: RoleCode? {
    switch self {
    case .rootOCA: .root
    case .issuingOCA: .issuingAuthority
    case .rootDCA, .issuingDCA, .rootIKI, .issuingIKI, .rootDCCKI, .issuingDCCKI: nil
    }
  }
}
