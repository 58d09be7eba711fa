// SPDX-License-Identifier: Apache-2.0

import DER
import Records
package import SEC

/// What becomes of the Chair's casting vote when a vote is closed with as many for as against.
package enum CastingVote: String, Hashable, Sendable, CaseIterable {
  case yes = "for"
  case no = "against"
  /// The Chair does not use it, and the motion is lost.
  case unused

  /// The vote that is given, or nil.
  var choice: Choice? {
    switch self {
    case .yes: .yes
    case .no: .no
    case .unused: nil
    }
  }
}

extension Vote {
  /// The rule that gives the Chair a casting vote and no other, by the constitution of the vote.
  package var castingClause: Clause {
    switch edition {
    case .y2013: "C3-62-1"
    case .y2014: "R2-29-v"
    case .current: "L1.15"
    }
  }

  /// The rule that says who has a vote, by the constitution of the vote.
  package var votersClause: Clause {
    switch edition {
    case .y2013: "C3-62-2"
    case .y2014: "R2-29-n"
    case .current: "L1.15"
    }
  }
}

/// The Chair's casting vote: due when the votes that were given are equal and no more will come.
extension Votes {
  /// Everything that was given in a vote, and what became of the casting vote.
  struct Given: Equatable {
    let choices: [Choice]
    let entitled: Int
    let casting: Choice?
    /// Whoever has the casting vote, or nil where nobody has one.
    let holder: Elector?
    /// Those who could have voted and have not.
    let silent: [String]

    init(of vote: Vote, in reading: some Querying) throws {
      let electors = try GovernanceRecords.electors(of: vote.id, in: reading)
      let casts = try GovernanceRecords.casts(of: vote.id, in: reading)
      let voted = Set(casts.map(\.seat))
      choices = casts.map(\.choice)
      entitled = electors.count { $0.right == .full }
      casting = try GovernanceRecords.casting(of: vote.id, in: reading)
      holder =
        vote.threshold == .majorityOfCast ? electors.first { $0.right == .casting } : nil
      silent = electors.filter { $0.right == .full && !voted.contains($0.seat) }.map(\.person)
    }

    /// Whether the votes are equal, somebody has a casting vote, and it was not given.
    var isDue: Bool { holder != nil && casting == nil && Tally.isTie(choices) }

    /// The votes in words.
    var counted: String {
      "\(choices.count { $0 == .yes }) for and \(choices.count { $0 == .no }) against"
    }

    func tally(_ vote: Vote, casting: Choice?) -> Tally {
      Tally.of(
        choices, entitled: entitled, casting: casting, isHeld: holder != nil,
        threshold: vote.threshold)
    }
  }

  /// What a vote comes to when it is closed now, with the casting vote that is given with it.
  ///
  /// While the Chair is there and could decide it, equal votes are not closed without a word on the
  /// casting vote: a lost motion cannot be put right.
  ///
  /// - Throws: `casting-vote-due`, `casting-vote-only-in-tie`.
  func result(
    of vote: Vote, casting: CastingVote?, at moment: Time, in reading: some Querying
  ) throws -> (given: Given, choice: Choice?, tally: Tally) {
    let given = try Given(of: vote, in: reading)
    guard let holder = given.holder, given.isDue, try mayAct(holder, vote, at: moment, in: reading)
    else {
      guard casting?.choice == nil else { throw Refusal.castingVoteOnlyInTie(vote, given) }
      return (given, nil, given.tally(vote, casting: given.casting))
    }
    guard let casting else { throw Refusal.castingVoteDue(vote, holder, given) }
    return (given, casting.choice, given.tally(vote, casting: casting.choice))
  }

  /// Whether somebody is in the meeting and does not stand aside from the item.
  private func mayAct(
    _ elector: Elector, _ vote: Vote, at moment: Time, in reading: some Querying
  ) throws -> Bool {
    guard !vote.meeting.isEmpty else { return true }
    let present = try meetings.present(at: moment, in: vote.meeting, reading)
    let aside = try GovernanceRecords.conflicted(in: vote.item, of: vote.meeting, reading)
    return present.contains(elector.person) && !aside.contains(elector.person)
  }
}
