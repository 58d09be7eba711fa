// SPDX-License-Identifier: Apache-2.0

import DER
package import Keys
package import SEC

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

  /// L1.7(c), L1.9(b): refuses a ballot that would be void, before it is sealed: afterwards nobody
  /// sees it, and the Voting Group has had its vote.
  ///
  /// - Throws: `ballot-names`.
  package static func check(
    _ names: [String], in election: Election, candidates: [String]
  ) throws(Refusal) {
    guard (1...election.seats).contains(names.count), Set(names).count == names.count,
      names.allSatisfy(candidates.contains)
    else { throw .ballotNames(names, election, candidates: candidates) }
  }

  /// What the voter keeps, and finds in the published list.
  package static func receipt(of sealed: [UInt8]) -> String {
    Hex.encode(Digest.sha256(sealed)).lowercased()
  }

  /// Opens a ballot: the names on it, or what stands for them when it is none of this election.
  ///
  /// Who puts octets into the box that nobody can read must not hold up the count of the others.
  static func open(
    _ sealed: [UInt8], in election: String, with key: SoftwareKey
  ) -> [String] {
    guard let octets = try? key.unseal(sealed) else { return [PublishedBallot.unreadable] }
    let lines = String(decoding: octets, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // A comma parts the names in the published list.
    guard lines.first == election,
      lines.dropFirst().allSatisfy({ !$0.isEmpty && !$0.contains(",") })
    else { return [PublishedBallot.unreadable] }
    return Array(lines.dropFirst())
  }

  /// The public key of an election as it is kept: modulus, then exponent.
  package static func key(_ octets: [UInt8]) throws -> RSAPublicKey {
    try RSAPublicKey(
      modulus: octets.prefix(RSAPublicKey.modulusOctets),
      exponent: octets.dropFirst(RSAPublicKey.modulusOctets))
  }
}
