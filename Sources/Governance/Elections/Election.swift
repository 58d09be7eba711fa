// SPDX-License-Identifier: Apache-2.0

package import DER
package import Duties
import Keys

/// The election of one constituency for one or more of its seats.
package struct Election: Hashable, Sendable {
  /// How it stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case nominating
    /// R2-42: more candidates than seats.
    case balloting
    case closed
  }

  /// Its number, such as `2014-LS`.
  package let id: String
  package let constituency: Constituency
  /// How many are elected.
  package let seats: Int
  /// When it was opened, and the last days of nominations and of the ballot.
  package let opened: Time
  package let nominationsClose: Day
  package let ballotCloses: Day?
  /// The election's public key, whose private half the returning officers hold: modulus, exponent.
  package let publicKey: [UInt8]
  package let closed: Time?
  package let reasons: String

  /// Its public key by the name that the audit has it under: the SHA-256 of the modulus.
  package var keyName: String {
    Hex.encode(Digest.sha256(Array(publicKey.prefix(RSAPublicKey.modulusOctets))))
  }

  /// How it stands.
  package var state: State {
    if closed != nil { return .closed }
    return ballotCloses == nil ? .nominating : .balloting
  }
}

/// Somebody who stands in an election.
package struct Candidate: Hashable, Sendable {
  /// Who stands, and who nominated.
  package let person: String
  package let nominatedBy: String
  /// The count, once it was made.
  package let votes: Int?
  package let isElected: Bool?
}

/// What became of a ballot.
package struct ElectionResult: Hashable, Sendable {
  /// Votes by candidate.
  package let votes: [String: Int]
  /// Who is elected, most votes first.
  package let elected: [String]
  /// Why, a sentence each.
  package let reasons: [String]
  /// How many ballots counted for nobody because of what stood on them.
  package var voidCount = 0
}

/// A ballot as it is published: under its receipt, without the voter.
package struct PublishedBallot: Hashable, Sendable {
  /// Why a ballot counts for nobody.
  package enum Fault: String, Hashable, Sendable, CaseIterable {
    case tooManyNames = "with more names than there are seats"
    case stranger = "with the name of somebody who does not stand"
    case unreadable = "that nobody can read"
  }

  /// What is published instead of names where a ballot could not be read.
  static let unreadable = "(unreadable)"

  /// The voter's receipt, and the names on the ballot.
  package let receipt: String
  package let names: [String]

  /// Why it counts for nobody, or nil when it counts.
  package func fault(for candidates: [String], seats: Int) -> Fault? {
    if names == [Self.unreadable] { return .unreadable }
    if names.count > seats { return .tooManyNames }
    return names.allSatisfy(candidates.contains) ? nil : .stranger
  }
}
