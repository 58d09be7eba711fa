// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The cost of turning a passphrase into a key by scrypt (RFC 7914, 2): what a guess costs too.
package struct Scrypt: Hashable, Sendable {
  /// The binary logarithms of N that are taken: from Percival's figure for a login of 2009 (2^14)
  /// to his for a file (2^20), which takes 1 GiB of memory.
  package static let logNRange = 14...20

  /// The block size r: the value of RFC 7914, 2.
  package static let blockSize = 8

  /// The parallelization p: the value of RFC 7914, 2.
  package static let parallelization = 1

  /// The octets of the salt: twice the 128 bits of SP 800-132, 5.1.
  package static let saltOctets = 32

  /// What a new store gets: N = 2^15, 32 MiB and about a tenth of a second at each start.
  package static let standard = Scrypt(logN: 15)

  /// The binary logarithm of N.
  package let logN: Int

  /// A cost; one outside `logNRange` is a programmer's error.
  package init(logN: Int) {
    precondition(Self.logNRange.contains(logN), "a cost that is not taken")
    self.logN = logN
  }

  /// A key of 32 octets from a passphrase and a salt.
  func key(from passphrase: borrowing Secret, salt: [UInt8]) throws -> Secret {
    _ = Library.shared
    let n = UInt64(1) << UInt64(logN)
    // RFC 7914, 6: the table has 128 r N octets, the rest 128 r (p + 2); the library adds a little.
    let octetsMax = 128 * UInt64(Self.blockSize) * (n + UInt64(Self.parallelization) + 16)
    return try unsafe Secret(capacity: AES256GCM.keyOctets) { room in
      let done = unsafe passphrase.withBytes { passphrase in
        unsafe EVP_PBE_scrypt(
          passphrase.bindMemory(to: CChar.self).baseAddress, passphrase.count, salt, salt.count,
          n, UInt64(Self.blockSize), UInt64(Self.parallelization), octetsMax,
          room.bindMemory(to: UInt8.self).baseAddress, room.count)
      }
      guard done == 1 else { throw KeyError.library("scrypt") }
      return room.count
    }
  }
}
