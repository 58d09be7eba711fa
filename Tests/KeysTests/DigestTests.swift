// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Testing

@Suite("Digests")
struct DigestTests {
  private static let longMessage = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

  @Test(
    "the examples of FIPS 180 and RFC 6234 come out",
    arguments: [
      (Digest.Algorithm.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (.sha1, longMessage, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
      (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        .sha256, longMessage, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        .sha384, "abc",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
          + "8086072ba1e7cc2358baeca134c825a7"
      ),
    ])
  func examples(algorithm: Digest.Algorithm, message: String, digest: String) throws {
    let expected = try #require(Hex.decode(digest))
    #expect(Digest.digest(Array(message.utf8), algorithm) == expected)
    var running = try RunningDigest(algorithm)
    running.add(Array(message.utf8.prefix(2)))
    running.add(message.utf8.dropFirst(2))
    let finished = running.finish()
    #expect(finished == expected)
    #expect(algorithm.count == expected.count)
  }

  @Test("the named functions are the algorithms of their names, over slices too")
  func names() {
    let message = Array("xabcx".utf8)
    let slice = message[1...3]
    #expect(Digest.sha1(slice) == Digest.digest(Array("abc".utf8), .sha1))
    #expect(Digest.sha256(slice) == Digest.digest(Array("abc".utf8), .sha256))
    #expect(Digest.sha384(slice) == Digest.digest(Array("abc".utf8), .sha384))
  }

  @Test("random bytes have the length asked for and do not repeat")
  func random() {
    #expect(Random.bytes(0).isEmpty)
    let drawn = Set((0..<1000).map { _ in Random.bytes(16) })
    #expect(drawn.count == 1000)
    #expect(drawn.allSatisfy { $0.count == 16 })
  }
}
