// SPDX-License-Identifier: Apache-2.0

/// L1.15: the result of a vote, from who could vote and who did: computed, with its reasons.
package struct Tally: Hashable, Sendable {
  /// Votes of each kind.
  package let inFavour: Int
  package let against: Int
  package let abstentions: Int
  /// Those who could vote and did not.
  package let silent: Int
  package let outcome: Outcome
  package let reasons: [String]

  /// Whether the votes are equal, so that somebody with a casting vote decides; where nobody was
  /// for it or against it there is nothing to break [assumed].
  package static func isTie(_ choices: [Choice]) -> Bool {
    let inFavour = choices.count { $0 == .yes }
    return inFavour > 0 && inFavour == choices.count { $0 == .no }
  }

  /// L1.15, R2-29-v: the Chair's casting vote counts only in a tie; without one the motion is lost.
  ///
  /// `isHeld` says that somebody has such a vote, used or not.
  package static func of(
    _ choices: [Choice], entitled: Int, casting: Choice?, isHeld: Bool = false,
    threshold: Threshold
  ) -> Tally {
    let inFavour = choices.count { $0 == .yes }
    let against = choices.count { $0 == .no }
    var reasons = [
      "\(entitled) could vote: \(inFavour) for, \(against) against, "
        + "\(choices.count - inFavour - against) abstained, \(entitled - choices.count) silent."
    ]
    let outcome: Outcome
    switch threshold {
    case .majorityOfCast where inFavour == against:
      let isCarried = casting == .yes
      outcome = isCarried ? .carried : .lost
      reasons.append(tied(choices, casting, isHeld))
    case .majorityOfCast:
      outcome = inFavour > against ? .carried : .lost
      reasons.append("More votes were cast \(inFavour > against ? "for" : "against") it.")
    case .twoThirdsOfCast:
      let isCarried = inFavour > 0 && inFavour >= 2 * against
      outcome = isCarried ? .carried : .lost
      reasons.append("\(isCarried ? "At least" : "Less than") two thirds were cast for it.")
    case .majorityOfEntitled:
      outcome = 2 * inFavour > entitled ? .carried : .lost
      reasons.append(
        "\(2 * inFavour > entitled ? "More" : "No more") than half of those entitled are for it.")
    }
    return Tally(
      inFavour: inFavour, against: against, abstentions: choices.count - inFavour - against,
      silent: entitled - choices.count, outcome: outcome, reasons: reasons)
  }

  private static func tied(_ choices: [Choice], _ casting: Choice?, _ isHeld: Bool) -> String {
    guard isTie(choices) else { return "Nobody voted for it or against it." }
    if let casting { return "The votes are equal; the casting vote is \(casting.rawValue)." }
    return isHeld
      ? "The votes are equal; the Chair has the casting vote and did not use it."
      : "The votes are equal and nobody has a casting vote."
  }
}
