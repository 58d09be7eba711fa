// SPDX-License-Identifier: Apache-2.0

/// A key pair made on behalf of somebody else, to be handed over: a sample party's credential.
///
/// Keys of a `KeyStore` are of another type and cannot leave it.
package struct ClientKey: Sendable {
  /// The key, to sign a request with.
  package let key: SoftwareKey

  /// Makes a key pair; people's credentials are RSA with 2048 bits.
  ///
  /// - Throws: `library`.
  package static func generate(_ kind: SoftwareKey.Kind = .rsa2048) throws -> ClientKey {
    ClientKey(key: try SoftwareKey.generate(kind))
  }

  /// Writes the private key in PEM, PKCS #8 in clear, to a new file of mode 0600.
  ///
  /// - Throws: `labelTaken` when the file is there, `fileSystem`.
  package func write(toNewFile path: String) throws {
    try write(key.pem(), path)
  }

  /// Writes the private key in PEM, PKCS #8 encrypted by AES-256, to a new file of mode 0600.
  ///
  /// - Throws: `labelTaken` when the file is there, `fileSystem`.
  package func write(
    toNewFile path: String, encryptedUnder passphrase: borrowing Secret
  ) throws {
    try write(key.pem(encryptedUnder: passphrase), path)
  }

  private func write(_ pem: consuming Secret, _ path: String) throws {
    try unsafe pem.withBytes { try unsafe PrivateFile.writeNew(path, $0) }
  }
}
