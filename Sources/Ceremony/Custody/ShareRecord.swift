// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import JSON
import Keys
import SEC

/// What everybody may know of a share: whose it is, and the hash that tells a wrong one.
package struct ShareRecord: Hashable, Sendable {
  package let vault: Vault
  /// Counts how often the vault was shared out, from 1.
  package let generation: Int
  /// Which share, from 1.
  package let index: Int
  /// How many open the vault.
  package let threshold: Int
  /// How many there are.
  package let count: Int
  /// Who has it.
  package let custodian: String
  /// The ceremony that made it.
  package let ceremony: String
  /// SHA-256 of the share's file.
  package let digest: [UInt8]

  /// A share, whole.
  init(
    _ vault: Vault, generation: Int, index: Int, threshold: Int, count: Int, custodian: String,
    ceremony: String, digest: [UInt8]
  ) {
    self.vault = vault
    self.generation = generation
    self.index = index
    self.threshold = threshold
    self.count = count
    self.custodian = custodian
    self.ceremony = ceremony
    self.digest = digest
  }

  /// What stands above the octets in the file of a share.
  static func facts(
    _ estate: DeclaredEstate, _ vault: Vault, generation: Int, threshold: Int, count: Int,
    custodian: String, ceremony: String
  ) -> [(name: String, value: String)] {
    [
      ("estate", estate.estate.name), ("kind", estate.estate.kind.rawValue),
      ("vault", vault.rawValue), ("generation", "\(generation)"), ("ceremony", ceremony),
      ("threshold", "\(threshold)"), ("shares", "\(count)"), ("custodian", custodian),
    ]
  }

  /// The record as a transcript publishes it.
  var json: JSONValue {
    .object([
      "vault": .string(vault.rawValue), "generation": .integer(Int64(generation)),
      "index": .integer(Int64(index)), "threshold": .integer(Int64(threshold)),
      "shares": .integer(Int64(count)), "custodian": .string(custodian),
      "ceremony": .string(ceremony), "sha256": .string(Hex.encode(digest)),
    ])
  }

  /// Reads what a transcript publishes.
  init(_ members: Members) throws(JSONError) {
    var members = members
    vault = try members.word("vault", Vault.init(rawValue:), expected: "a vault")
    generation = try members.integer("generation", in: 1...100_000)
    index = try members.integer("index", in: 1...SecretShare.countRange.upperBound)
    threshold = try members.integer("threshold", in: SecretShare.countRange)
    count = try members.integer("shares", in: SecretShare.countRange)
    custodian = try members.string("custodian")
    ceremony = try members.string("ceremony")
    digest = try members.word(
      "sha256", { Hex.decode($0) }, expected: "64 hexadecimal digits")
    try members.end()
  }
}
