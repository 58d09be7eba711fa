// SPDX-License-Identifier: Apache-2.0

package import DER

/// A PKI that is registered here and whose certificates are not issued here: that of a SMETS1
/// Service Provider (S1SPKI).
///
/// Of it the estate knows who runs it and which documents govern it.
package struct RegisteredPKI: Hashable, Sendable {
  /// What it is called: lower-case letters, digits and hyphens.
  package let id: String
  /// Who runs it.
  package let provider: String
  /// When it was registered.
  package let registered: Time
  /// Its documents, by kind and version.
  package let documents: [PKIDocument]
}

/// A document that governs a registered PKI, in one version.
package struct PKIDocument: Hashable, Sendable {
  /// L1.17(p), L1.17(r): which document it is.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// L1.17(r)(i): the S1SPKI Certificate Policy.
    case certificatePolicy = "certificate-policy"
    /// L1.17(r)(ii): the S1SPKI RAPP.
    case rapp
    /// L1.17(p): the S1SPKI Certification Practice Statement.
    case practiceStatement = "cps"
    /// L1.17(r)(iii): the SMETS1 Cryptographic Key Management Policy.
    case keyManagementPolicy = "key-management-policy"
    /// L1.17(r)(iv): the S1SPKM Compliance Policy.
    case compliancePolicy = "compliance-policy"
  }

  /// L1.17(p): what the PMA made of a Certification Practice Statement.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case approved
    /// Determined not to reject, with amendments where directed.
    case notRejected = "not-rejected"
    case rejected
  }

  package let kind: Kind
  /// Its version, which never changes.
  package let version: String
  /// SHA-256 of the document, 32 octets.
  package let digest: [UInt8]
  /// When it was lodged.
  package let lodged: Time
  /// The PMA's outcome, or nil while it reviews; documents other than the statement need none.
  package let outcome: Outcome?
  /// What shows the outcome, and the amendments that were directed.
  package let evidence: String

  /// L1.17(p): whether the version may be used.
  package var isUsable: Bool {
    kind == .practiceStatement ? outcome == .approved || outcome == .notRejected : true
  }
}
