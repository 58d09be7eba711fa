// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Testing

@Suite("Public keys")
struct PublicKeyTests {
  private static let generator =
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"

  @Test("the base point of P-256 is a point, whole and as a slice")
  func onCurve() throws {
    let octets = try #require(Hex.decode(Self.generator))
    #expect(try P256PublicKey(uncompressed: octets).point == octets)
    #expect(try P256PublicKey(uncompressed: ([9] + octets)[1...]).point == octets)
  }

  @Test(
    "anything but an uncompressed point on the curve is refused by its reason",
    arguments: [
      (2, 33, KeyError.Code.compressedPoint), (3, 33, .compressedPoint),
      (6, 65, .compressedPoint), (7, 65, .compressedPoint), (4, 64, .wrongLength),
      (4, 66, .wrongLength), (0, 1, .wrongLength), (4, 0, .wrongLength), (5, 65, .notOnCurve),
      (0, 65, .notOnCurve),
    ])
  func refused(first: UInt8, count: Int, code: KeyError.Code) throws {
    var octets = Array(try #require(Hex.decode(Self.generator)).prefix(count))
    if count > 65 { octets.append(0) }
    if !octets.isEmpty { octets[0] = first }
    let error = #expect(throws: KeyError.self) { try P256PublicKey(uncompressed: octets) }
    #expect(error?.code == code)
  }

  @Test("each changed octet of a point takes it off the curve")
  func offCurve() throws {
    let octets = try #require(Hex.decode(Self.generator))
    for index in 1..<65 {
      var changed = octets
      changed[index] ^= 0x01
      let error = #expect(throws: KeyError.self) { try P256PublicKey(uncompressed: changed) }
      #expect(error?.code == .notOnCurve, "octet \(index)")
    }
    // A coordinate of p or more is not a field element, even where it is congruent to one.
    let allOnes = [4] + [UInt8](repeating: 0xFF, count: 64)
    let error = #expect(throws: KeyError.self) { try P256PublicKey(uncompressed: allOnes) }
    #expect(error?.code == .notOnCurve)
  }

  @Test(
    "an RSA key must have 2048 bits and a sound exponent",
    arguments: [
      ([1, 0, 1], 256, 0x80, 1, true), ([1, 0, 1], 255, 0x80, 1, false),
      ([1, 0, 1], 257, 0x80, 1, false), ([1, 0, 1], 256, 0x7F, 1, false),
      ([1, 0, 1], 256, 0x80, 2, false), ([1, 0, 0], 256, 0x80, 1, false),
      ([3], 256, 0x80, 1, false), ([0, 1, 0, 1], 256, 0x80, 1, false), ([], 256, 0x80, 1, false),
      ([UInt8](repeating: 1, count: 32), 256, 0xFF, 1, true),
      ([UInt8](repeating: 1, count: 33), 256, 0xFF, 1, false),
    ] as [([UInt8], Int, UInt8, UInt8, Bool)])
  func rsa(exponent: [UInt8], count: Int, high: UInt8, low: UInt8, isSound: Bool) {
    let modulus = [high] + [UInt8](repeating: 0, count: count - 2) + [low]
    let key = try? RSAPublicKey(modulus: modulus[...], exponent: exponent[...])
    #expect((key != nil) == isSound)
    if isSound { #expect(key?.exponent == exponent && key?.modulus == modulus) }
  }

  @Test(
    "the first examples of RFC 8032, 7.1, verify",
    arguments: [
      (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
          + "701cf9b46bd25bf5f0595bbe24655141438e7a100b"
      ),
      (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
          + "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
      ),
      (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7"
          + "60984dc6594a7c15e9716ed28dc027beceea1ec40a"
      ),
    ])
  func ed25519(key: String, message: String, signature: String) throws {
    let key = PublicKey.ed25519(try #require(Hex.decode(key)))
    let message = try #require(Hex.decode(message))
    let signature = try #require(Hex.decode(signature))
    #expect(key.isValid(signature, over: message))
    #expect(!key.isValid(signature, over: message + [0]))
    #expect(!PublicKey.ed25519([1, 2, 3]).isValid(signature, over: message))
  }
}
