// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// AES Key Wrap with Padding (RFC 5649), for keys of any length; 32 octets of wrapping key make it
/// id-aes256-wrap-pad.
package enum KeyWrap {
  /// The octets that a wrapping key may have, with OpenSSL's names of the algorithms.
  private static let names = [
    16: "AES-128-WRAP-PAD", 24: "AES-192-WRAP-PAD", 32: "AES-256-WRAP-PAD",
  ]

  /// The octets that wrapping adds at most: 8 in front and up to 7 of padding (RFC 5649, 4.1).
  private static let addedOctetsMax = 15

  /// Wraps a key under another.
  ///
  /// - Returns: a multiple of 8 octets, 8 to 15 longer than the key.
  /// - Throws: `wrongLength` when a key is empty or the wrapping key has not 16, 24 or 32 octets.
  package static func wrap(
    _ key: borrowing Secret, under wrapping: borrowing Secret
  ) throws -> [UInt8] {
    let cipher = try ready(wrapping, toWrap: true)
    guard key.count > 0 else { throw KeyError(.wrongLength, "there is nothing to wrap") }
    var wrapped = [UInt8](repeating: 0, count: key.count + addedOctetsMax)
    var length: Int32 = 0
    let done = unsafe key.withBytes {
      unsafe EVP_EncryptUpdate(
        cipher.pointer, &wrapped, &length, $0.bindMemory(to: UInt8.self).baseAddress,
        Int32($0.count))
    }
    guard done == 1 else { throw KeyError.library("wrapping a key") }
    return Array(wrapped.prefix(Int(length)))
  }

  /// Unwraps what `wrap` returned.
  ///
  /// - Throws: `damaged` when it does not come from `wrap` under this key; `wrongLength` as above.
  package static func unwrap(
    _ wrapped: [UInt8], under wrapping: borrowing Secret
  ) throws -> Secret {
    let cipher = try ready(wrapping, toWrap: false)
    // The shortest is one block (RFC 5649, 4.1).
    guard wrapped.count >= 16, wrapped.count.isMultiple(of: 8) else {
      throw KeyError(.damaged, "not a wrapped key")
    }
    return try unsafe Secret(capacity: wrapped.count) { room in
      var length: Int32 = 0
      guard
        unsafe EVP_DecryptUpdate(
          cipher.pointer, room.bindMemory(to: UInt8.self).baseAddress, &length, wrapped,
          Int32(wrapped.count)) == 1
      else {
        ERR_clear_error()
        throw KeyError(.damaged, "not a key wrapped under this one")
      }
      return Int(length)
    }
  }

  private static func ready(_ wrapping: borrowing Secret, toWrap: Bool) throws -> Owned {
    guard let name = names[wrapping.count] else {
      throw KeyError(.wrongLength, "a wrapping key has 16, 24 or 32 octets")
    }
    _ = Library.shared
    guard
      let algorithm = unsafe Owned(EVP_CIPHER_fetch(nil, name, nil), freedBy: EVP_CIPHER_free),
      let cipher = unsafe Owned(EVP_CIPHER_CTX_new(), freedBy: EVP_CIPHER_CTX_free)
    else { throw KeyError.library("key wrap") }
    unsafe EVP_CIPHER_CTX_set_flags(cipher.pointer, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW)
    let begun = unsafe wrapping.withBytes {
      unsafe EVP_CipherInit_ex2(
        cipher.pointer, algorithm.pointer, $0.bindMemory(to: UInt8.self).baseAddress, nil,
        toWrap ? 1 : 0, nil)
    }
    guard begun == 1 else { throw KeyError.library("key wrap") }
    return cipher
  }
}
