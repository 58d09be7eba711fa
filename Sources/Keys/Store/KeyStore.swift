// SPDX-License-Identifier: Apache-2.0

/// A folder of private keys that belong to one estate, encrypted under one passphrase.
///
/// The passphrase gives a key by scrypt, once; that key opens the store's own key, which seals each
/// private key in a file of its own (AES-256-GCM, SP 800-38D). Changing the passphrase writes one
/// small file. A key file of another estate or store, a renamed one and a changed one are refused
/// (C3-84-2: test and live never meet).
///
/// Any number of threads may use it; it holds nothing that changes.
package final class KeyStore: Sendable {
  /// The most characters of a label: with its suffix it is the name of a file.
  package static let labelCharactersMax = 64

  /// The folder.
  package let path: String
  /// The estate whose keys these are.
  package let estate: String
  private let storeKey: Secret

  private init(path: String, estate: String, storeKey: consuming Secret) {
    self.path = path
    self.estate = estate
    self.storeKey = storeKey
  }

  /// Makes a store in a folder, and the folder with mode 0700 where it is missing.
  ///
  /// - Throws: `storeExists`, `tooOpen` when others may write the folder, `wrongLength` of the
  ///   estate's name (1 to 255 octets), `fileSystem`.
  package static func create(
    at path: String, estate: String, passphrase: borrowing Secret, cost: Scrypt = .standard
  ) throws -> KeyStore {
    try PrivateFile.makeFolder(path)
    try Descriptor.checkFolder(path)
    let storeKey = try Secret.random(AES256GCM.keyOctets)
    let header = try StoreHeader(
      estate: estate, cost: cost, storeKey: storeKey, passphrase: passphrase)
    do {
      try PrivateFile.writeNew("\(path)/\(StoreHeader.fileName)", header.bytes)
    } catch let error as KeyError where error.code == .labelTaken {
      throw KeyError(.storeExists, "there is already a store in \(path)")
    }
    return KeyStore(path: path, estate: estate, storeKey: storeKey)
  }

  /// Opens the store in a folder.
  ///
  /// - Throws: `noSuchStore`, `damaged`, `wrongEstate`, `wrongPassphrase`, `tooOpen` when others
  ///   may write the folder or read the header, `fileSystem`.
  package static func open(
    at path: String, estate: String, passphrase: borrowing Secret
  ) throws -> KeyStore {
    let file = "\(path)/\(StoreHeader.fileName)"
    guard PrivateFile.exists(file) else {
      throw KeyError(.noSuchStore, "there is no store in \(path)")
    }
    try Descriptor.checkFolder(path)
    let header = try StoreHeader(PrivateFile.read(file))
    guard header.estate == estate else {
      throw KeyError(.wrongEstate, "the store in \(path) belongs to \(header.estate)")
    }
    let storeKey = try header.storeKey(passphrase: passphrase)
    return KeyStore(path: path, estate: estate, storeKey: storeKey)
  }

  /// Seals the store under another passphrase; the key files stay as they are.
  ///
  /// Who kept the old header and knows the old passphrase can still open the store's key.
  package func changePassphrase(to passphrase: borrowing Secret, cost: Scrypt = .standard) throws {
    let header = try StoreHeader(
      estate: estate, cost: cost, storeKey: storeKey, passphrase: passphrase)
    try PrivateFile.replace("\(path)/\(StoreHeader.fileName)", header.bytes)
  }

  /// Makes a key and keeps it; it is on the disk when this returns.
  ///
  /// - Throws: `badLabel`, `labelTaken`, `fileSystem`, `library`.
  package func generate(label: String, kind: SoftwareKey.Kind) throws -> SoftwareKey {
    let file = try file(of: label)
    // Said here so that no key is made in vain; the writing decides it.
    guard !PrivateFile.exists(file) else {
      throw KeyError(.labelTaken, "there is already a key \(label)")
    }
    let key = try SoftwareKey.generate(kind)
    let bytes = try KeyFile.seal(key, label: label, estate: estate, storeKey: storeKey)
    try PrivateFile.writeNew(file, bytes)
    return key
  }

  /// The key with this label.
  ///
  /// - Throws: `badLabel`, `noSuchKey`, `wrongLabel`, `wrongEstate`, `damaged`, `tooOpen`,
  ///   `fileSystem`.
  package func key(label: String) throws -> SoftwareKey {
    let file = try existingFile(of: label)
    return try Self.naming(file) {
      try KeyFile.open(PrivateFile.read(file), label: label, estate: estate, storeKey: storeKey)
    }
  }

  /// Keeps a secret that is no key pair; it is on the disk when this returns.
  ///
  /// - Throws: `badLabel`, `labelTaken`, `fileSystem`, `library`.
  package func keep(_ secret: borrowing Secret, label: String) throws {
    let bytes = try SecretFile.seal(secret, label: label, estate: estate, storeKey: storeKey)
    try PrivateFile.writeNew(try file(of: label, suffix: SecretFile.suffix), bytes)
  }

  /// Puts a secret in the place of the one with this label, if there is one.
  ///
  /// - Throws: `badLabel`, `fileSystem`, `library`.
  package func replace(_ secret: borrowing Secret, label: String) throws {
    let bytes = try SecretFile.seal(secret, label: label, estate: estate, storeKey: storeKey)
    try PrivateFile.replace(try file(of: label, suffix: SecretFile.suffix), bytes)
  }

  /// The secret with this label.
  ///
  /// - Throws: `badLabel`, `noSuchKey`, `wrongLabel`, `wrongEstate`, `damaged`, `tooOpen`,
  ///   `fileSystem`.
  package func secret(label: String) throws -> Secret {
    let file = try file(of: label, suffix: SecretFile.suffix)
    guard PrivateFile.exists(file) else {
      throw KeyError(.noSuchKey, "there is no secret \(label)")
    }
    return try Self.naming(file) {
      try SecretFile.open(PrivateFile.read(file), label: label, estate: estate, storeKey: storeKey)
    }
  }

  /// Says which file it was that is damaged: what finds it out sees octets and no name.
  private static func naming<Result: ~Copyable>(
    _ file: String, _ open: () throws -> Result
  ) throws -> Result {
    do {
      return try open()
    } catch let error as KeyError where error.code == .damaged {
      throw KeyError(
        .damaged, error.detail.hasPrefix(file) ? error.detail : "\(file): \(error.detail)")
    }
  }

  /// The labels of the keys, sorted.
  package func labels() throws -> [String] {
    try PrivateFile.names(in: path).filter { $0.hasSuffix(KeyFile.suffix) }
      .map { String($0.dropLast(KeyFile.suffix.count)) }.filter(Self.isLabel).sorted()
  }

  /// Overwrites and removes a key's file; both are on the disk when this returns.
  ///
  /// A disk may keep old blocks, and a backup old files: they stay sealed under the store's key.
  /// A `SoftwareKey` that is still held goes on signing until it is let go.
  ///
  /// - Throws: `badLabel`, `noSuchKey`, `fileSystem`.
  package func destroy(label: String) throws {
    try PrivateFile.destroy(try existingFile(of: label))
  }

  /// Makes a folder of mode 0700 for stores, unless something of this name is there.
  ///
  /// - Throws: `fileSystem`.
  package static func makeFolder(_ path: String) throws {
    try PrivateFile.makeFolder(path)
  }

  /// Whether a text can label a key: 1 to 64 ASCII letters, digits, `-`, `_` and `.`, beginning
  /// with a letter or digit.
  package static func isLabel(_ text: String) -> Bool {
    let octets = Array(text.utf8)
    guard (1...labelCharactersMax).contains(octets.count), let first = octets.first else {
      return false
    }
    return isLetterOrDigit(first)
      && octets.allSatisfy { isLetterOrDigit($0) || "-_.".utf8.contains($0) }
  }

  private static func isLetterOrDigit(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private func file(of label: String, suffix: String = KeyFile.suffix) throws -> String {
    guard Self.isLabel(label) else {
      throw KeyError(
        .badLabel,
        "a label has 1 to 64 letters, digits, - _ and . and begins with one of the "
          + "first two")
    }
    return "\(path)/\(label)\(suffix)"
  }

  private func existingFile(of label: String) throws -> String {
    let file = try file(of: label)
    guard PrivateFile.exists(file) else { throw KeyError(.noSuchKey, "there is no key \(label)") }
    return file
  }
}
