// SPDX-License-Identifier: Apache-2.0

/// One secret in a store that is no key pair, such as a symmetric key: sealed under the store's key
/// together with its label and estate.
enum SecretFile {
  static let suffix = ".secret"

  private static let magic = Array("smki secret 1\n".utf8)

  /// The octets of a file.
  static func seal(
    _ secret: borrowing Secret, label: String, estate: String, storeKey: borrowing Secret
  ) throws -> [UInt8] {
    var writer = FieldWriter()
    writer.put(magic)
    writer.put(field: Array(label.utf8))
    writer.put(field: Array(estate.utf8))
    let context = writer.bytes
    let sealed = try unsafe secret.withBytes {
      try unsafe AES256GCM.seal($0, under: storeKey, context: context)
    }
    writer.put(field: sealed)
    return writer.bytes
  }

  /// The secret in a file.
  ///
  /// - Throws: `wrongLabel`, `wrongEstate`, `damaged`.
  static func open(
    _ bytes: [UInt8], label: String, estate: String, storeKey: borrowing Secret
  ) throws -> Secret {
    var reader = FieldReader(bytes)
    try reader.demand(magic, "a secret's file")
    let labelInside = try reader.takeField()
    let estateInside = try reader.takeField()
    let sealed = try reader.takeField()
    try reader.end()
    guard estateInside.elementsEqual(estate.utf8) else {
      throw KeyError(.wrongEstate, "the secret \(label) belongs to another estate than \(estate)")
    }
    guard labelInside.elementsEqual(label.utf8) else {
      throw KeyError(.wrongLabel, "the file of the secret \(label) holds another one")
    }
    return try AES256GCM.openSecret(
      sealed, under: storeKey, context: Array(bytes.prefix(sealed.startIndex - 2)))
  }
}
