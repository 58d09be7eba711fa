// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The public half of a key pair, of one of the three kinds in use.
package enum PublicKey: Hashable, Sendable {
  /// ECDSA on P-256: every certificate of the infrastructure.
  case p256(P256PublicKey)
  /// RSA with 2048 bits: credentials of people and systems.
  case rsa(RSAPublicKey)
  /// Ed25519, 32 octets (RFC 8032): checkpoints of the audit.
  case ed25519([UInt8])

  /// Whether the signature is this key's over the message.
  ///
  /// P-256: ECDSA-Sig-Value in DER over SHA-256. RSA: PKCS #1 v1.5 with SHA-256 (RFC 8017, 8.2),
  /// 256 octets. Ed25519: 64 octets (RFC 8032, 5.1.7). Anything malformed is not valid.
  package func isValid(
    _ signature: some Collection<UInt8>, over message: some Collection<UInt8>
  ) -> Bool {
    switch self {
    case .p256(let key):
      P256.verify(
        signature: ArraySlice(signature), over: ArraySlice(message), point: key.point[...])
        == .valid
    case .rsa(let key):
      signature.count == RSAPublicKey.modulusOctets
        && Self.verify(signature, over: message, with: try? key.object(), digest: .sha256)
    case .ed25519(let key):
      signature.count == 64 && key.count == 32
        && Self.verify(
          signature, over: message, with: Self.ed25519Object(key), digest: nil)
    }
  }

  private static func ed25519Object(_ key: [UInt8]) -> Owned? {
    _ = Library.shared
    return unsafe Owned(
      EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, key, key.count), freedBy: EVP_PKEY_free)
  }

  /// Verifies in one go; for RSA the padding is PKCS #1 v1.5, OpenSSL's default.
  private static func verify(
    _ signature: some Collection<UInt8>, over message: some Collection<UInt8>,
    with key: consuming Owned?, digest: Digest.Algorithm?
  ) -> Bool {
    guard let key,
      let context = unsafe Owned(EVP_MD_CTX_new(), freedBy: EVP_MD_CTX_free),
      unsafe EVP_DigestVerifyInit(context.pointer, nil, digest?.fetched, nil, key.pointer) == 1
    else {
      ERR_clear_error()
      return false
    }
    let result = unsafe withBytes(of: signature) { signature in
      unsafe withBytes(of: message) { message in
        unsafe EVP_DigestVerify(
          context.pointer, signature.baseAddress, signature.count, message.baseAddress,
          message.count)
      }
    }
    if result != 1 { ERR_clear_error() }
    return result == 1
  }
}
