// SPDX-License-Identifier: Apache-2.0

/// A private key that signs, wherever it lives: in this process or in a token.
package protocol SigningKey: Sendable {
  /// The public half.
  var publicKey: PublicKey { get }

  /// Signs the message; may be called from any number of threads at once.
  ///
  /// P-256: ECDSA-Sig-Value in DER over SHA-256. RSA: PKCS #1 v1.5 with SHA-256, 256 octets.
  /// Ed25519: 64 octets. `PublicKey.isValid(_:over:)` is the counterpart.
  func sign(_ message: [UInt8]) throws -> [UInt8]
}
