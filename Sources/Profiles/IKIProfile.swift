// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC
package import X509

/// What an IKI Certificate says (ICP-version to ICP-validity): RSA of 2048 bits, signed with
/// SHA-256, for digital signature alone.
package struct IKIProfile: Hashable, Sendable {
  /// ICP-policies: the policy of the estate.
  package let policy: ObjectIdentifier
  /// The issuing authority of the IKI.
  package let issuer: Issuer

  /// The certificates of one authority under a policy.
  package init(policy: ObjectIdentifier, issuer: Issuer) {
    self.policy = policy
    self.issuer = issuer
  }

  /// The certificates of one authority in an estate.
  package init(estate: Estate, issuer: Issuer) {
    self.init(policy: estate.ikiPolicy, issuer: issuer)
  }

  /// The to-be-signed certificate with these values.
  ///
  /// - Parameters:
  ///   - serial: its serial number.
  ///   - validity: from the time of issue, `Lifetimes.iki` years.
  ///   - subject: the system or person.
  ///   - key: the public key, RSA of 2048 bits.
  /// - Returns: the certificate without its signature.
  package func toBeSigned(
    serial: SerialNumber, validity: Validity, subject: IKISubject, key: SubjectPublicKeyInfo
  ) -> TBSCertificate {
    TBSCertificate(
      serial, issuer, validity, subject: subject.name, key: key, algorithm: .sha256WithRSA,
      extensions: [
        Extension(KeyUsage([.digitalSignature]), isCritical: true),
        Extension(
          SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: key)), isCritical: false),
        Extension(CertificatePolicies(policy), isCritical: true),
        Extension(AuthorityKeyIdentifier(issuer.keyIdentifier), isCritical: false),
      ])
  }

  /// The to-be-signed certificate for a checked request.
  package func toBeSigned(
    serial: SerialNumber, validity: Validity, request: IKIRequest
  ) -> TBSCertificate {
    toBeSigned(serial: serial, validity: validity, subject: request.subject, key: request.key)
  }
}
