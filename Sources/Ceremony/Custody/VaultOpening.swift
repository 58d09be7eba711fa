// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Keys
import SEC

/// Opens a vault with the shares that its custodians brought (OCP-two-person).
struct VaultOpening {
  let estate: DeclaredEstate
  let vault: Vault
  /// The shares of the vault as they stand now.
  let known: [ShareRecord]
  /// Custodians who have ceased: their shares open nothing any more.
  let ceased: Set<String>

  /// A secret, and whose shares gave it.
  struct Opened: ~Copyable {
    let secret: Secret
    let used: [ShareRecord]
  }

  /// The secret of the vault.
  ///
  /// - Parameter files: the shares of all custodians who are there; those of other vaults are
  ///   passed over.
  /// - Returns: the secret, and whose shares gave it.
  /// - Throws: `share-other-estate`, `share-other-ceremony`, `share-wrong`, `share-twice`,
  ///   `custodian-ceased`, `shares-too-few`.
  func secret(from files: [ShareFile]) throws -> Opened {
    guard let threshold = known.first?.threshold else { throw Refusal.vaultNotShared(vault) }
    var used: [ShareRecord] = []
    var shares: [SecretShare] = []
    for file in files {
      guard file.value("estate") == estate.estate.name,
        file.value("kind") == estate.estate.kind.rawValue
      else { throw Refusal.shareOtherEstate(estate.estate, file) }
      guard file.value("vault") == vault.rawValue else { continue }
      guard let record = known.first(where: { $0.digest == file.digest }) else {
        throw wrong(file)
      }
      guard !used.contains(record) else { throw Refusal.shareTwice(record) }
      guard !ceased.contains(record.custodian) else { throw Refusal.custodianCeased(record) }
      used.append(record)
      shares.append(file.share)
    }
    guard shares.count >= threshold else {
      throw Refusal.sharesTooFew(vault, threshold: threshold, found: used)
    }
    return Opened(
      secret: try SecretShare.combine(Array(shares.prefix(threshold))), used: used)
  }

  /// Names the share that is not the one that was handed out.
  private func wrong(_ file: ShareFile) -> Refusal {
    guard let record = known.first(where: { $0.index == Int(file.share.index) }),
      file.value("generation") == "\(record.generation)",
      file.value("ceremony") == record.ceremony
    else { return .shareOtherCeremony(vault, known.first?.ceremony ?? "none", file) }
    return .shareWrong(record, found: file.digest)
  }
}
