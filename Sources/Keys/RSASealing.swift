// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Short messages for the holder of one key only: RSA-OAEP with SHA-256 (RFC 8017, 7.1).
extension RSAPublicKey {
  /// The most octets of a message: the modulus less two digests and two octets.
  package static let messageOctetsMax = modulusOctets - 2 * 32 - 2

  /// Encrypts a message; the same message never looks the same twice.
  ///
  /// - Throws: `wrongLength` for more than `messageOctetsMax` octets; `library`.
  package func seal(_ message: [UInt8]) throws(KeyError) -> [UInt8] {
    guard message.count <= Self.messageOctetsMax else {
      throw KeyError(.wrongLength, "at most \(Self.messageOctetsMax) octets can be sealed")
    }
    let key = try object()
    var sealed = [UInt8](repeating: 0, count: Self.modulusOctets)
    var length = sealed.count
    guard let context = OAEP.context(key, toSeal: true),
      unsafe EVP_PKEY_encrypt(context.pointer, &sealed, &length, message, message.count) == 1,
      length == sealed.count
    else { throw .library("sealing") }
    return sealed
  }
}

extension SoftwareKey {
  /// Decrypts what was sealed to the public half of this RSA key.
  ///
  /// - Throws: `unsupportedKey` for a key of another kind; `damaged` when it was not sealed to it.
  package func unseal(_ sealed: [UInt8]) throws(KeyError) -> [UInt8] {
    guard kind == .rsa2048 else { throw KeyError(.unsupportedKey, "only RSA keys unseal") }
    var message = [UInt8](repeating: 0, count: RSAPublicKey.modulusOctets)
    var length = message.count
    guard let context = OAEP.context(key, toSeal: false),
      unsafe EVP_PKEY_decrypt(context.pointer, &message, &length, sealed, sealed.count) == 1
    else {
      ERR_clear_error()
      throw KeyError(.damaged, "not sealed to this key")
    }
    return Array(message.prefix(length))
  }
}

/// A context of OpenSSL's that is ready for one message.
private enum OAEP {
  static func context(_ key: borrowing Owned, toSeal: Bool) -> Owned? {
    guard
      let context = unsafe Owned(
        EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil), freedBy: EVP_PKEY_CTX_free),
      unsafe (toSeal
        ? EVP_PKEY_encrypt_init(context.pointer) : EVP_PKEY_decrypt_init(context.pointer)) == 1,
      unsafe EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_PKCS1_OAEP_PADDING) == 1,
      unsafe EVP_PKEY_CTX_set_rsa_oaep_md(context.pointer, Library.shared.sha256) == 1
    else { return nil }
    return context
  }
}
