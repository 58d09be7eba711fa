// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Keys
import SEC
import Service

/// The tokens in which the keys of a new estate are made: without a key of that name before, and
/// without one after a founding that failed.
///
/// A note in the workshop says that all keys of the name in these tokens are of this founding. It
/// is written once they were seen to have none, and goes with the workshop; so what a founding that
/// was killed has left is known by its note, and no other estate's keys are ever touched.
struct FoundingTokens {
  let settings: [TokenSetting]
  let estate: Estate
  let pin: HeldPIN
  /// The folder in which the founding works, and the note in it.
  let workshop: Folder
  private var note: String { "\(workshop.path)/tokens" }
  private var text: String {
    settings.map { "\($0.module) \($0.token) \(estate.keyOwner)" }.joined(separator: "\n") + "\n"
  }

  /// Destroys what a founding that was killed here has left.
  func clearLeft() throws {
    guard FileManager.default.fileExists(atPath: note),
      try Files.read(note).elementsEqual(text.utf8)
    else { return }
    try clear()
  }

  /// Makes sure that no estate of the name has keys there, and writes the note.
  func claim() throws {
    try withKeys { keys in
      for setting in settings {
        guard try keys.labels(at: setting.place).isEmpty else {
          throw Failure.Message(
            .failed,
            "the token \(setting.token) has keys of an estate \(estate.name) already",
            remedy: "Choose another name, or another token.")
        }
      }
    }
    try Files.writeNew(note, text)
  }

  /// Destroys the keys that this founding has made; only after `claim`.
  func clear() throws {
    guard FileManager.default.fileExists(atPath: note) else { return }
    try withKeys { keys in
      for setting in settings {
        for label in try keys.labels(at: setting.place) {
          try keys.destroy(label: label, at: setting.place)
        }
      }
    }
    try FileManager.default.removeItem(atPath: note)
  }

  /// Opens the tokens beside a folder of keys that is there for their PINs alone.
  private func withKeys(_ body: (Keyring) throws -> Void) throws {
    let path = "\(workshop.path)/.pins"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let store = try KeyStore.create(
      at: path, estate: estate.name, passphrase: .random(EstateMaking.passphraseOctets),
      cost: Scrypt(logN: Scrypt.logNRange.lowerBound))
    for setting in settings { try store.keep(pin.copy(), label: setting.pinLabel) }
    let keys = try Keyring(store, tokens: settings, owner: estate.keyOwner)
    defer { keys.close() }
    try body(keys)
  }
}
