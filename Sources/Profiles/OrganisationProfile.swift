// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC
package import X509

/// What an Organisation Certificate says (OCP-annex-B-version to OCP-annex-B-no-others).
package struct OrganisationProfile: Hashable, Sendable {
  /// OCP-annex-B-policies: the one policy, that of the estate.
  package let policy: ObjectIdentifier
  /// OCP-annex-B-issuer: the Issuing OCA.
  package let issuer: Issuer

  /// The certificates of one Issuing OCA under a policy.
  package init(policy: ObjectIdentifier, issuer: Issuer) {
    self.policy = policy
    self.issuer = issuer
  }

  /// The certificates of one Issuing OCA in an estate.
  package init(estate: Estate, issuer: Issuer) {
    self.init(policy: estate.organisationPolicy, issuer: issuer)
  }

  /// The to-be-signed certificate with these values.
  ///
  /// - Parameters:
  ///   - serial: its serial number.
  ///   - validity: from the time of issue, `Lifetimes.organisation` years.
  ///   - subject: the organisation in its role.
  ///   - usage: the one usage of the key.
  ///   - key: the public key, on P-256 and uncompressed.
  /// - Returns: the certificate without its signature.
  package func toBeSigned(
    serial: SerialNumber, validity: Validity, subject: OrganisationSubject,
    usage: CertificateUsage, key: SubjectPublicKeyInfo
  ) -> TBSCertificate {
    precondition(key.p256Point != nil, "OCP-annex-B-key: P-256, uncompressed")
    return TBSCertificate(
      serial, issuer, validity, subject: subject.name, key: key,
      extensions: [
        Extension(KeyUsage([usage.use]), isCritical: true),
        Extension(
          SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: key)), isCritical: false),
        Extension(CertificatePolicies(policy), isCritical: true),
        Extension(AuthorityKeyIdentifier(issuer.keyIdentifier), isCritical: false),
      ])
  }

  /// The to-be-signed certificate for a checked request.
  package func toBeSigned(
    serial: SerialNumber, validity: Validity, request: OrganisationRequest
  ) -> TBSCertificate {
    toBeSigned(
      serial: serial, validity: validity, subject: request.subject, usage: request.usage,
      key: request.key)
  }
}
