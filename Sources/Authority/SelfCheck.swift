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

  /// Whether each signature is the key's over its message.
  func areValid(_ signatures: [[UInt8]], over messages: [[UInt8]]) -> Bool {
    guard let table = tableOfKey() else {
      return zip(signatures, messages).allSatisfy { publicKey.isValid($0, over: $1) }
    }
    return table.invalid(
      among: zip(signatures, messages).map { P256Table.Signed(signature: $0, over: $1) }) == nil
  }

  private func tableOfKey() -> P256Table? {
    guard case .p256(let key) = publicKey else { return nil }
    return table.change { kept in
      if kept == nil { kept = try? P256Table(key) }
      return kept
    }
  }
}
