// SPDX-License-Identifier: Apache-2.0

import DER
package import Keys
import SEC

/// A voter's choice, sealed to the election's key before it leaves the voter.
package enum Ballot {
  /// Seals a choice; nobody but the returning officers can read it.
  package static func seal(
    _ names: [String], in election: String, to key: RSAPublicKey
  ) throws -> [UInt8] {
    let text = ([election] + names).joined(separator: "\n")
    guard text.utf8.count <= RSAPublicKey.messageOctetsMax else {
      throw Refusal.ballotForm("\(text.utf8.count) octets")
    }
    return try key.seal(Array(text.utf8))
  }

  /// What the voter keeps, and finds in the published list.
  package static func receipt(of sealed: [UInt8]) -> String {
    Hex.encode(Digest.sha256(sealed)).lowercased()
  }

  /// Opens a ballot: the names on it.
  static func open(
    _ sealed: [UInt8], in election: String, with key: SoftwareKey
  ) throws -> [String] {
    let lines = String(decoding: try key.unseal(sealed), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.first == election else { throw Refusal.ballotForm("a ballot of another election") }
    return Array(lines.dropFirst())
  }

  /// The public key of an election as it is kept: modulus, then exponent.
  package static func key(_ octets: [UInt8]) throws -> RSAPublicKey {
    try RSAPublicKey(
      modulus: octets.prefix(RSAPublicKey.modulusOctets),
      exponent: octets.dropFirst(RSAPublicKey.modulusOctets))
  }
}
