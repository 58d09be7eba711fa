// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import X509

/// Where a ceremony finds its keys, and where it puts them.
struct Workplace {
  /// The vaults that are open.
  var vaults: [Vault: Keyring]
  /// Where the keys of issuing authorities are made; without it only requests are certified.
  let online: Keyring?
  /// The requests that were brought, by their SHA-256.
  let requests: [[UInt8]: CertificationRequest]
  /// Makes a vault, or seals one that is there, under another secret.
  let seal: (Vault, Keyring?, borrowing Secret) throws -> Keyring
  /// Hands a share to its custodian.
  let deliver: (ShareFile, ShareRecord) throws -> Void
  /// Tells the time.
  let clock: @Sendable () -> Time
  /// Gives so many unpredictable octets.
  let random: @Sendable (Int) -> [UInt8]
}
