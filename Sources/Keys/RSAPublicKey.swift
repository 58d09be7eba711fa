// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A public key for RSA with a modulus of 2048 bits.
package struct RSAPublicKey: Hashable, Sendable {
  /// The octets of a modulus of 2048 bits.
  package static let modulusOctets = 256

  /// The most octets of a public exponent: below 2^256 (FIPS 186-5, A.1.1).
  package static let exponentOctetsMax = 32

  /// OpenSSL's names: EVP_PKEY-RSA(7).
  private static let keyName: StaticString = "RSA"
  private static let modulusName: StaticString = "n"
  private static let exponentName: StaticString = "e"

  /// Big-endian, 256 octets, the first at least 0x80.
  package let modulus: [UInt8]
  /// Big-endian without leading zeros, odd.
  package let exponent: [UInt8]

  /// A key from its two numbers, big-endian without leading zeros.
  ///
  /// - Throws: `unsupportedKey` when the modulus has not 2048 bits or is even, or when the
  ///   exponent is even, has a leading zero, or is not between 2^16 and 2^256 (FIPS 186-5, A.1.1).
  package init(
    modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>
  ) throws(KeyError) {
    guard modulus.count == Self.modulusOctets, let high = modulus.first, high >= 0x80,
      let low = modulus.last, low & 1 == 1
    else { throw KeyError(.unsupportedKey, "an RSA modulus must be odd and have 2048 bits") }
    guard let first = exponent.first, first != 0, let last = exponent.last, last & 1 == 1,
      (3...Self.exponentOctetsMax).contains(exponent.count)
    else {
      throw KeyError(.unsupportedKey, "an RSA exponent must be odd, over 2^16 and under 2^256")
    }
    self.modulus = Array(modulus)
    self.exponent = Array(exponent)
  }

  /// The key as OpenSSL wants it.
  func object() throws(KeyError) -> Owned {
    _ = Library.shared
    guard
      let n = unsafe Owned(
        BN_bin2bn(modulus, Int32(modulus.count), nil), freedBy: BN_free),
      let e = unsafe Owned(
        BN_bin2bn(exponent, Int32(exponent.count), nil), freedBy: BN_free),
      let builder = unsafe Owned(OSSL_PARAM_BLD_new(), freedBy: OSSL_PARAM_BLD_free),
      unsafe OSSL_PARAM_BLD_push_BN(builder.pointer, Self.modulusName.cString, n.pointer) == 1,
      unsafe OSSL_PARAM_BLD_push_BN(builder.pointer, Self.exponentName.cString, e.pointer) == 1,
      let parameters = unsafe OSSL_PARAM_BLD_to_param(builder.pointer)
    else { throw .library("RSA key") }
    defer { unsafe OSSL_PARAM_free(parameters) }
    var key: OpaquePointer?
    guard
      let context = unsafe Owned(
        EVP_PKEY_CTX_new_from_name(nil, Self.keyName.cString, nil), freedBy: EVP_PKEY_CTX_free),
      unsafe EVP_PKEY_fromdata_init(context.pointer) == 1,
      unsafe EVP_PKEY_fromdata(
        context.pointer, &key, smki_EVP_PKEY_PUBLIC_KEY(), parameters) == 1,
      let owned = unsafe Owned(key, freedBy: EVP_PKEY_free)
    else { throw .library("RSA key") }
    return owned
  }
}
