// SPDX-License-Identifier: Apache-2.0

import COpenSSL

extension ClientKey {
  /// Writes the key with its certificate and those above it as PKCS #12 under a passphrase, to a
  /// new file of mode 0600: AES-256 with PBKDF2, and a MAC with SHA-256.
  ///
  /// - Parameters:
  ///   - path: a file that must not be there yet.
  ///   - certificate: the certificate of the key, DER.
  ///   - chain: the authorities above it, DER.
  ///   - name: what the holder's program shows.
  ///   - passphrase: handed over by another way than the file.
  /// - Throws: `labelTaken`, `fileSystem`, or `library` when a certificate cannot be read.
  package func writeBundle(
    toNewFile path: String, certificate: [UInt8], chain: [[UInt8]], name: String,
    passphrase: String
  ) throws {
    let stack = unsafe Owned(smki_X509_stack_new(), freedBy: smki_X509_stack_free)
    guard let own = try Self.parsed(certificate), let stack else {
      throw KeyError.library("a certificate for PKCS #12")
    }
    for der in chain {
      guard let above = try Self.parsed(der),
        unsafe smki_X509_stack_add(stack.pointer, above.pointer) == 1
      else { throw KeyError.library("a certificate for PKCS #12") }
    }
    let made = unsafe PKCS12_create_ex(
      passphrase, name, key.key.pointer, own.pointer, stack.pointer, NID_aes_256_cbc,
      NID_aes_256_cbc, Self.iterations, -1, 0, nil, nil)
    guard let bundle = unsafe Owned(made, freedBy: PKCS12_free),
      unsafe PKCS12_set_mac(
        bundle.pointer, passphrase, -1, nil, 0, Self.iterations, EVP_sha256()) == 1
    else { throw KeyError.library("making PKCS #12") }
    var start: UnsafeMutablePointer<UInt8>?
    let count = unsafe i2d_PKCS12(bundle.pointer, &start)
    guard count > 0, let start = unsafe start else { throw KeyError.library("PKCS #12 as DER") }
    let octets = unsafe Secret(adopting: UnsafeMutableRawPointer(start), count: Int(count))
    try unsafe octets.withBytes { try unsafe PrivateFile.writeNew(path, $0) }
  }

  /// Rounds of PBKDF2 [assumed]: the passphrase is random and used once.
  private static let iterations: Int32 = 100_000

  private static func parsed(_ der: [UInt8]) throws -> Owned? {
    let parsed: OpaquePointer? = unsafe der.withUnsafeBufferPointer { bytes in
      var next = bytes.baseAddress
      return unsafe d2i_X509(nil, &next, bytes.count)
    }
    return unsafe Owned(parsed, freedBy: X509_free)
  }
}
