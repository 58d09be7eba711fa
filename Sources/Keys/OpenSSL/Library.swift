// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// What is fetched from OpenSSL once in the life of the process.
///
/// A fetch looks an algorithm up by name under a lock; doing it in each call costs as much as the
/// digest of a short message. Everything here is read-only afterwards, which OpenSSL allows any
/// number of threads to share (openssl-threads(7)); it is never freed.
@safe struct Library {
  static let shared = Library()

  nonisolated(unsafe) let sha1: OpaquePointer
  nonisolated(unsafe) let sha256: OpaquePointer
  nonisolated(unsafe) let sha384: OpaquePointer
  nonisolated(unsafe) let aes256GCM: OpaquePointer

  private init() {
    // Threads may still sign while the process ends: OpenSSL must not free its tables under them.
    OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    guard let sha1 = unsafe EVP_MD_fetch(nil, "SHA1", nil),
      let sha256 = unsafe EVP_MD_fetch(nil, "SHA256", nil),
      let sha384 = unsafe EVP_MD_fetch(nil, "SHA384", nil),
      let aes256GCM = unsafe EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
    else {
      preconditionFailure("OpenSSL has no provider with SHA-1, SHA-256, SHA-384 and AES-256-GCM")
    }
    unsafe self.sha1 = sha1
    unsafe self.sha256 = sha256
    unsafe self.sha384 = sha384
    unsafe self.aes256GCM = aes256GCM
  }
}
