// SPDX-License-Identifier: Apache-2.0

package import Keys
package import X509

/// L10.6(c)(ii): the Contingency Public Key, encrypted for the certificate of the Root OCA.
///
/// RFC 5934, 9: what is encrypted is the SubjectPublicKeyInfo. The ceremony encrypts; here the
/// octets are only given their place.
package struct WrappedContingencyKey: Hashable, Sendable {
  /// The sources do not name the cipher of the wrapping, so that it is configuration; this one is
  /// AES-256 key wrap with padding, 2.16.840.1.101.3.4.1.48 (RFC 5649).
  package static let defaultAlgorithm = AlgorithmIdentifier(.aes256WrapPad)

  /// How the key is encrypted.
  package let algorithm: AlgorithmIdentifier
  /// The encrypted SubjectPublicKeyInfo.
  package let octets: [UInt8]

  /// A key that was encrypted; at least one octet.
  package init(
    algorithm: AlgorithmIdentifier = WrappedContingencyKey.defaultAlgorithm, octets: [UInt8]
  ) {
    precondition(!octets.isEmpty, "RFC 5934, 9: the wrapped key is there with its algorithm")
    self.algorithm = algorithm
    self.octets = octets
  }

  /// What is to be encrypted: the SubjectPublicKeyInfo of the Contingency Public Key, 91 octets.
  package static func plaintext(of key: P256PublicKey) -> [UInt8] {
    SubjectPublicKeyInfo.p256Prefix + key.point
  }

  /// The extension, which is not critical (OCP-annex-B-root-wrapped-apex-contingency-key).
  var certificateExtension: Extension {
    Extension(
      WrappedApexContingencyKey(algorithm: algorithm, wrappedKey: octets), isCritical: false)
  }
}
