// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Authenticated encryption with AES-256 in Galois/Counter Mode (SP 800-38D).
package enum AES256GCM {
  /// The octets of a key.
  package static let keyOctets = 32

  /// The octets of a nonce (SP 800-38D, 8.2.1): random, so one key seals at most 2^32 times (8.3).
  package static let nonceOctets = 12

  /// The octets of a tag: the longest there is (SP 800-38D, 5.2.1.2).
  package static let tagOctets = 16

  /// Encrypts and authenticates; `context` is authenticated, not kept.
  ///
  /// - Returns: nonce, ciphertext and tag in one.
  /// - Throws: `wrongLength` when the key has not 32 octets; `library`.
  package static func seal(
    _ plaintext: [UInt8], under key: borrowing Secret, context: [UInt8],
    random: (Int) -> [UInt8] = Random.bytes
  ) throws -> [UInt8] {
    try unsafe plaintext.withUnsafeBytes {
      try unsafe seal($0, under: key, context: context, random: random)
    }
  }

  /// Authenticates and decrypts what `seal` returned.
  ///
  /// - Throws: `damaged` when a single bit of it, of the context or of the key is another;
  ///   `wrongLength` when the key has not 32 octets.
  package static func open(
    _ sealed: ArraySlice<UInt8>, under key: borrowing Secret, context: [UInt8]
  ) throws -> [UInt8] {
    let count = max(0, sealed.count - nonceOctets - tagOctets)
    return try unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
      try unsafe open(
        sealed, under: key, context: context, into: UnsafeMutableRawBufferPointer(room))
      filled = count
    }
  }

  /// `open`, for what must not become an array.
  static func openSecret(
    _ sealed: ArraySlice<UInt8>, under key: borrowing Secret, context: [UInt8]
  ) throws -> Secret {
    let count = max(0, sealed.count - nonceOctets - tagOctets)
    return try unsafe Secret(capacity: count) { room in
      try unsafe open(sealed, under: key, context: context, into: room)
      return count
    }
  }

  /// `seal`, for what must not become an array.
  static func seal(
    _ plaintext: UnsafeRawBufferPointer, under key: borrowing Secret, context: [UInt8],
    random: (Int) -> [UInt8] = Random.bytes
  ) throws -> [UInt8] {
    let nonce = random(nonceOctets)
    let cipher = try ready(key, nonce: nonce, toSeal: true)
    let room = nonceOctets + plaintext.count + tagOctets
    return try unsafe [UInt8](unsafeUninitializedCapacity: room) { output, filled in
      guard let start = output.baseAddress else { throw KeyError.library("sealing") }
      unsafe output.initialize(repeating: 0)
      for (index, octet) in nonce.enumerated() { unsafe start[index] = octet }
      let text = unsafe start + nonceOctets
      let input = unsafe plaintext.bindMemory(to: UInt8.self)
      var length: Int32 = 0
      guard
        unsafe EVP_EncryptUpdate(cipher.pointer, nil, &length, context, Int32(context.count)) == 1,
        unsafe EVP_EncryptUpdate(
          cipher.pointer, text, &length, input.baseAddress, Int32(input.count)) == 1,
        unsafe EVP_EncryptFinal_ex(cipher.pointer, text + input.count, &length) == 1,
        unsafe EVP_CIPHER_CTX_ctrl(
          cipher.pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tagOctets), text + input.count) == 1
      else { throw KeyError.library("sealing") }
      filled = room
    }
  }

  /// Decrypts into `room`, which has the plaintext's length; wipes it when the tag is wrong.
  private static func open(
    _ sealed: ArraySlice<UInt8>, under key: borrowing Secret, context: [UInt8],
    into room: UnsafeMutableRawBufferPointer
  ) throws {
    guard sealed.count == nonceOctets + room.count + tagOctets else {
      throw KeyError(.damaged, "too short to be sealed")
    }
    let cipher = try ready(key, nonce: Array(sealed.prefix(nonceOctets)), toSeal: false)
    let text = Array(sealed.dropFirst(nonceOctets).dropLast(tagOctets))
    var tag = Array(sealed.suffix(tagOctets))
    let output = unsafe room.bindMemory(to: UInt8.self)
    var length: Int32 = 0
    guard
      unsafe EVP_DecryptUpdate(cipher.pointer, nil, &length, context, Int32(context.count)) == 1,
      unsafe EVP_DecryptUpdate(
        cipher.pointer, output.baseAddress, &length, text, Int32(text.count)) == 1,
      unsafe EVP_CIPHER_CTX_ctrl(
        cipher.pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tagOctets), &tag) == 1,
      unsafe EVP_DecryptFinal_ex(cipher.pointer, nil, &length) == 1
    else {
      unsafe OPENSSL_cleanse(room.baseAddress, room.count)
      ERR_clear_error()
      throw KeyError(.damaged, "the tag does not fit the text, the key and the context")
    }
  }

  private static func ready(
    _ key: borrowing Secret, nonce: [UInt8], toSeal: Bool
  ) throws -> Owned {
    guard key.count == keyOctets, nonce.count == nonceOctets else {
      throw KeyError(.wrongLength, "the key has \(keyOctets) octets, the nonce \(nonceOctets)")
    }
    guard let cipher = unsafe Owned(EVP_CIPHER_CTX_new(), freedBy: EVP_CIPHER_CTX_free),
      unsafe key.withBytes({ key in
        unsafe EVP_CipherInit_ex2(
          cipher.pointer, Library.shared.aes256GCM, key.bindMemory(to: UInt8.self).baseAddress,
          nonce, toSeal ? 1 : 0, nil)
      }) == 1
    else { throw KeyError.library("AES-256-GCM") }
    return cipher
  }
}
