// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Private keys as PKCS #8 (RFC 5958), in memory that is wiped.
extension SoftwareKey {
  /// The key pair as PrivateKeyInfo in DER.
  func encoded() throws -> Secret {
    try unsafe encoded(as: "DER", "PrivateKeyInfo") { _ in true }
  }

  /// The key pair as PrivateKeyInfo in PEM.
  func pem() throws -> Secret {
    try unsafe encoded(as: "PEM", "PrivateKeyInfo") { _ in true }
  }

  /// The key pair as EncryptedPrivateKeyInfo by AES-256 in PEM.
  func pem(encryptedUnder passphrase: borrowing Secret) throws -> Secret {
    try unsafe passphrase.withBytes { passphrase in
      let octets = unsafe passphrase.bindMemory(to: UInt8.self)
      return try unsafe encoded(as: "PEM", "EncryptedPrivateKeyInfo") { encoder in
        unsafe OSSL_ENCODER_CTX_set_cipher(encoder, "AES-256-CBC", nil) == 1
          && OSSL_ENCODER_CTX_set_passphrase(encoder, octets.baseAddress, octets.count) == 1
      }
    }
  }

  /// Reads PrivateKeyInfo in DER.
  ///
  /// - Throws: `damaged`, or `unsupportedKey` for another algorithm, curve or size.
  convenience init(encoded: borrowing Secret) throws {
    _ = Library.shared
    let key: OpaquePointer? = unsafe encoded.withBytes { bytes in
      let start = unsafe bytes.bindMemory(to: UInt8.self).baseAddress
      var next = unsafe start
      guard
        let info = unsafe Owned(
          d2i_PKCS8_PRIV_KEY_INFO(nil, &next, bytes.count), freedBy: PKCS8_PRIV_KEY_INFO_free),
        unsafe next == start?.advanced(by: bytes.count)
      else { return nil }
      return unsafe EVP_PKCS82PKEY(info.pointer)
    }
    guard let owned = unsafe Owned(key, freedBy: EVP_PKEY_free) else {
      ERR_clear_error()
      throw KeyError(.damaged, "not a private key in PKCS #8")
    }
    try self.init(checking: owned)
  }

  /// Reads a private key in clear from a PEM file that nobody but its owner can read.
  ///
  /// - Throws: `tooOpen`, `fileSystem`; `wrongPassphrase` when it is encrypted; `damaged`;
  ///   `unsupportedKey` for another algorithm, curve or size.
  package convenience init(readingPEM path: String) throws {
    let file = try Secret(readingKeyFile: path)
    try unsafe self.init(decoded: Self.read(file, nil))
  }

  /// Reads an encrypted private key from a PEM file that nobody but its owner can read.
  ///
  /// - Throws: as above; `wrongPassphrase` when it cannot be decrypted.
  package convenience init(readingPEM path: String, passphrase: borrowing Secret) throws {
    let file = try Secret(readingKeyFile: path)
    try self.init(decoded: unsafe passphrase.withBytes { unsafe Self.read(file, $0) })
  }

  private convenience init(decoded: Decoded) throws {
    guard let owned = unsafe Owned(decoded.key, freedBy: EVP_PKEY_free) else {
      let error = KeyError.library("reading a key in PEM")
      throw KeyError(decoded.isEncrypted ? .wrongPassphrase : .damaged, error.detail)
    }
    try self.init(checking: owned)
  }

  /// Takes over a key pair that came from outside, if its two halves belong together.
  private convenience init(checking key: consuming Owned) throws {
    guard
      let context = unsafe Owned(
        EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil), freedBy: EVP_PKEY_CTX_free),
      unsafe EVP_PKEY_pairwise_check(context.pointer) == 1
    else {
      ERR_clear_error()
      throw KeyError(.damaged, "the two halves of the key do not fit")
    }
    try self.init(key)
  }

  /// What came of reading a key: a key that somebody must own, or nothing.
  @safe private struct Decoded {
    let key: OpaquePointer?
    let isEncrypted: Bool
  }

  private static func read(
    _ file: borrowing Secret, _ passphrase: UnsafeRawBufferPointer?
  ) -> Decoded {
    _ = Library.shared
    var question = unsafe Question(passphrase: passphrase)
    let key: OpaquePointer? = unsafe file.withBytes { bytes in
      guard
        let input = unsafe Owned(
          BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)), freedBy: BIO_free_all)
      else { return nil }
      return unsafe withUnsafeMutablePointer(to: &question) {
        unsafe PEM_read_bio_PrivateKey(input.pointer, nil, answer, $0)
      }
    }
    return unsafe Decoded(key: key, isEncrypted: question.wasAsked)
  }

  private func encoded(
    as form: StaticString, _ structure: StaticString, _ prepare: (OpaquePointer) -> Bool
  ) throws -> Secret {
    var start: UnsafeMutablePointer<UInt8>?
    var count = 0
    guard
      let encoder = unsafe Owned(
        OSSL_ENCODER_CTX_new_for_pkey(
          key.pointer, smki_EVP_PKEY_KEYPAIR(), form.cString, structure.cString, nil),
        freedBy: OSSL_ENCODER_CTX_free),
      unsafe prepare(encoder.pointer),
      unsafe OSSL_ENCODER_to_data(encoder.pointer, &start, &count) == 1,
      let start = unsafe start
    else { throw KeyError.library("encoding a private key") }
    return unsafe Secret(adopting: UnsafeMutableRawPointer(start), count: count)
  }
}

/// What OpenSSL asks when a key is encrypted, and what it may be told.
@unsafe private struct Question {
  let passphrase: UnsafeRawBufferPointer?
  var wasAsked = false
}

/// Answers OpenSSL's question for a passphrase; without this function it asks on the terminal.
private func answer(
  _ room: UnsafeMutablePointer<CChar>?, _ size: Int32, _: Int32,
  _ question: UnsafeMutableRawPointer?
) -> Int32 {
  guard let question = unsafe question?.assumingMemoryBound(to: Question.self) else { return -1 }
  unsafe question.pointee.wasAsked = true
  guard let room = unsafe room, let passphrase = unsafe question.pointee.passphrase,
    passphrase.count <= Int(size)
  else { return -1 }
  unsafe UnsafeMutableRawBufferPointer(start: room, count: Int(size)).copyMemory(from: passphrase)
  return Int32(passphrase.count)
}
