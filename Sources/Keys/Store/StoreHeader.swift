// SPDX-License-Identifier: Apache-2.0

/// The file that makes a folder a store: whose it is, what a guess costs, and the store's key
/// sealed under the passphrase.
struct StoreHeader {
  static let fileName = "store"

  /// The most octets of an estate's name.
  static let estateOctetsMax = 255

  private static let magic = Array("smki key store 1\n".utf8)

  let estate: String
  let cost: Scrypt
  private let salt: [UInt8]
  private let sealedKey: [UInt8]
  private let opening: [UInt8]

  /// Seals a store's key under a passphrase.
  init(
    estate: String, cost: Scrypt, storeKey: borrowing Secret, passphrase: borrowing Secret
  ) throws {
    guard (1...Self.estateOctetsMax).contains(estate.utf8.count) else {
      throw KeyError(
        .wrongLength, "the name of an estate has 1 to \(Self.estateOctetsMax) octets")
    }
    self.estate = estate
    self.cost = cost
    salt = Random.bytes(Scrypt.saltOctets)
    opening = Self.opening(estate, cost, salt)
    let wrapping = try cost.key(from: passphrase, salt: salt)
    let context = opening
    sealedKey = try unsafe storeKey.withBytes {
      try unsafe AES256GCM.seal($0, under: wrapping, context: context)
    }
  }

  /// Reads a header without opening it.
  ///
  /// The digest at the end tells damage from a wrong passphrase; it protects from nobody.
  ///
  /// - Throws: `damaged`.
  init(_ bytes: [UInt8]) throws(KeyError) {
    let digest = bytes.suffix(Digest.Algorithm.sha256.count)
    let rest = Array(bytes.dropLast(digest.count))
    guard Digest.sha256(rest).elementsEqual(digest) else {
      throw KeyError(.damaged, "the store's header is not what was written")
    }
    var reader = FieldReader(rest)
    try reader.demand(Self.magic, "the header of a store")
    let numbers = Array(try reader.take(3))
    guard Scrypt.logNRange.contains(Int(numbers[0])), numbers[1] == Scrypt.blockSize,
      numbers[2] == Scrypt.parallelization
    else { throw KeyError(.damaged, "scrypt parameters that are not taken") }
    cost = Scrypt(logN: Int(numbers[0]))
    salt = Array(try reader.take(Scrypt.saltOctets))
    estate = String(decoding: try reader.takeField(), as: UTF8.self)
    sealedKey = Array(try reader.takeField())
    try reader.end()
    opening = Self.opening(estate, cost, salt)
  }

  /// The file's octets.
  var bytes: [UInt8] {
    var writer = FieldWriter()
    writer.put(opening)
    writer.put(field: sealedKey)
    return writer.bytes + Digest.sha256(writer.bytes)
  }

  /// The store's key.
  ///
  /// - Throws: `wrongPassphrase`.
  func storeKey(passphrase: borrowing Secret) throws -> Secret {
    let wrapping = try cost.key(from: passphrase, salt: salt)
    do {
      return try AES256GCM.openSecret(sealedKey[...], under: wrapping, context: opening)
    } catch let error as KeyError where error.code == .damaged {
      throw KeyError(.wrongPassphrase, "the store of \(estate) does not open with it")
    }
  }

  /// What is authenticated along with the sealed key.
  private static func opening(_ estate: String, _ cost: Scrypt, _ salt: [UInt8]) -> [UInt8] {
    var writer = FieldWriter()
    writer.put(magic)
    writer.put([
      UInt8(cost.logN), UInt8(Scrypt.blockSize), UInt8(Scrypt.parallelization),
    ])
    writer.put(salt)
    writer.put(field: Array(estate.utf8))
    return writer.bytes
  }
}
