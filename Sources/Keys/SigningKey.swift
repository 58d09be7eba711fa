// SPDX-License-Identifier: Apache-2.0

/// A private key that signs, wherever it lives: in this process or in a token.
package protocol SigningKey: Sendable {
  /// The public half.
  var publicKey: PublicKey { get }

  /// Why the key cannot sign now, or nil when nothing is known against it.
  var fault: TokenFault? { get }

  /// Signs the message; may be called from any number of threads at once.
  ///
  /// P-256: ECDSA-Sig-Value in DER over SHA-256. RSA: PKCS #1 v1.5 with SHA-256, 256 octets.
  /// Ed25519: 64 octets. `PublicKey.isValid(_:over:)` is the counterpart.
  func sign(_ message: [UInt8]) throws -> [UInt8]

  /// Signs each message; a key in a token has many calls under way at once.
  func sign(all messages: [[UInt8]]) throws -> [[UInt8]]
}

extension SigningKey {
  /// A key in this process is always at hand.
  package var fault: TokenFault? { nil }

  /// One after the other: a key in this process has the caller's core and no other.
  package func sign(all messages: [[UInt8]]) throws -> [[UInt8]] {
    try messages.map { try sign($0) }
  }
}
