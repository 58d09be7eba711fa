// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Testing

@Suite("Encryption")
struct CipherTests {
  @Test(
    "the examples of RFC 5649, 6, wrap and unwrap",
    arguments: [
      (
        "c37b7e6492584340bed12207808941155068f738",
        "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"
      ), ("466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f"),
    ])
  func wrap(key: String, wrapped: String) throws {
    let key = try #require(Hex.decode(key))
    let wrapped = try #require(Hex.decode(wrapped))
    let under = try #require(Hex.decode("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8"))
    let found = try KeyWrap.wrap(try Secret.of(key), under: try Secret.of(under))
    #expect(found == wrapped)
    let back = try KeyWrap.unwrap(wrapped, under: try Secret.of(under)).octets
    #expect(back == key)
  }

  @Test("keys of 1 to 64 octets come back from under 256 bits, and no changed octet is taken")
  func wrapEachLength() throws {
    let under = try Secret.random(32)
    for count in 1...64 {
      let key = Random.bytes(count)
      let wrapped = try KeyWrap.wrap(try Secret.of(key), under: under)
      #expect(wrapped.count == (count + 7) / 8 * 8 + 8)
      let back = try KeyWrap.unwrap(wrapped, under: under).octets
      #expect(back == key)
      for index in wrapped.indices where count.isMultiple(of: 13) {
        var changed = wrapped
        changed[index] ^= 1
        let error = #expect(throws: KeyError.self) { _ = try KeyWrap.unwrap(changed, under: under) }
        #expect(error?.code == .damaged)
      }
    }
  }

  @Test("what is not a wrapped key, and keys that cannot wrap, are refused")
  func wrapRefused() throws {
    let under = try Secret.random(32)
    for count in [0, 8, 15, 17] {
      let error = #expect(throws: KeyError.self) {
        _ = try KeyWrap.unwrap([UInt8](repeating: 1, count: count), under: under)
      }
      #expect(error?.code == .damaged)
    }
    let empty = #expect(throws: KeyError.self) {
      _ = try KeyWrap.wrap(try Secret.of([]), under: under)
    }
    #expect(empty?.code == .wrongLength)
    let short = #expect(throws: KeyError.self) {
      _ = try KeyWrap.wrap(
        try Secret.of([1]), under: try Secret.of([UInt8](repeating: 1, count: 31)))
    }
    #expect(short?.code == .wrongLength)
  }

  @Test("test cases 15 and 16 of the GCM specification come out")
  func gcm() throws {
    let key = try Secret.of(
      try #require(
        Hex.decode("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")))
    let nonce = try #require(Hex.decode("cafebabefacedbaddecaf888"))
    let text = try #require(
      Hex.decode(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
          + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"))
    let cipher = try #require(
      Hex.decode(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
          + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"))
    let context = try #require(Hex.decode("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
    let tag15 = try #require(Hex.decode("b094dac5d93471bdec1a502270e3cc6c"))
    let tag16 = try #require(Hex.decode("76fc6ece0f4e1768cddf8853bb2d551b"))
    let whole = try AES256GCM.seal(text, under: key, context: []) { _ in nonce }
    #expect(whole == nonce + cipher + tag15)
    let cut = try AES256GCM.seal(Array(text.prefix(60)), under: key, context: context) { _ in nonce
    }
    #expect(cut == nonce + cipher.prefix(60) + tag16)
    #expect(try AES256GCM.open(cut[...], under: key, context: context) == Array(text.prefix(60)))
  }

  @Test("nothing changed opens: text, tag, nonce, context or key")
  func gcmRefused() throws {
    let key = try Secret.random(32)
    let sealed = try AES256GCM.seal([1, 2, 3], under: key, context: [9])
    #expect(try AES256GCM.open(sealed[...], under: key, context: [9]) == [1, 2, 3])
    for index in sealed.indices {
      var changed = sealed
      changed[index] ^= 0x80
      let error = #expect(throws: KeyError.self) {
        try AES256GCM.open(changed[...], under: key, context: [9])
      }
      #expect(error?.code == .damaged)
      #expect(throws: KeyError.self) {
        try AES256GCM.open(sealed[..<index], under: key, context: [9])
      }
    }
    #expect(throws: KeyError.self) { try AES256GCM.open(sealed[...], under: key, context: []) }
    let other = try Secret.random(32)
    #expect(throws: KeyError.self) { try AES256GCM.open(sealed[...], under: other, context: [9]) }
    let short = try Secret.random(16)
    let error = #expect(throws: KeyError.self) {
      try AES256GCM.seal([1], under: short, context: [])
    }
    #expect(error?.code == .wrongLength)
  }

  @Test("nothing at all can be sealed, and two sealings differ")
  func gcmEmpty() throws {
    let key = try Secret.random(32)
    let one = try AES256GCM.seal([], under: key, context: [])
    let two = try AES256GCM.seal([], under: key, context: [])
    #expect(one.count == 28 && one != two)
    #expect(try AES256GCM.open(one[...], under: key, context: []).isEmpty)
  }
}
