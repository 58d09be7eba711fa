// SPDX-License-Identifier: Apache-2.0

import CPKCS11

/// A private key that was made in a token and never leaves it.
///
/// Any number of threads may sign with it; many messages at once are spread over the sessions.
package final class TokenKey: SigningKey {
  /// The octets before a SHA-256 in the input of RSASSA-PKCS1-v1_5: DigestInfo (RFC 8017, 9.2).
  private static let digestInfo: [UInt8] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
  ]

  /// The public half.
  package let publicKey: PublicKey
  /// The token where it lives.
  package let token: Token
  private let label: String

  /// A key under its whole label.
  ///
  /// - Throws: `unsupportedKey` for a key that tokens do not sign with here.
  init(_ token: Token, fullLabel: String, publicKey: PublicKey) throws(KeyError) {
    if case .ed25519 = publicKey {
      throw KeyError(.unsupportedKey, "tokens hold keys for P-256 and RSA")
    }
    self.token = token
    label = fullLabel
    self.publicKey = publicKey
  }

  /// Why the token cannot sign now, or nil when nothing is known against it.
  package var fault: TokenFault? { token.fault }

  /// Signs the message; see `SigningKey` for the form of each kind.
  ///
  /// - Throws: `TokenFault`.
  package func sign(_ message: [UInt8]) throws(TokenFault) -> [UInt8] {
    try sign(all: [message])[0]
  }

  /// Signs each message, on as many sessions as are free.
  ///
  /// - Throws: `TokenFault`.
  package func sign(all messages: [[UInt8]]) throws(TokenFault) -> [[UInt8]] {
    let label = self.label
    switch publicKey {
    case .p256:
      return try token.crew.work(messages.count) { session, index throws(TokenFault) in
        try ECDSASignature.der(
          session.sign(
            Digest.sha256(messages[index]), label: label, mechanism: CKM_ECDSA,
            octetsMax: P256.signatureOctets.upperBound))
      }
    case .rsa:
      return try token.crew.work(messages.count) { session, index throws(TokenFault) in
        try session.sign(
          Self.digestInfo + Digest.sha256(messages[index]), label: label,
          mechanism: CKM_RSA_PKCS, octetsMax: RSAPublicKey.modulusOctets)
      }
    case .ed25519:
      throw TokenFault(.permanent, "tokens hold keys for P-256 and RSA")
    }
  }

  /// Signs one message again and again on so many sessions at once, with nothing between two calls:
  /// what the module can do at most, for measurements.
  ///
  /// - Throws: `TokenFault`.
  package func signRepeatedly(
    _ message: [UInt8], times: Int, sessions: Int
  ) throws(TokenFault) {
    let label = self.label
    let digest = Digest.sha256(message)
    _ = try token.crew.work(sessions, times: times) { session, _ throws(TokenFault) in
      for _ in 0..<times {
        _ = try session.sign(
          digest, label: label, mechanism: CKM_ECDSA, octetsMax: P256.signatureOctets.upperBound)
      }
    }
  }
}

/// The two forms of an ECDSA signature: PKCS #11 has r and s side by side, certificates DER.
enum ECDSASignature {
  /// The octets of each number on P-256.
  private static let numberOctets = 32

  /// The DER of what a token returned.
  ///
  /// - Throws: `TokenFault` when it has not 64 octets.
  static func der(_ sideBySide: [UInt8]) throws(TokenFault) -> [UInt8] {
    guard sideBySide.count == 2 * numberOctets else {
      throw TokenFault(
        .transient, "C_Sign: \(sideBySide.count) octets instead of \(2 * numberOctets)")
    }
    let body =
      integer(sideBySide.prefix(numberOctets)) + integer(sideBySide.suffix(numberOctets))
    return [0x30, UInt8(body.count)] + body
  }

  /// The shortest INTEGER that is not negative.
  private static func integer(_ octets: ArraySlice<UInt8>) -> [UInt8] {
    var number = Array(octets.drop { $0 == 0 })
    if number.first.map({ $0 >= 0x80 }) ?? true { number.insert(0, at: 0) }
    return [0x02, UInt8(number.count)] + number
  }
}
