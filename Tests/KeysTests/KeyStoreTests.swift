// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation
import Keys
import Testing
import Threads

@Suite("The store of keys")
struct KeyStoreTests {
  /// The lowest cost that is taken: these tests open many stores.
  private static let cost = Scrypt(logN: 14)

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func create(_ name: String, estate: String = "Test A") throws -> KeyStore {
    try KeyStore.create(
      at: folder.file(name), estate: estate, passphrase: try Secret.of("right"), cost: Self.cost)
  }

  private func refusal(_ body: () throws -> Void) -> KeyError.Code? {
    do {
      try body()
      return nil
    } catch {
      return (error as? KeyError)?.code
    }
  }

  @Test("a key comes back from a store that is opened again", arguments: SoftwareKey.Kind.allCases)
  func roundTrip(kind: SoftwareKey.Kind) throws {
    let made = try create("s").generate(label: "issuing-1", kind: kind)
    let store = try KeyStore.open(
      at: folder.file("s"), estate: "Test A", passphrase: try Secret.of("right"))
    let key = try store.key(label: "issuing-1")
    #expect(key.publicKey == made.publicKey && key.kind == kind)
    #expect(made.publicKey.isValid(try key.sign([1, 2, 3]), over: [1, 2, 3]))
    #expect(try store.labels() == ["issuing-1"])
    #expect(try folder.names() == ["s"])
    #expect(try folder.mode("s") == 0o700)
    #expect(try folder.mode("s/store") == 0o600)
    #expect(try folder.mode("s/issuing-1.key") == 0o600)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: store.path).sorted()
        == ["issuing-1.key", "store"])
  }

  @Test("a store opens by its own passphrase and for its own estate only")
  func wrongPassphraseAndEstate() throws {
    _ = try create("s")
    let path = folder.file("s")
    #expect(
      refusal {
        _ = try KeyStore.open(at: path, estate: "Test A", passphrase: try Secret.of("Right"))
      } == .wrongPassphrase)
    #expect(
      refusal {
        _ = try KeyStore.open(at: path, estate: "Test B", passphrase: try Secret.of("right"))
      } == .wrongEstate)
    #expect(
      refusal {
        _ = try KeyStore.open(
          at: folder.file("none"), estate: "Test A", passphrase: try Secret.of("right"))
      } == .noSuchStore)
    #expect(refusal { _ = try create("s") } == .storeExists)
    #expect(refusal { _ = try create("t", estate: "") } == .wrongLength)
  }

  @Test("a key file of another estate, of another store, or under another name is refused")
  func strangers() throws {
    let here = try create("a")
    let sameEstate = try create("b")
    let otherEstate = try create("c", estate: "Live")
    for store in [here, sameEstate, otherEstate] { _ = try store.generate(label: "k", kind: .p256) }
    try folder.write("a/k2.key", try folder.read("a/k.key"))
    #expect(refusal { _ = try here.key(label: "k2") } == .wrongLabel)
    try folder.write("a/k.key", try folder.read("b/k.key"))
    #expect(refusal { _ = try here.key(label: "k") } == .damaged)
    try folder.write("a/k.key", try folder.read("c/k.key"))
    #expect(refusal { _ = try here.key(label: "k") } == .wrongEstate)
    // The estate's name changed in the file does not help: it is authenticated.
    let live = Array("Live".utf8)
    let forged = try folder.read("c/k.key")
    let place = try #require((0..<forged.count - 4).first { Array(forged[$0..<$0 + 4]) == live })
    let renamed =
      forged[..<(place - 2)] + [0, 6] + Array("Test A".utf8) + forged[(place + 4)...]
    try folder.write("a/k.key", Array(renamed))
    #expect(refusal { _ = try here.key(label: "k") } == .damaged)
  }

  @Test(
    "each changed, missing or added octet of a key file is refused",
    arguments: SoftwareKey.Kind.allCases)
  func eachOctetOfAKey(kind: SoftwareKey.Kind) throws {
    let store = try create("s")
    let key = try store.generate(label: "k", kind: kind)
    let file = try folder.read("s/k.key")
    for index in file.indices {
      var changed = file
      changed[index] ^= 1 << (index % 8)
      try folder.write("s/k.key", changed)
      #expect(refusal { _ = try store.key(label: "k") } != nil, "octet \(index)")
    }
    for changed in [Array(file.dropLast()), file + [0], [], Array(file.prefix(11))] {
      try folder.write("s/k.key", changed)
      #expect(refusal { _ = try store.key(label: "k") } == .damaged)
    }
    try folder.write("s/k.key", file)
    #expect(try store.key(label: "k").publicKey == key.publicKey)
  }

  @Test("each changed, missing or added octet of the header is damage, not a wrong passphrase")
  func eachOctetOfTheHeader() throws {
    _ = try create("s")
    let passphrase = try Secret.of("right")
    let header = try folder.read("s/store")
    var files = header.indices.map { index in
      var changed = header
      changed[index] ^= 1 << (index % 8)
      return changed
    }
    files += [Array(header.dropLast()), header + [0], []]
    for file in files {
      try folder.write("s/store", file)
      let code = refusal {
        _ = try KeyStore.open(at: folder.file("s"), estate: "Test A", passphrase: passphrase)
      }
      #expect(code == .damaged)
    }
  }

  @Test("an estate's name changed in the header, with its digest mended, does not open")
  func forgedHeader() throws {
    _ = try create("s", estate: "Live A")
    let header = try folder.read("s/store")
    let text = String(decoding: header, as: Unicode.ASCII.self)
    #expect(text.contains("Live A"))
    var forged = Array(header.dropLast(32))
    let place = try #require(
      (0..<forged.count - 6).first { Array(forged[$0..<$0 + 6]) == Array("Live A".utf8) })
    forged.replaceSubrange(place..<place + 6, with: Array("Test A".utf8))
    try folder.write("s/store", forged + Digest.sha256(forged))
    #expect(
      refusal {
        _ = try KeyStore.open(
          at: folder.file("s"), estate: "Test A", passphrase: try Secret.of("right"))
      } == .wrongPassphrase)
  }

  @Test(
    "a header that asks for too much or too little work is damaged", arguments: [0, 13, 21, 255])
  func cost(logN: UInt8) throws {
    _ = try create("s")
    var header = Array(try folder.read("s/store").dropLast(32))
    let place = try #require(header.firstIndex(of: 10)) + 1
    #expect(header[place] == 14)
    header[place] = logN
    try folder.write("s/store", header + Digest.sha256(header))
    #expect(
      refusal {
        _ = try KeyStore.open(
          at: folder.file("s"), estate: "Test A", passphrase: try Secret.of("right"))
      } == .damaged)
  }

  @Test("after a change of passphrase the new one opens the same keys and the old one nothing")
  func changePassphrase() throws {
    let store = try create("s")
    let key = try store.generate(label: "k", kind: .p256)
    try store.changePassphrase(to: try Secret.of("new"), cost: Self.cost)
    #expect(
      refusal {
        _ = try KeyStore.open(
          at: folder.file("s"), estate: "Test A", passphrase: try Secret.of("right"))
      } == .wrongPassphrase)
    let again = try KeyStore.open(
      at: folder.file("s"), estate: "Test A", passphrase: try Secret.of("new"))
    #expect(try again.key(label: "k").publicKey == key.publicKey)
    #expect(try folder.mode("s/store") == 0o600)
  }

  @Test("a label is used once, also by threads that race for it")
  func labelTaken() throws {
    let store = try create("s")
    let made = Guarded(0)
    let taken = Guarded(0)
    let workers = (0..<8).map { number in
      Worker(name: "maker \(number)") {
        do {
          _ = try store.generate(label: "k", kind: .p256)
          made.change { $0 += 1 }
        } catch let error as KeyError where error.code == .labelTaken {
          taken.change { $0 += 1 }
        } catch {}
      }
    }
    for worker in workers { worker.join() }
    #expect(made.value == 1 && taken.value == 7)
    #expect(try folder.names() == ["s"])
    #expect(try store.labels() == ["k"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: store.path).count == 2)
  }

  @Test("a destroyed key is gone, and its octets are not left in its file")
  func destroy() throws {
    let store = try create("s")
    _ = try store.generate(label: "a", kind: .p256)
    _ = try store.generate(label: "b", kind: .ed25519)
    let before = try folder.read("s/a.key")
    // A second name for the same file shows what was written over it.
    try FileManager.default.linkItem(atPath: folder.file("s/a.key"), toPath: folder.file("seen"))
    try store.destroy(label: "a")
    let after = try folder.read("seen")
    #expect(after.count == before.count)
    #expect(zip(after, before).filter { $0 == $1 }.count < before.count / 8)
    #expect(try store.labels() == ["b"])
    #expect(refusal { _ = try store.key(label: "a") } == .noSuchKey)
    #expect(refusal { try store.destroy(label: "a") } == .noSuchKey)
    _ = try store.generate(label: "a", kind: .p256)
  }

  @Test(
    "labels are plain names of files",
    arguments: [
      ("a", true), ("Device.Issuing_1-B", true), (String(repeating: "x", count: 64), true),
      ("", false), (String(repeating: "x", count: 65), false), (".a", false), ("-a", false),
      ("../a", false), ("a/b", false), ("a b", false), ("ä", false), ("a\u{0}", false),
    ])
  func labels(label: String, isLabel: Bool) throws {
    let store = try create("s")
    #expect(KeyStore.isLabel(label) == isLabel)
    let expected: KeyError.Code = isLabel ? .noSuchKey : .badLabel
    #expect(refusal { _ = try store.key(label: label) } == expected)
    #expect(refusal { try store.destroy(label: label) } == expected)
    #expect(
      refusal { _ = try store.generate(label: label, kind: .ed25519) }
        == (isLabel ? nil : .badLabel))
  }

  @Test("a store that others could write or read is not used")
  func tooOpen() throws {
    let store = try create("s")
    _ = try store.generate(label: "k", kind: .p256)
    let key = try folder.read("s/k.key")
    try folder.write("s/k.key", key, mode: 0o644)
    #expect(refusal { _ = try store.key(label: "k") } == .tooOpen)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o770], ofItemAtPath: folder.file("s"))
    #expect(
      refusal {
        _ = try KeyStore.open(
          at: folder.file("s"), estate: "Test A", passphrase: try Secret.of("right"))
      } == .tooOpen)
    #expect(refusal { _ = try create("s") } == .tooOpen)
  }

  @Test("a file half written is never read")
  func leftOver() throws {
    let store = try create("s")
    try folder.write("s/.k.key.0011223344556677", [1, 2, 3])
    #expect(try store.labels().isEmpty)
    _ = try store.generate(label: "k", kind: .p256)
    #expect(try store.labels() == ["k"])
  }
}
