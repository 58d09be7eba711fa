// SPDX-License-Identifier: Apache-2.0

import Keys
import Testing

@Suite("Secrets in the store")
struct SecretFileTests {
  private let folder: TemporaryFolder
  private let octets = Array("a symmetric key of 32 octets ...".utf8)

  init() throws {
    folder = try TemporaryFolder()
  }

  private func create(_ name: String, estate: String = "Test A") throws -> KeyStore {
    try KeyStore.create(
      at: folder.file(name), estate: estate, passphrase: try Secret.of("right"),
      cost: Scrypt(logN: 14))
  }

  private func refusal(_ store: KeyStore, _ label: String) -> KeyError.Code? {
    do {
      _ = try store.secret(label: label)
      return nil
    } catch {
      return (error as? KeyError)?.code
    }
  }

  @Test("a secret comes back from a store that is opened again, and is not in clear on the disk")
  func roundTrip() throws {
    let store = try create("s")
    try store.keep(try Secret.of(octets), label: "wrap")
    let again = try KeyStore.open(
      at: folder.file("s"), estate: "Test A", passphrase: try Secret.of("right"))
    let found = try again.secret(label: "wrap").octets
    #expect(found == octets)
    let file = try folder.read("s/wrap.secret")
    let isInClear = file.indices.contains { file[$0...].starts(with: octets.prefix(8)) }
    #expect(!isInClear)
    #expect(try folder.mode("s/wrap.secret") == 0o600)
    #expect(try store.labels().isEmpty)
    #expect(refusal(store, "none") == .noSuchKey)
    #expect(refusal(store, "../wrap") == .badLabel)
    let error = #expect(throws: KeyError.self) {
      try store.keep(try Secret.of([1]), label: "wrap")
    }
    #expect(error?.code == .labelTaken)
  }

  @Test("each changed octet of a secret's file is refused")
  func eachOctet() throws {
    let store = try create("s")
    try store.keep(try Secret.of(octets), label: "wrap")
    let file = try folder.read("s/wrap.secret")
    for index in file.indices {
      var changed = file
      changed[index] ^= 1 << (index % 8)
      try folder.write("s/wrap.secret", changed)
      #expect(refusal(store, "wrap") != nil, "octet \(index)")
    }
    try folder.write("s/wrap.secret", file)
    #expect(refusal(store, "wrap") == nil)
  }

  @Test("a secret of another name, store or estate is refused, and so is a key under its name")
  func strangers() throws {
    let here = try create("a")
    for (name, estate) in [("b", "Test A"), ("c", "Live")] {
      try create(name, estate: estate).keep(try Secret.of(octets), label: "wrap")
    }
    try here.keep(try Secret.of(octets), label: "wrap")
    _ = try here.generate(label: "k", kind: .p256)
    try folder.write("a/other.secret", try folder.read("a/wrap.secret"))
    #expect(refusal(here, "other") == .wrongLabel)
    try folder.write("a/wrap.secret", try folder.read("b/wrap.secret"))
    #expect(refusal(here, "wrap") == .damaged)
    try folder.write("a/wrap.secret", try folder.read("c/wrap.secret"))
    #expect(refusal(here, "wrap") == .wrongEstate)
    try folder.write("a/k.secret", try folder.read("a/k.key"))
    #expect(refusal(here, "k") == .damaged)
  }
}
