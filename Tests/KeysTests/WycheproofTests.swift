// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation
import Keys
import Testing

@Suite(
  "Wycheproof's signatures on P-256",
  .enabled(if: Samples.arePresentOrRequired, "needs SMKI_TESTDATA"))
struct WycheproofTests {
  private struct File: Decodable {
    let numberOfTests: Int
    let testGroups: [Group]
  }

  private struct Group: Decodable {
    let publicKey: Key
    let tests: [Vector]
  }

  private struct Key: Decodable {
    let uncompressed: String
  }

  private struct Vector: Decodable {
    let tcId: Int
    let comment: String
    let msg: String
    let sig: String
    let result: String
  }

  private let file: File

  init() throws {
    let path = "wycheproof/ecdsa_secp256r1_sha256_test.json"
    let data = try Data(contentsOf: Samples.folder.appendingPathComponent(path))
    file = try JSONDecoder().decode(File.self, from: data)
  }

  @Test("each valid vector verifies and each invalid one does not, all ways of asking")
  func vectors() throws {
    var counts = ["valid": 0, "invalid": 0]
    for group in file.testGroups {
      let point = try #require(Hex.decode(group.publicKey.uncompressed))
      let key = PublicKey.p256(try P256PublicKey(uncompressed: point))
      let table = try P256Table(P256PublicKey(uncompressed: point))
      for vector in group.tests {
        let message = try #require(Hex.decode(vector.msg))
        let signature = try #require(Hex.decode(vector.sig))
        let label = Comment(rawValue: "\(vector.tcId) \(vector.comment)")
        let verdict = P256.verify(
          signature: signature[...], over: message[...], point: point[...])
        let expected = vector.result == "valid"
        #expect(verdict == (expected ? .valid : .invalidSignature), label)
        #expect(key.isValid(signature, over: message) == expected, label)
        #expect(table.isValid(signature, over: message) == expected, label)
        counts[vector.result, default: 0] += 1
      }
    }
    #expect(counts.values.reduce(0, +) == file.numberOfTests)
    #expect(counts == ["valid": 174, "invalid": 310])
  }
}
