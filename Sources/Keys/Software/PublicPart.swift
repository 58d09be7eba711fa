// SPDX-License-Identifier: Apache-2.0

import COpenSSL

extension SoftwareKey {
  /// The kind and public half of a key pair.
  ///
  /// - Throws: `unsupportedKey` for another algorithm, curve or size.
  static func publicPart(of key: borrowing Owned) throws(KeyError) -> (Kind, PublicKey) {
    if unsafe EVP_PKEY_is_a(key.pointer, "EC") == 1 {
      return (.p256, .p256(try p256(key)))
    }
    if unsafe EVP_PKEY_is_a(key.pointer, "RSA") == 1 {
      let rsa = try RSAPublicKey(
        modulus: number(OSSL_PKEY_PARAM_RSA_N, of: key)[...],
        exponent: number(OSSL_PKEY_PARAM_RSA_E, of: key)[...])
      return (.rsa2048, .rsa(rsa))
    }
    guard unsafe EVP_PKEY_is_a(key.pointer, "ED25519") == 1 else {
      throw KeyError(.unsupportedKey, "neither P-256 nor RSA nor Ed25519")
    }
    var octets = [UInt8](repeating: 0, count: 32)
    var length = octets.count
    guard unsafe EVP_PKEY_get_raw_public_key(key.pointer, &octets, &length) == 1, length == 32
    else { throw .library("public key") }
    return (.ed25519, .ed25519(octets))
  }

  private static func p256(_ key: borrowing Owned) throws(KeyError) -> P256PublicKey {
    // Longer than the longest name of a curve in OpenSSL; only one name is taken.
    var name = [CChar](repeating: 0, count: 64)
    var nameLength = 0
    guard unsafe EVP_PKEY_get_group_name(key.pointer, &name, name.count, &nameLength) == 1,
      name.prefix(nameLength).map({ UInt8(bitPattern: $0) }) == Array("prime256v1".utf8)
    else {
      ERR_clear_error()
      throw KeyError(.unsupportedKey, "the curve must be P-256")
    }
    var point = [UInt8](repeating: 0, count: P256.pointOctets)
    var length = 0
    guard
      unsafe EVP_PKEY_get_octet_string_param(
        key.pointer, OSSL_PKEY_PARAM_PUB_KEY, &point, point.count, &length) == 1
    else { throw .library("public key") }
    return try P256PublicKey(uncompressed: point.prefix(length))
  }

  /// A number of the public key, big-endian without leading zeros.
  private static func number(
    _ name: String, of key: borrowing Owned
  ) throws(KeyError) -> [UInt8] {
    var value: OpaquePointer?
    guard unsafe EVP_PKEY_get_bn_param(key.pointer, name, &value) == 1,
      let number = unsafe Owned(value, freedBy: BN_free)
    else { throw .library("public key") }
    let count = unsafe Int(BN_num_bits(number.pointer) + 7) / 8
    var octets = [UInt8](repeating: 0, count: count)
    guard unsafe BN_bn2bin(number.pointer, &octets) == Int32(count) else {
      throw .library("public key")
    }
    return octets
  }
}
