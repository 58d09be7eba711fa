// SPDX-License-Identifier: Apache-2.0

/// One key in a store: its label, estate, kind and public half in clear, its private half sealed
/// under the store's key; all of it is authenticated.
enum KeyFile {
  static let suffix = ".key"

  private static let magic = Array("smki key 1\n".utf8)

  /// The octets of a file.
  static func seal(
    _ key: borrowing SoftwareKey, label: String, estate: String, storeKey: borrowing Secret
  ) throws -> [UInt8] {
    var writer = FieldWriter()
    writer.put(magic)
    writer.put(field: Array(label.utf8))
    writer.put(field: Array(estate.utf8))
    writer.put(field: Array(key.kind.rawValue.utf8))
    writer.put(field: octets(of: key.publicKey))
    let context = writer.bytes
    let sealed = try unsafe key.encoded().withBytes {
      try unsafe AES256GCM.seal($0, under: storeKey, context: context)
    }
    writer.put(field: sealed)
    return writer.bytes
  }

  /// The key in a file.
  ///
  /// - Throws: `wrongLabel`, `wrongEstate`, `damaged`.
  static func open(
    _ bytes: [UInt8], label: String, estate: String, storeKey: borrowing Secret
  ) throws -> SoftwareKey {
    var reader = FieldReader(bytes)
    try reader.demand(magic, "a key file")
    let labelInside = try reader.takeField()
    let estateInside = try reader.takeField()
    let kind = try reader.takeField()
    let publicKey = try reader.takeField()
    let sealed = try reader.takeField()
    try reader.end()
    guard estateInside.elementsEqual(estate.utf8) else {
      throw KeyError(.wrongEstate, "the key \(label) belongs to another estate than \(estate)")
    }
    guard labelInside.elementsEqual(label.utf8) else {
      throw KeyError(.wrongLabel, "the file of the key \(label) holds the key of another label")
    }
    let context = Array(bytes.prefix(sealed.startIndex - 2))
    let key = try SoftwareKey(
      encoded: AES256GCM.openSecret(sealed, under: storeKey, context: context))
    guard kind.elementsEqual(key.kind.rawValue.utf8),
      publicKey.elementsEqual(octets(of: key.publicKey))
    else { throw KeyError(.damaged, "the two halves of the key \(label) do not fit") }
    return key
  }

  private static func octets(of key: PublicKey) -> [UInt8] {
    switch key {
    case .p256(let key): key.point
    case .rsa(let key): key.modulus + key.exponent
    case .ed25519(let octets): octets
    }
  }
}
