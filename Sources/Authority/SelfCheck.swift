// SPDX-License-Identifier: Apache-2.0

import Keys
import Threads

/// ENG-self-check: verifies the signatures of one of our own keys, each of them, whole.
///
/// On P-256 with the table of the key's multiples, which is made at the first signature: most of
/// the authorities in stock do not sign for years.
final class SelfCheck: Sendable {
  private let publicKey: PublicKey
  private let table = Guarded<P256Table?>(nil)

  /// For the signatures of the private half of this key.
  init(_ publicKey: PublicKey) {
    self.publicKey = publicKey
  }

  /// Whether the signature is the key's over the message.
  func isValid(_ signature: [UInt8], over message: [UInt8]) -> Bool {
    guard case .p256(let key) = publicKey else {
      return publicKey.isValid(signature, over: message)
    }
    let table = self.table.change { kept in
      if kept == nil { kept = try? P256Table(key) }
      return kept
    }
    return table?.isValid(signature, over: message)
      ?? publicKey.isValid(signature, over: message)
  }
}
