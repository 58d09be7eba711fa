// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Keys
import Testing

@Suite("A key with a table of its multiples", .clause("ENG-self-check"))
struct P256TableTests {
  private let key: SoftwareKey
  private let table: P256Table

  init() throws {
    key = try SoftwareKey.generate(.p256)
    table = try P256Table(Self.publicKey(of: key))
  }

  private static func publicKey(of key: SoftwareKey) throws -> P256PublicKey {
    let point: P256PublicKey? = if case .p256(let key) = key.publicKey { key } else { nil }
    return try #require(point)
  }

  @Test("a hundred signatures of the key are valid, as by the library's own verification")
  func valid() throws {
    for number in 0..<100 {
      let message = Array(repeating: UInt8(number), count: number * 7)
      let signature = try key.sign(message)
      #expect(table.isValid(signature, over: message))
      #expect(key.publicKey.isValid(signature, over: message))
    }
  }

  @Test("with any one bit of the signature or of the message changed it is not")
  func changed() throws {
    let message = Array("to be signed".utf8)
    let signature = try key.sign(message)
    for bit in 0..<(signature.count * 8) {
      var other = signature
      other[bit / 8] ^= 1 << (bit % 8)
      #expect(!table.isValid(other, over: message), "bit \(bit)")
    }
    for bit in 0..<(message.count * 8) {
      var other = message
      other[bit / 8] ^= 1 << (bit % 8)
      #expect(!table.isValid(signature, over: other), "bit \(bit)")
    }
  }

  @Test("forty together are valid, and a wrong one among them is found at its place")
  func together() throws {
    let messages = (0..<40).map { Array("message \($0)".utf8) }
    let signed = try messages.map { P256Table.Signed(signature: try key.sign($0), over: $0) }
    #expect(table.invalid(among: signed) == nil)
    #expect(table.invalid(among: []) == nil)
    for place in [0, 15, 16, 39] {
      var other = signed
      other[place] = P256Table.Signed(
        signature: try key.sign(messages[place]), over: messages[place] + [0])
      #expect(table.invalid(among: other) == place)
      other[place] = P256Table.Signed(signature: [0x30, 0x00], over: messages[place])
      #expect(table.invalid(among: other) == place)
      // r and s of zero: nothing to divide by, and nothing of the others' to be spoilt.
      other[place] = P256Table.Signed(
        signature: [0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00], over: messages[place])
      #expect(table.invalid(among: other) == place)
    }
  }

  @Test("another key's signature, one cut short, one with something behind it, and none")
  func foreign() throws {
    let message = Array("to be signed".utf8)
    let signature = try key.sign(message)
    #expect(!table.isValid(try SoftwareKey.generate(.p256).sign(message), over: message))
    #expect(!table.isValid(Array(signature.dropLast()), over: message))
    #expect(!table.isValid(signature + [0], over: message))
    #expect(!table.isValid([], over: message))
  }
}
