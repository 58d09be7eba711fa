// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation
import Keys
import TestProcess
import Testing

@Suite("Private keys in PEM")
struct ClientKeyTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func openssl(_ arguments: String...) throws -> (status: Int32, output: [UInt8]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitForEnd()
    return (process.terminationStatus, Array(bytes))
  }

  @Test(
    "a client key is written once, privately, and read back", arguments: SoftwareKey.Kind.allCases)
  func plain(kind: SoftwareKey.Kind) throws {
    let client = try ClientKey.generate(kind)
    let path = folder.file("client.pem")
    try client.write(toNewFile: path)
    #expect(try folder.mode("client.pem") == 0o600)
    #expect(try folder.names() == ["client.pem"])
    let text = String(decoding: try folder.read("client.pem"), as: UTF8.self)
    #expect(text.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    let key = try SoftwareKey(readingPEM: path)
    #expect(key.publicKey == client.key.publicKey)
    #expect(client.key.publicKey.isValid(try key.sign([5]), over: [5]))
    #expect(try openssl("pkey", "-in", path, "-noout", "-check").status == 0)
    let error = #expect(throws: KeyError.self) { try client.write(toNewFile: path) }
    #expect(error?.code == .labelTaken)
  }

  @Test("an encrypted client key needs its passphrase")
  func encrypted() throws {
    let client = try ClientKey.generate()
    let path = folder.file("client.pem")
    try client.write(toNewFile: path, encryptedUnder: try Secret.of("open sesame"))
    let text = String(decoding: try folder.read("client.pem"), as: UTF8.self)
    #expect(text.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
    let key = try SoftwareKey(readingPEM: path, passphrase: try Secret.of("open sesame"))
    #expect(key.publicKey == client.key.publicKey)
    #expect(
      try openssl("pkey", "-in", path, "-passin", "pass:open sesame", "-noout").status == 0)
    let wrong = #expect(throws: KeyError.self) {
      _ = try SoftwareKey(readingPEM: path, passphrase: try Secret.of("open sesamE"))
    }
    #expect(wrong?.code == .wrongPassphrase)
    let none = #expect(throws: KeyError.self) { _ = try SoftwareKey(readingPEM: path) }
    #expect(none?.code == .wrongPassphrase)
  }

  @Test("a passphrase that was read from a file is used without its line end")
  func passphraseFile() throws {
    let client = try ClientKey.generate(.p256)
    try folder.write("p", Array("open sesame\n".utf8))
    let path = folder.file("client.pem")
    try client.write(toNewFile: path, encryptedUnder: try Secret(readingFile: folder.file("p")))
    for passphrase in ["open sesame", "p"] {
      let secret =
        passphrase == "p"
        ? try Secret(readingFile: folder.file("p")) : try Secret.of(passphrase)
      let key = try SoftwareKey(readingPEM: path, passphrase: secret)
      #expect(key.publicKey == client.key.publicKey)
    }
  }

  @Test(
    "keys that OpenSSL's command made are read, or refused by their kind",
    arguments: [
      (["EC", "ec_paramgen_curve:P-256"], nil), (["RSA", "rsa_keygen_bits:2048"], nil),
      (["EC", "ec_paramgen_curve:P-384"], .unsupportedKey),
      (["RSA", "rsa_keygen_bits:3072"], .unsupportedKey),
      (["X25519", nil], .unsupportedKey), (["ED25519", nil], nil),
    ] as [([String?], KeyError.Code?)])
  func fromOutside(kind: [String?], code: KeyError.Code?) throws {
    let path = folder.file("key.pem")
    let name = try #require(kind[0])
    let made =
      if let option = kind[1] {
        try openssl("genpkey", "-algorithm", name, "-pkeyopt", option, "-out", path)
      } else {
        try openssl("genpkey", "-algorithm", name, "-out", path)
      }
    #expect(made.status == 0)
    guard let code else {
      let key = try SoftwareKey(readingPEM: path)
      #expect(key.publicKey.isValid(try key.sign([1]), over: [1]))
      return
    }
    let error = #expect(throws: KeyError.self) { _ = try SoftwareKey(readingPEM: path) }
    #expect(error?.code == code)
  }

  @Test("a key whose halves do not fit, and text that is no key, are damaged")
  func damaged() throws {
    let path = folder.file("key.pem")
    try ClientKey.generate(.p256).write(toNewFile: path)
    let text = String(decoding: try folder.read("key.pem"), as: UTF8.self)
    let body = text.split(separator: "\n").dropFirst().dropLast().joined()
    var der = try #require(Base64.decode(Array(body.utf8)))
    // The scalar begins at octet 36 of the 138 of a P-256 key in PKCS #8.
    #expect(der.count == 138)
    der[40] ^= 1
    let changed =
      "-----BEGIN PRIVATE KEY-----\n\(Base64.encode(der))\n-----END PRIVATE KEY-----\n"
    for content in [changed, "no key", ""] {
      try folder.write("key.pem", Array(content.utf8))
      let error = #expect(throws: KeyError.self) { _ = try SoftwareKey(readingPEM: path) }
      #expect(error?.code == .damaged)
    }
  }
}
