// SPDX-License-Identifier: Apache-2.0

package import DER
package import X509

/// What the certificate of a certification authority says (Annex B of the policies).
///
/// Clauses DCP-annex-B-root-*, DCP-annex-B-issuing-*, OCP-annex-B-root-*, OCP-annex-B-issuing-*.
/// Of the IKI and DCCKI no source gives the authorities' profile; they follow the organisation
/// hierarchy.
package struct AuthorityProfile: Hashable, Sendable {
  /// Which authority.
  package let kind: AuthorityKind
  /// The policy that an issuing authority asserts; a root asserts anyPolicy.
  package let policy: ObjectIdentifier
  /// OCP-annex-B-root-wrapped-apex-contingency-key: for a Root OCA, else nil.
  package let contingencyKey: WrappedContingencyKey?

  /// A profile under a policy; a contingency key is given for a Root OCA and nothing else.
  private init(
    _ kind: AuthorityKind, policy: ObjectIdentifier, contingencyKey: WrappedContingencyKey?
  ) {
    self.kind = kind
    self.policy = policy
    self.contingencyKey = contingencyKey
  }

  /// OCP-annex-B-root-wrapped-apex-contingency-key: the Root OCA with its contingency key.
  package static func rootOCA(_ contingencyKey: WrappedContingencyKey) -> AuthorityProfile {
    AuthorityProfile(.rootOCA, policy: .anyPolicy, contingencyKey: contingencyKey)
  }

  /// DCP-annex-B-root-policies: the Root DCA.
  package static let rootDCA = AuthorityProfile(
    .rootDCA, policy: .anyPolicy, contingencyKey: nil)

  /// The root of the IKI.
  package static let rootIKI = AuthorityProfile(
    .rootIKI, policy: .anyPolicy, contingencyKey: nil)

  /// The root of the DCCKI.
  package static let rootDCCKI = AuthorityProfile(
    .rootDCCKI, policy: .anyPolicy, contingencyKey: nil)

  /// An issuing authority of the DCCKI under a policy; none of the sources gives its identifier.
  package static func issuingDCCKI(policy: ObjectIdentifier) -> AuthorityProfile {
    AuthorityProfile(.issuingDCCKI, policy: policy, contingencyKey: nil)
  }

  /// DCP-annex-B-issuing-policies: an Issuing DCA under the Device policy of its estate.
  package static func issuingDCA(policy: ObjectIdentifier) -> AuthorityProfile {
    AuthorityProfile(.issuingDCA, policy: policy, contingencyKey: nil)
  }

  /// OCP-annex-B-issuing-policies: an Issuing OCA under the Organisation policy of its estate.
  package static func issuingOCA(policy: ObjectIdentifier) -> AuthorityProfile {
    AuthorityProfile(.issuingOCA, policy: policy, contingencyKey: nil)
  }

  /// ICP-policies: an issuing authority of the IKI under the IKI policy of its estate.
  package static func issuingIKI(policy: ObjectIdentifier) -> AuthorityProfile {
    AuthorityProfile(.issuingIKI, policy: policy, contingencyKey: nil)
  }

  /// How certificates of this hierarchy are signed.
  package var algorithm: AlgorithmIdentifier {
    kind.hierarchy.isRSA ? .sha256WithRSA : .ecdsaWithSHA256
  }

  /// The validity of a certificate made now: without an end for a DCA, else of whole years.
  package func validity(from notBefore: Time, _ lifetimes: Lifetimes = Lifetimes()) -> Validity {
    switch kind {
    case .rootDCA, .issuingDCA: Validity(withoutEndFrom: notBefore)
    case .rootOCA: Validity(from: notBefore, years: lifetimes.rootOCA)
    case .issuingOCA: Validity(from: notBefore, years: lifetimes.issuingOCA)
    case .rootIKI: Validity(from: notBefore, years: lifetimes.rootIKI)
    case .issuingIKI: Validity(from: notBefore, years: lifetimes.issuingIKI)
    case .rootDCCKI: Validity(from: notBefore, years: lifetimes.rootDCCKI)
    case .issuingDCCKI: Validity(from: notBefore, years: lifetimes.issuingDCCKI)
    }
  }

  /// The to-be-signed certificate of an issuing authority.
  ///
  /// - Parameters:
  ///   - serial: its serial number.
  ///   - validity: see `validity(from:_:)`.
  ///   - subject: its name, see `AuthorityName`.
  ///   - key: its public key: P-256, or RSA of 2048 bits in the IKI and DCCKI.
  ///   - issuer: the root.
  /// - Returns: the certificate without its signature.
  package func toBeSigned(
    serial: SerialNumber, validity: Validity, subject: Name, key: SubjectPublicKeyInfo,
    issuer: Issuer
  ) -> TBSCertificate {
    precondition(!kind.isRoot, "a root signs its own certificate")
    return toBeSigned(
      serial, validity, subject, key, issuer,
      [Extension(AuthorityKeyIdentifier(issuer.keyIdentifier), isCritical: false)])
  }

  /// The to-be-signed certificate of a root, issued by itself: no authority key identifier.
  ///
  /// Parameters as for an issuing authority.
  package func toBeSigned(
    serial: SerialNumber, validity: Validity, subject: Name, key: SubjectPublicKeyInfo
  ) -> TBSCertificate {
    precondition(kind.isRoot, "an issuing authority has an issuer")
    let itself = Issuer(name: subject, keyIdentifier: KeyIdentifier(methodTwoOf: key))
    return toBeSigned(
      serial, validity, subject, key, itself,
      [contingencyKey?.certificateExtension].compactMap(\.self))
  }

  private func toBeSigned(
    _ serial: SerialNumber, _ validity: Validity, _ subject: Name, _ key: SubjectPublicKeyInfo,
    _ issuer: Issuer, _ last: [Extension]
  ) -> TBSCertificate {
    let isKeyOfKind =
      switch key.key {
      case .p256: !kind.hierarchy.isRSA
      case .rsa: kind.hierarchy.isRSA
      case .ed25519, .unsupported: false
      }
    precondition(isKeyOfKind, "GBCS-12.1-2, ICP-key: a key of the hierarchy")
    let constraints = BasicConstraints.authority(pathLength: kind.isRoot ? nil : 0)
    return TBSCertificate(
      serial, issuer, validity, subject: subject, key: key, algorithm: algorithm,
      extensions: [
        Extension(KeyUsage([.keyCertSign, .cRLSign]), isCritical: true),
        Extension(constraints, isCritical: true),
        Extension(CertificatePolicies(policy), isCritical: true),
        Extension(
          SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: key)), isCritical: false),
      ] + last)
  }
}
