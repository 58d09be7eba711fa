// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation
import Keys
import Testing

@Suite("Nothing in clear on the disk")
struct NothingInClearTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// PKCS #8 around 32 octets that may be a private key (RFC 5915 and RFC 8410, 7).
  private func wrapped(_ octets: ArraySlice<UInt8>, for key: PublicKey) throws -> [UInt8] {
    switch key {
    case .p256(let key):
      let start = try #require(
        Hex.decode(
          "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420"))
      return start + octets + [0xA1, 0x44, 0x03, 0x42, 0x00] + key.point
    case .ed25519, .rsa:
      return try #require(Hex.decode("302e020100300506032b657004220420")) + octets
    }
  }

  /// Whether any 32 octets of a file are the private half of the key.
  private func holds(_ file: [UInt8], _ key: PublicKey) throws -> Bool {
    try (0...(file.count - 32)).contains { start in
      let der = try wrapped(file[start..<(start + 32)], for: key)
      let text =
        "-----BEGIN PRIVATE KEY-----\n\(Base64.encode(der))\n-----END PRIVATE KEY-----\n"
      try folder.write("try.pem", Array(text.utf8))
      let found = try? SoftwareKey(readingPEM: folder.file("try.pem"))
      return found?.publicKey == key
    }
  }

  @Test(
    "the private half is in a file in clear, and not in a key file of a store",
    arguments: [SoftwareKey.Kind.p256, .ed25519])
  func search(kind: SoftwareKey.Kind) throws {
    let client = try ClientKey.generate(kind)
    try client.write(toNewFile: folder.file("client.pem"))
    let text = String(decoding: try folder.read("client.pem"), as: UTF8.self)
    let body = text.split(separator: "\n").dropFirst().dropLast().joined()
    let clear = try #require(Base64.decode(Array(body.utf8)))
    #expect(try holds(clear, client.key.publicKey))

    let store = try KeyStore.create(
      at: folder.file("s"), estate: "Test A", passphrase: try Secret.of("right"),
      cost: Scrypt(logN: 14))
    let key = try store.generate(label: "k", kind: kind)
    #expect(try !holds(try folder.read("s/k.key"), key.publicKey))
    #expect(try !holds(try folder.read("s/store"), key.publicKey))
  }

  @Test("no key file holds the opening of a private key")
  func opening() throws {
    let store = try KeyStore.create(
      at: folder.file("s"), estate: "Test A", passphrase: try Secret.of("right"),
      cost: Scrypt(logN: 14))
    // AlgorithmIdentifier and the tag after it stand in the private key's PKCS #8 only.
    let marks: [(SoftwareKey.Kind, String)] = [
      (.p256, "301306072a8648ce3d020106082a8648ce3d03010704"),
      (.ed25519, "300506032b65700422"), (.rsa2048, "300d06092a864886f70d010101050004"),
    ]
    for (kind, mark) in marks {
      let mark = try #require(Hex.decode(mark))
      let client = try ClientKey.generate(kind)
      let pem = folder.file("\(kind.rawValue).pem")
      try client.write(toNewFile: pem)
      let text = String(decoding: try folder.read("\(kind.rawValue).pem"), as: UTF8.self)
      let body = text.split(separator: "\n").dropFirst().dropLast().joined()
      let clear = try #require(Base64.decode(Array(body.utf8)))
      _ = try store.generate(label: kind.rawValue, kind: kind)
      let sealed = try folder.read("s/\(kind.rawValue).key")
      let inClear = clear.indices.contains { clear[$0...].starts(with: mark) }
      let inStore = sealed.indices.contains { sealed[$0...].starts(with: mark) }
      #expect(inClear && !inStore)
    }
  }
}
