// SPDX-License-Identifier: Apache-2.0

import DER
package import FoundationEssentials
import Governance
import Keys
package import SEC

/// L1.7(c), L1.9(b): puts a ballot into the box, sealed to the returning officers.
package struct CastBallot: ControlRequest {
  /// The election, and who votes with which sealed ballot.
  package let election: String
  package let party: String
  package let sealed: Data

  package static let name = "pma-ballot"
  package static let role = Actor.Role.secretariat

  /// What the voter keeps.
  package struct Answer: Codable, Sendable {
    /// Found in the published list after the count.
    package let receipt: String
  }

  /// A ballot that was sealed where the voter is.
  package init(election: String, party: String, sealed: Data) {
    self.election = election
    self.party = party
    self.sealed = sealed
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    Answer(
      receipt: try node.elections.cast(
        Array(sealed), of: party, in: election, at: node.clock(), by: officer))
  }
}

/// L1.7(c), L1.9(b): counts an election with the key that the returning officers bring.
package struct CountBallots: ControlRequest {
  /// The election, and the file of the private key on this machine; the key itself never travels.
  package let election: String
  package let keyPath: String

  package static let name = "pma-count"
  package static let role = Actor.Role.secretariat

  /// What the count gave.
  package struct Answer: Codable, Sendable {
    /// Who is elected, and why.
    package let elected: [String]
    package let reasons: [String]
    /// How many ballots counted for nobody because of what stood on them.
    package let void: Int
  }

  /// An election to be counted.
  package init(election: String, keyPath: String) {
    self.election = election
    self.keyPath = keyPath
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let result = try node.elections.count(
      election, with: key(of: node.elections.election(election)), at: node.clock(), by: officer)
    return Answer(elected: result.elected, reasons: result.reasons, void: result.voidCount)
  }

  /// The key in the file, which the node reads as its own user.
  private func key(of election: Election) throws -> SoftwareKey {
    do {
      return try SoftwareKey(readingPEM: keyPath)
    } catch let error as KeyError {
      throw Refusal.electionKey(
        election, found: "\(keyPath), in which no key can be read: \(error.detail)")
    }
  }
}
