// SPDX-License-Identifier: Apache-2.0

import DER
package import X509

/// The TLS certificate of a test estate's own server (M8-AppG-tls-keys): RSA of 2048 bits, SHA-256.
///
/// A live estate has its server certificates from a public authority and makes none.
package struct ServerProfile: Hashable, Sendable {
  /// Who signs: an authority of the test estate that only its own clients trust.
  package let issuer: Issuer

  /// The server certificates of an authority.
  package init(issuer: Issuer) {
    self.issuer = issuer
  }

  /// What the server of a test estate is called: localhost, 127.0.0.1 and ::1.
  package static let loopbackNames: [GeneralName] =
    [GeneralName.host("localhost")].compactMap(\.self) + [
      .iPAddress([127, 0, 0, 1]), .iPAddress([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
    ]

  /// The to-be-signed certificate with these values.
  ///
  /// - Parameters:
  ///   - serial: its serial number.
  ///   - validity: chosen by the estate.
  ///   - subject: the common name, for people; TLS looks at the other names only (RFC 9525).
  ///   - names: the host names and addresses, at least one.
  ///   - key: the public key, RSA of 2048 bits.
  /// - Returns: the certificate without its signature.
  package func toBeSigned(
    serial: SerialNumber, validity: Validity, subject: Name,
    names: [GeneralName] = ServerProfile.loopbackNames, key: SubjectPublicKeyInfo
  ) -> TBSCertificate {
    TBSCertificate(
      serial, issuer, validity, subject: subject, key: key, algorithm: .sha256WithRSA,
      extensions: [
        Extension(BasicConstraints.endEntity, isCritical: true),
        Extension(KeyUsage([.digitalSignature]), isCritical: true),
        Extension(ExtendedKeyUsage(.serverAuthentication), isCritical: false),
        Extension(SubjectAltName(names), isCritical: subject.isEmpty),
        Extension(
          SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: key)), isCritical: false),
        Extension(AuthorityKeyIdentifier(issuer.keyIdentifier), isCritical: false),
      ])
  }
}
