// SPDX-License-Identifier: Apache-2.0

import DER
package import Keys
package import SEC
package import X509

/// A request for an IKI Certificate whose form was checked (M8-AppG-iki-csr).
///
/// Whether the common name is unique for its party is not looked at here.
package struct IKIRequest: Hashable, Sendable {
  /// The system and its organisation.
  package let subject: IKISubject
  /// The public key, RSA of 2048 bits.
  package let publicKey: RSAPublicKey
  /// The request as it was received.
  package let request: CertificationRequest

  /// The public key as a certificate has it.
  package var key: SubjectPublicKeyInfo { request.subjectPublicKeyInfo }
  /// SHA-256 over the whole request: what makes two requests the same.
  package var requestHash: [UInt8] { Digest.sha256(request.encoded) }

  /// Reads and checks PKCS#10 in DER.
  ///
  /// - Throws: `malformed-request` and what the other initialiser throws.
  package init(parsing der: [UInt8]) throws(Refusal) {
    try self.init(try RequestForm.parse(der))
  }

  /// Checks a request.
  ///
  /// - Throws: `subject-form`, `role-code-form`, `system-name`, `attribute-not-in-profile`,
  ///   `extension-not-in-profile`, `key-usage-missing`, `key-usage-not-one`,
  ///   `public-key-algorithm`, `public-key-form`, `signature-algorithm`, `signature-parameters`.
  package init(_ request: CertificationRequest) throws(Refusal) {
    subject = try IKISubject(request.subject)
    try RequestForm.checkAttributes(of: request, .iki)
    _ = try RequestForm.usage(of: request, .iki)
    publicKey = try Self.publicKey(of: request)
    try RequestForm.checkSignatureAlgorithm(of: request, .iki)
    self.request = request
  }

  /// C3-116-2: the request is signed by the private key of its public key.
  ///
  /// - Throws: `possession-not-proven`.
  package func checkPossession() throws(Refusal) {
    try RequestForm.checkPossession(of: request, publicKey)
  }

  /// ICP-key: RSA of 2048 bits with an odd exponent.
  static func publicKey(of request: CertificationRequest) throws(Refusal) -> RSAPublicKey {
    let (modulus, exponent) = try RequestForm.rsaNumbers(of: request)
    do {
      return try RSAPublicKey(modulus: modulus, exponent: exponent)
    } catch {
      let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
      throw .publicKeyForm(.iki, found: "\(bits) bits, exponent \(Hex.encode(exponent))")
    }
  }
}
