// SPDX-License-Identifier: Apache-2.0

package import DER

/// Names of the algorithms, attributes and extensions that this infrastructure uses.
extension ObjectIdentifier {
  /// id-ecPublicKey (RFC 5480, 2.1.1).
  package static let ecPublicKey: ObjectIdentifier = "1.2.840.10045.2.1"
  /// secp256r1, the curve P-256 (RFC 5480, 2.1.1.1).
  package static let p256: ObjectIdentifier = "1.2.840.10045.3.1.7"
  /// rsaEncryption (RFC 3279, 2.3.1).
  package static let rsaEncryption: ObjectIdentifier = "1.2.840.113549.1.1.1"
  /// id-Ed25519 (RFC 8410, 3).
  package static let ed25519: ObjectIdentifier = "1.3.101.112"
  /// ecdsa-with-SHA256 (RFC 5758, 3.2).
  package static let ecdsaWithSHA256: ObjectIdentifier = "1.2.840.10045.4.3.2"
  /// sha256WithRSAEncryption (RFC 4055, 5).
  package static let sha256WithRSA: ObjectIdentifier = "1.2.840.113549.1.1.11"

  /// commonName (RFC 5280, appendix A.1).
  package static let commonName: ObjectIdentifier = "2.5.4.3"
  /// countryName (RFC 5280, appendix A.1).
  package static let countryName: ObjectIdentifier = "2.5.4.6"
  /// organizationName (RFC 5280, appendix A.1).
  package static let organisationName: ObjectIdentifier = "2.5.4.10"
  /// organizationalUnitName (RFC 5280, appendix A.1).
  package static let organisationalUnitName: ObjectIdentifier = "2.5.4.11"
  /// x500UniqueIdentifier (X.520, 6.2.12): an EUI-64 in the subject of organisations.
  package static let x500UniqueIdentifier: ObjectIdentifier = "2.5.4.45"
  /// extensionRequest (RFC 2985, 5.4.2).
  package static let extensionRequest: ObjectIdentifier = "1.2.840.113549.1.9.14"

  /// subjectKeyIdentifier (RFC 5280, 4.2.1.2).
  package static let subjectKeyIdentifier: ObjectIdentifier = "2.5.29.14"
  /// keyUsage (RFC 5280, 4.2.1.3).
  package static let keyUsage: ObjectIdentifier = "2.5.29.15"
  /// subjectAltName (RFC 5280, 4.2.1.6).
  package static let subjectAltName: ObjectIdentifier = "2.5.29.17"
  /// basicConstraints (RFC 5280, 4.2.1.9).
  package static let basicConstraints: ObjectIdentifier = "2.5.29.19"
  /// cRLNumber (RFC 5280, 5.2.3).
  package static let crlNumber: ObjectIdentifier = "2.5.29.20"
  /// reasonCode of an entry (RFC 5280, 5.3.1).
  package static let reasonCode: ObjectIdentifier = "2.5.29.21"
  /// issuingDistributionPoint (RFC 5280, 5.2.5).
  package static let issuingDistributionPoint: ObjectIdentifier = "2.5.29.28"
  /// id-pkix-ocsp-basic (RFC 6960, 4.2.1).
  package static let basicOCSPResponse: ObjectIdentifier = "1.3.6.1.5.5.7.48.1.1"
  /// id-sha1 (RFC 3279, 2.1), by which requests name issuers.
  package static let sha1: ObjectIdentifier = "1.3.14.3.2.26"
  /// id-sha256 (RFC 4055, 2.1).
  package static let sha256: ObjectIdentifier = "2.16.840.1.101.3.4.2.1"
  /// certificatePolicies (RFC 5280, 4.2.1.4).
  package static let certificatePolicies: ObjectIdentifier = "2.5.29.32"
  /// anyPolicy (RFC 5280, 4.2.1.4).
  package static let anyPolicy: ObjectIdentifier = "2.5.29.32.0"
  /// authorityKeyIdentifier (RFC 5280, 4.2.1.1).
  package static let authorityKeyIdentifier: ObjectIdentifier = "2.5.29.35"
  /// extKeyUsage (RFC 5280, 4.2.1.12).
  package static let extendedKeyUsage: ObjectIdentifier = "2.5.29.37"
  /// id-kp-serverAuth (RFC 5280, 4.2.1.12).
  package static let serverAuthentication: ObjectIdentifier = "1.3.6.1.5.5.7.3.1"
  /// id-kp-clientAuth (RFC 5280, 4.2.1.12).
  package static let clientAuthentication: ObjectIdentifier = "1.3.6.1.5.5.7.3.2"
  /// id-pe-wrappedApexContinKey (RFC 5934, 9).
  package static let wrappedApexContingencyKey: ObjectIdentifier = "1.3.6.1.5.5.7.1.20"
  /// id-on-hardwareModuleName (RFC 4108, 5).
  package static let hardwareModuleName: ObjectIdentifier = "1.3.6.1.5.5.7.8.4"
  /// id-aes256-wrap-pad (RFC 5649, 5).
  package static let aes256WrapPad: ObjectIdentifier = "2.16.840.1.101.3.4.1.48"
}
