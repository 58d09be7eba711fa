// SPDX-License-Identifier: Apache-2.0

/// ENG-password-hash: what is kept of a password: a salt, and a digest that is dear to compute.
package struct PasswordDigest: Hashable, Sendable {
  /// The binary logarithm of scrypt's cost.
  package let logN: Int
  package let salt: [UInt8]
  /// SHA-256 over the key that scrypt makes of salt and password.
  package let digest: [UInt8]

  /// The digest of a password under a salt of its own.
  package init(of password: borrowing Secret, salt: [UInt8], cost: Scrypt = .standard) throws {
    self.init(
      logN: cost.logN, salt: salt,
      digest: Self.digest(try cost.key(from: password, salt: salt)))
  }

  /// What was kept.
  package init(logN: Int, salt: [UInt8], digest: [UInt8]) {
    self.logN = logN
    self.salt = salt
    self.digest = digest
  }

  /// Whether it is that of this password.
  package func matches(_ password: borrowing Secret) throws -> Bool {
    guard Scrypt.logNRange.contains(logN) else { return false }
    let found = Self.digest(try Scrypt(logN: logN).key(from: password, salt: salt))
    // Without telling by its time how much is equal.
    return zip(found, digest).reduce(UInt8(found.count == digest.count ? 0 : 1)) {
      $0 | ($1.0 ^ $1.1)
    } == 0
  }

  private static func digest(_ key: borrowing Secret) -> [UInt8] {
    unsafe key.withBytes { unsafe Digest.sha256(Array($0)) }
  }
}
