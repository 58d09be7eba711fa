// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Keys
import TestToken
import Testing

/// One after the other: SoftHSM reads an object now and then while another session is writing it,
/// and then it is not there or `CKR_GENERAL_ERROR`.
@Suite(
  "Keys in a token", .enabled(if: TestToken.isThere, "SoftHSM is not installed"), .serialized)
struct TokenTests {
  private static func name() -> String { "k-" + UUID().uuidString.lowercased() }

  @Test(
    "a key is made in the token, signs, is listed and destroyed",
    arguments: [
      SoftwareKey.Kind.p256, .rsa2048,
    ])
  func life(kind: SoftwareKey.Kind) throws {
    let token = try TestToken.token("keys")
    let label = Self.name()
    let key = try token.generate(label: label, kind: kind)
    let message = Array("a message".utf8)
    #expect(key.publicKey.isValid(try key.sign(message), over: message))
    #expect(try token.labels().contains(label))
    #expect(try token.key(label: label).publicKey == key.publicKey)
    #expect(throws: KeyError.self) { try token.generate(label: label, kind: kind) }
    try token.destroy(label: label)
    #expect(try !token.labels().contains(label))
    #expect(throws: KeyError.self) { try token.key(label: label) }
    #expect(throws: TokenFault.self) { try key.sign(message) }
    #expect(throws: KeyError.self) { try token.destroy(label: label) }
    #expect(token.fault == nil, "a key that is missing is no fault of the token")
  }

  @Test("other people's tool sees a key that cannot leave the token")
  func outside() throws {
    let token = try TestToken.token("keys")
    let label = Self.name()
    _ = try token.generate(label: label, kind: .p256)
    let objects = try TestToken.run(
      "/usr/bin/pkcs11-tool",
      [
        "--module", TestToken.softHSM, "--token-label", "keys", "--login", "--pin", TestToken.pin,
        "--list-objects", "--type", "privkey",
      ])
    let own = try #require(
      objects.components(separatedBy: "Private Key Object").first { $0.contains(label) })
    #expect(own.contains("smki/test/TEST/\(label)"))
    #expect(own.contains("sensitive, always sensitive, never extractable, local"))
    try token.destroy(label: label)
  }

  @Test("many messages at once are each signed, over all sessions")
  func many() throws {
    let token = try TestToken.token("keys")
    let label = Self.name()
    let key = try token.generate(label: label, kind: .p256)
    let messages = (0..<300).map { Array("message \($0)".utf8) }
    let signatures = try key.sign(all: messages)
    #expect(zip(signatures, messages).allSatisfy { key.publicKey.isValid($0, over: $1) })
    #expect(Set(signatures).count == messages.count)
    #expect(try key.sign(all: []) == [])
    try token.destroy(label: label)
  }

  @Test("one estate does not find another's keys", .clause("C3-84-2"))
  func estates() throws {
    let test = try TestToken.token("keys", owner: "test/ALPHA")
    let live = try TestToken.token("keys", owner: "live/ALPHA")
    let label = Self.name()
    let key = try test.generate(label: label, kind: .p256)
    #expect(throws: KeyError.self) { try live.key(label: label) }
    #expect(try !live.labels().contains(label))
    #expect(throws: KeyError.self) { try live.destroy(label: label) }
    let guessed = try live.key(label: label, publicKey: key.publicKey)
    #expect(throws: TokenFault.self) { try guessed.sign([1]) }
    #expect(throws: KeyError.self) { try live.key(label: "../../test/ALPHA/\(label)") }
    #expect(try test.key(label: label).publicKey == key.publicKey)
    try test.destroy(label: label)
  }

  @Test("a key that was made elsewhere and brought in is not used", .clause("C3-84-2"))
  func imported() throws {
    let folder = try TemporaryFolder()
    let label = Self.name()
    _ = try TestToken.folder.get()
    try TestToken.run(
      "/usr/bin/openssl",
      [
        "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-outform", "DER",
        "-out", folder.file("key.der"),
      ])
    try TestToken.run(
      "/usr/bin/pkcs11-tool",
      [
        "--module", TestToken.softHSM, "--token-label", "imported", "--login", "--pin",
        TestToken.pin,
        "--write-object", folder.file("key.der"), "--type", "privkey", "--label",
        "smki/test/TEST/\(label)",
      ])
    let token = try TestToken.token("imported")
    #expect(throws: TokenFault.self) { try token.key(label: label) }
    let public256 = try SoftwareKey.generate(.p256).publicKey
    let key = try token.key(label: label, publicKey: public256)
    #expect(throws: TokenFault.self) { try key.sign([1]) }
    try token.destroy(label: label)
  }
}
