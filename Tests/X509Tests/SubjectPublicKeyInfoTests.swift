// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Testing
import X509

@Suite("Public keys")
struct SubjectPublicKeyInfoTests {
  private static let point = [0x04] + [UInt8](repeating: 0x5A, count: 64)

  private static func encoded(_ algorithm: AlgorithmIdentifier, _ bits: BitString) -> [UInt8] {
    Writer.write {
      $0.sequence {
        algorithm.write(into: &$0)
        $0.bitString(bits)
      }
    }
  }

  private static func read(_ bytes: [UInt8]) throws(DERError) -> SubjectPublicKeyInfo {
    try Reader.read(bytes) { (reader) throws(DERError) in try SubjectPublicKeyInfo(from: &reader) }
  }

  private static let compressed = [0x02] + [UInt8](repeating: 0x5A, count: 32)
  private static let p384 = AlgorithmIdentifier(
    .ecPublicKey, parameters: Writer.write { $0.objectIdentifier("1.3.132.0.34") })
  private static let rsa = AlgorithmIdentifier(.rsaEncryption, parameters: [0x05, 0x00])

  /// Keys that cannot be used, each for its own reason.
  static let unusable: [(String, [UInt8], SubjectPublicKeyInfo.Problem)] = [
    ("P-384", encoded(p384, BitString(point)), .curve("1.3.132.0.34")),
    (
      "no curve", encoded(AlgorithmIdentifier(.ecPublicKey), BitString(point)), .unnamedCurve
    ),
    (
      "curve by its numbers",
      encoded(AlgorithmIdentifier(.ecPublicKey, parameters: [0x30, 0x00]), BitString(point)),
      .unnamedCurve
    ),
    ("compressed", encoded(.p256Key, BitString(compressed)), .compressedPoint),
    (
      "hybrid", encoded(.p256Key, BitString([0x06] + point.dropFirst())),
      .malformedPoint(octets: 65)
    ),
    (
      "64 octets", encoded(.p256Key, BitString(point.dropLast())), .malformedPoint(octets: 64)
    ),
    ("66 octets", encoded(.p256Key, BitString(point + [0])), .malformedPoint(octets: 66)),
    ("infinity", encoded(.p256Key, BitString([0])), .malformedPoint(octets: 1)),
    ("half an octet", encoded(.p256Key, BitString(bits: [3])), .malformedKey),
    ("X25519", encoded(AlgorithmIdentifier("1.3.101.110"), BitString(point)), algorithm),
    (
      "Ed25519 with NULL",
      encoded(AlgorithmIdentifier(.ed25519, parameters: [5, 0]), BitString(point)), .parameters
    ),
    ("Ed25519 of 65 octets", encoded(.ed25519, BitString(point)), .malformedKey),
    (
      "RSA without NULL", encoded(AlgorithmIdentifier(.rsaEncryption), BitString([0x30, 0])),
      .parameters
    ),
    ("RSA without numbers", encoded(rsa, BitString([0x30, 0x00])), .malformedKey),
    (
      "RSA with modulus 0", encoded(rsa, BitString([0x30, 6, 2, 1, 0, 2, 1, 3])), .malformedKey
    ),
  ]
  private static let algorithm = SubjectPublicKeyInfo.Problem.algorithm("1.3.101.110")

  @Test("a key that cannot be used is read with its reason", arguments: unusable)
  func problems(what: String, bytes: [UInt8], problem: SubjectPublicKeyInfo.Problem) throws {
    let key = try Self.read(bytes)
    #expect(key.key == .unsupported(problem), "\(what)")
    #expect(key.p256Point == nil)
    #expect(Writer.write { key.write(into: &$0) } == bytes)
    #expect(throws: KeyError.self) { try key.publicKey() }
  }

  @Test("the quick way and the general way agree on a P-256 key")
  func quickWay() throws {
    let quick = try Self.read(SubjectPublicKeyInfo.p256Prefix + Self.point)
    #expect(quick.key == .p256(point: Self.point[...]))
    #expect(quick.bits == BitString(Self.point))
    #expect(quick.algorithm == .p256Key)
    #expect(Self.encoded(.p256Key, BitString(Self.point)) == Array(quick.encoded))
    #expect(SubjectPublicKeyInfo(p256Point: Self.point[...]) == quick)
  }

  @Test("a point of P-256 is 65 octets that begin with 04")
  func points() {
    #expect(SubjectPublicKeyInfo(p256Point: Self.point.dropLast()) == nil)
    #expect(SubjectPublicKeyInfo(p256Point: Self.compressed[...]) == nil)
  }

  @Test("keys of each kind come back from their encoding", arguments: SoftwareKey.Kind.allCases)
  func kinds(kind: SoftwareKey.Kind) throws {
    let key = try SoftwareKey.generate(kind).publicKey
    let info = try #require(SubjectPublicKeyInfo(key))
    let read = try Self.read(Array(info.encoded))
    #expect(read == info)
    #expect(try read.publicKey() == key)
  }

  @Test("a point off the curve is found when the key is used")
  func offTheCurve() throws {
    let key = try Self.read(SubjectPublicKeyInfo.p256Prefix + Self.point)
    let error = #expect(throws: KeyError.self) { try key.publicKey() }
    #expect(error?.code == .notOnCurve)
    #expect(key.verify([], over: [], algorithm: .ecdsaWithSHA256) == .unusableKey)
  }

  @Test("method (2) takes 60 bits of SHA-1 behind 0100")
  func keyIdentifier() throws {
    let digest = try #require(Hex.decode("000102030405060708090A0BFCFDFEFF10111213"))
    let identifier = KeyIdentifier(methodTwoFromSHA1: digest)
    #expect(identifier.description == "4CFDFEFF10111213")
    #expect(identifier.hasFormOfMethodTwo)
    #expect(KeyIdentifier([0x54, 1, 2, 3, 4, 5, 6, 7])?.hasFormOfMethodTwo == false)
    #expect(KeyIdentifier([]) == nil)
    #expect(KeyIdentifier([UInt8](repeating: 4, count: 65)) == nil)
  }
}
