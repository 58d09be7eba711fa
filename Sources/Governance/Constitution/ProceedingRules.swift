// SPDX-License-Identifier: Apache-2.0

import Duties
import SEC

/// What Sections C4, C5, C6 and M8 would say: not in the sources, so configuration with defaults.
package struct ProceedingRules: Codable, Hashable, Sendable {
  /// Working Days between the notice of a meeting and the meeting: C5 [from memory].
  package var noticeWorkingDays = 5
  /// Working Days in which candidates are nominated: C4.2 [assumed].
  package var nominationWorkingDays = 10
  /// Working Days in which a ballot is open: C4.2 [from memory].
  package var ballotWorkingDays = 10
  /// The vote of the Chair under the constitution of ten seats: C5 [from memory].
  package var currentChairVote = "casting"
  /// The vote of the Specialist as a Member: L1 gives no rule [assumed].
  package var currentSpecialistVote = "full"
  /// What carries a motion in a meeting: C5 [from memory].
  package var majority = "majority-of-cast"
  /// What carries a motion of one kind, where that differs: kind and majority [assumed].
  package var majorities: [String: String] = [:]
  /// Whether a Member may be removed in writing, and not only in a meeting: C4.6 [from memory].
  package var allowsRemovalInWriting = false
  /// What Member Confirmation asks for, as `smki pma step` names it: C6.9 [from memory].
  package var confirmationSteps = ["confirmation", "undertaking"]
  /// Whether decisions may be taken in writing: C5 [from memory].
  package var allowsWrittenResolutions = true
  /// Whether a decision is carried out only after those who voted for it and have a credential have
  /// signed it [assumed].
  package var requiresSignatures = true
  /// Working Days in which the Code Administrator screens a proposal: L1.18 [assumed].
  package var screeningWorkingDays = 5
  /// Days before a release by which a proposal for it is decided: M4-impl-a.
  package var releaseCutOffDays = 14
  /// From when the Change Sub-Committee takes steps of a proposal, `YYYY-MM-DD`: document 004 has
  /// it in 2021 [assumed].
  package var changeSubCommitteeSince = "2020-01-01"
  /// When L1.5(f) began, `YYYY-MM-DD` [assumed]: with the constitution of ten seats.
  package var chairSafeguardsFrom = "2022-02-24"
  /// When the Sub-Committees were set up; before, the Panel nominates (L1.10) [assumed].
  package var subCommitteesSince = [
    "SSC": "2014-06-01", "TSC": "2014-06-01", "TABASC": "2016-01-01",
  ]

  /// The defaults.
  package init() {}

  /// Reads what is there; what is missing has its default.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? usual
    }
    noticeWorkingDays = try value(.noticeWorkingDays, noticeWorkingDays)
    nominationWorkingDays = try value(.nominationWorkingDays, nominationWorkingDays)
    ballotWorkingDays = try value(.ballotWorkingDays, ballotWorkingDays)
    currentChairVote = try value(.currentChairVote, currentChairVote)
    currentSpecialistVote = try value(.currentSpecialistVote, currentSpecialistVote)
    majority = try value(.majority, majority)
    majorities = try value(.majorities, majorities)
    allowsRemovalInWriting = try value(.allowsRemovalInWriting, allowsRemovalInWriting)
    confirmationSteps = try value(.confirmationSteps, confirmationSteps)
    allowsWrittenResolutions = try value(.allowsWrittenResolutions, allowsWrittenResolutions)
    requiresSignatures = try value(.requiresSignatures, requiresSignatures)
    screeningWorkingDays = try value(.screeningWorkingDays, screeningWorkingDays)
    releaseCutOffDays = try value(.releaseCutOffDays, releaseCutOffDays)
    changeSubCommitteeSince = try value(.changeSubCommitteeSince, changeSubCommitteeSince)
    chairSafeguardsFrom = try value(.chairSafeguardsFrom, chairSafeguardsFrom)
    subCommitteesSince = try value(.subCommitteesSince, subCommitteesSince)
  }

  /// Each rule with its value and where the default is from, as it is shown to people.
  package var shown: [(rule: String, value: String, source: String)] {
    [
      ("notice of a meeting", "\(noticeWorkingDays) Working Days", "C5 [from memory]"),
      ("nominations", "\(nominationWorkingDays) Working Days", "C4.2 [assumed]"),
      ("ballot", "\(ballotWorkingDays) Working Days", "C4.2 [from memory]"),
      ("majority", majority, "C5 [from memory]"),
      (
        "other majorities",
        majorities.isEmpty
          ? "none"
          : majorities.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", "), "C5 [assumed]"
      ),
      (
        "removal of a Member",
        "by \(threshold(of: .removeMember).rawValue)"
          + (allowsRemovalInWriting ? ", also in writing" : " in a meeting"),
        "C4.6 [from memory]"
      ),
      ("Member Confirmation", confirmationSteps.joined(separator: ", "), "C6.9 [from memory]"),
      ("vote of the Chair, ten seats", currentChairVote, "C5 [from memory]"),
      ("a tie in a vote", "as many for as against, at least one each", "C5 [assumed]"),
      ("vote of the Specialist, ten seats", currentSpecialistVote, "C5 [assumed]"),
      (
        "written resolutions",
        allowsWrittenResolutions ? "by more than half of those entitled" : "none",
        "C5 [from memory]"
      ),
      (
        "signatures before a decision is carried out",
        requiresSignatures ? "of those in favour who have a credential" : "none", "[assumed]"
      ),
      ("screening of a proposal", "\(screeningWorkingDays) Working Days", "L1.18 [assumed]"),
      ("Change Sub-Committee since", changeSubCommitteeSince, "M4-csc [assumed]"),
      ("cut-off before a release", "\(releaseCutOffDays) days", "M4-impl-a"),
      ("a tie in a ballot", "a lot that the published ballots decide", "C4.2 [assumed]"),
      ("names on a ballot", "as many as there are seats", "C4.2 [assumed]"),
      ("L1.5(f) begins", chairSafeguardsFrom, "[assumed]"),
      (
        "Sub-Committees since",
        subCommitteesSince.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
          .joined(separator: ", "), "[assumed]"
      ),
    ]
  }

  /// What carries a motion of a kind that is put in a meeting.
  package func threshold(of kind: DecisionKind) -> Threshold {
    Threshold(rawValue: majorities[kind.rawValue] ?? majority) ?? .majorityOfCast
  }

  /// Whether a motion of a kind may be put in writing.
  package func allowsWriting(_ kind: DecisionKind) -> Bool {
    allowsWrittenResolutions && (kind != .removeMember || allowsRemovalInWriting)
  }

  /// The steps of Member Confirmation.
  var confirmation: [AppointmentStep] {
    confirmationSteps.compactMap { AppointmentStep(rawValue: $0) }
  }

  /// Whether every word of these rules is one that the program knows.
  package var isUnderstood: Bool {
    let votes = [currentChairVote, currentSpecialistVote].compactMap { Seat.Vote(rawValue: $0) }
    let majorities = [majority] + self.majorities.values
    return votes.count == 2 && confirmation.count == confirmationSteps.count
      && majorities.allSatisfy { Threshold(rawValue: $0) != nil }
      && self.majorities.keys.allSatisfy { DecisionKind(rawValue: $0) != nil }
  }

  /// The first day of L1.5(f).
  var safeguards: Day? { Day(chairSafeguardsFrom) }

  /// The vote of a seat, which configuration decides where the constitution does not.
  package func vote(of seat: Seat, in constitution: Constitution) -> Seat.Vote {
    guard constitution.edition == .current else { return seat.vote }
    return switch seat.name {
    case .chair: Seat.Vote(rawValue: currentChairVote) ?? seat.vote
    case .specialist: Seat.Vote(rawValue: currentSpecialistVote) ?? seat.vote
    default: seat.vote
    }
  }
}
