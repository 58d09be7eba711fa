// SPDX-License-Identifier: Apache-2.0

package import DER
package import X509

/// What a TLS certificate of the DCCKI says: one end of a DCC Gateway Connection, server to those
/// that call it and client to those that it calls.
///
/// No source gives the profile. It follows that of the IKI (ICP-subject, ICP-key), with the host
/// names and purposes that TLS asks for.
package struct DCCKIProfile: Hashable, Sendable {
  /// Server and client: a connection is opened from either end.
  package static let purposes: Set<ObjectIdentifier> = [
    .serverAuthentication, .clientAuthentication,
  ]

  /// The policy of the DCCKI.
  package let policy: ObjectIdentifier
  /// The issuing authority of the DCCKI.
  package let issuer: Issuer

  /// The certificates of one authority under a policy.
  package init(policy: ObjectIdentifier, issuer: Issuer) {
    self.policy = policy
    self.issuer = issuer
  }

  /// The to-be-signed certificate with these values.
  ///
  /// - Parameters:
  ///   - serial: its serial number.
  ///   - validity: from the time of issue, `Lifetimes.dccki` years.
  ///   - subject: the organisation, its role, and the name of the system.
  ///   - names: the host names and addresses, at least one.
  ///   - key: the public key, RSA of 2048 bits.
  /// - Returns: the certificate without its signature.
  package func toBeSigned(
    serial: SerialNumber, validity: Validity, subject: IKISubject, names: [GeneralName],
    key: SubjectPublicKeyInfo
  ) -> TBSCertificate {
    TBSCertificate(
      serial, issuer, validity, subject: subject.name, key: key, algorithm: .sha256WithRSA,
      extensions: [
        Extension(KeyUsage([.digitalSignature]), isCritical: true),
        Extension(
          ExtendedKeyUsage(.serverAuthentication, .clientAuthentication), isCritical: false),
        Extension(SubjectAltName(names), isCritical: false),
        Extension(
          SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: key)), isCritical: false),
        Extension(CertificatePolicies(policy), isCritical: true),
        Extension(AuthorityKeyIdentifier(issuer.keyIdentifier), isCritical: false),
      ])
  }
}
