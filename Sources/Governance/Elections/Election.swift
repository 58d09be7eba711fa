// SPDX-License-Identifier: Apache-2.0

package import DER
package import Duties

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
}

/// A ballot as it is published: under its receipt, without the voter.
package struct PublishedBallot: Hashable, Sendable {
  /// The voter's receipt, and the names on the ballot.
  package let receipt: String
  package let names: [String]
}
