// SPDX-License-Identifier: Apache-2.0

package import SEC

/// Every way in which meetings and votes say no.
extension Refusal {
  /// L1.15: no such meeting.
  package static func meetingUnknown(_ id: String) -> Refusal {
    Refusal(
      "meeting-unknown", clause: "L1.15", field: "meeting",
      expected: "the number of a meeting",
      found: id,
      remedy: "List them: smki pma meetings.")
  }

  /// L1.15: numbers are given once.
  package static func meetingExists(_ id: String) -> Refusal {
    Refusal(
      "meeting-exists", clause: "L1.15", field: "meeting",
      expected: "a new number",
      found: id,
      remedy: "Choose another number.")
  }

  /// L1.15: business stands on the agenda.
  package static func itemUnknown(_ number: Int, _ meeting: String) -> Refusal {
    Refusal(
      "item-unknown", clause: "L1.15", field: "item",
      expected: "an item of the agenda",
      found: "\(number) of \(meeting)",
      remedy: "Look at the agenda: smki pma meetings.")
  }

  /// L1.15: a notice has an agenda.
  package static func noAgenda(_ id: String) -> Refusal {
    Refusal(
      "no-agenda", clause: "L1.15", field: "agenda",
      expected: "at least one item",
      found: "none for \(id)",
      remedy: "Give the items with --item.")
  }

  /// L1.15: C5 [from memory]: notice before a meeting.
  package static func noticeTooShort(_ days: Int, _ needed: Int) -> Refusal {
    Refusal(
      "notice-too-short", clause: "L1.15", field: "notice",
      expected: "\(needed) Working Days, or a reason for less",
      found: "\(days)",
      remedy: "Choose a later day, or give --short-notice.")
  }

  /// L1.15: one stage after the other; nothing is changed afterwards.
  package static func meetingStage(_ meeting: Meeting, _ expected: String) -> Refusal {
    Refusal(
      "meeting-stage", clause: "L1.15", field: "meeting",
      expected: expected,
      found: "\(meeting.id), \(meeting.stage)",
      remedy: "Look at it: smki pma meetings.")
  }

  /// L1.14(b): others are invited by the Chair.
  package static func onlyChairInvites(_ person: String) -> Refusal {
    Refusal(
      "only-chair-invites", clause: "L1.14(b)", field: "invited by",
      expected: "the Chair or the Chair's Alternate",
      found: person,
      remedy: "Ask the Chair.")
  }

  /// L1.13: nobody comes twice.
  package static func alreadyThere(_ person: String) -> Refusal {
    Refusal(
      "already-there", clause: "L1.13", field: "person",
      expected: "somebody who is not there",
      found: person,
      remedy: "Nothing has to be done.")
  }

  /// L1.13: only those who are there act.
  package static func notThere(_ person: String) -> Refusal {
    Refusal(
      "not-there", clause: "L1.13", field: "person",
      expected: "somebody who is in the meeting now",
      found: person,
      remedy: "Enter first that the person came: smki pma arrive.")
  }

  /// L1.15: what is confidential is not published.
  package static func confidentialItem(_ item: Int, _ meeting: String) -> Refusal {
    Refusal(
      "confidential-item", clause: "L1.15", field: "minute",
      expected: "no public text",
      found: "a public text for item \(item) of \(meeting)",
      remedy: "Put it into the confidential text.")
  }

  /// L1.13: no business without a quorum.
  package static func notQuorate(_ quorum: Quorum) -> Refusal {
    Refusal(
      "not-quorate", clause: "L1.13", field: "quorum",
      expected: "four Members or Alternates, one of them the Chair or the Chair's Alternate",
      found: quorum.explained,
      remedy: "Wait until there is a quorum, or take the item at another meeting.")
  }

  /// L1.15: numbers are given once.
  package static func voteExists(_ id: String) -> Refusal {
    Refusal(
      "vote-exists", clause: "L1.15", field: "vote",
      expected: "a new number",
      found: id,
      remedy: "Choose another number.")
  }

  /// L1.15: no such vote.
  package static func voteUnknown(_ id: String) -> Refusal {
    Refusal(
      "vote-unknown", clause: "L1.15", field: "vote",
      expected: "the number of a vote",
      found: id,
      remedy: "List them: smki pma votes.")
  }

  /// L1.15: a meeting ends after its votes.
  package static func voteOpen(_ vote: Vote) -> Refusal {
    Refusal(
      "vote-open", clause: "L1.15", field: "vote",
      expected: "every vote closed or withdrawn",
      found: vote.id,
      remedy: "Close it first: smki pma decide.")
  }

  /// L1.15: what is over stays as it is.
  package static func voteClosed(_ vote: Vote) -> Refusal {
    Refusal(
      "vote-closed", clause: "L1.15", field: "vote",
      expected: "a vote that is open",
      found: "\(vote.id), \(vote.outcome.rawValue)",
      remedy: "Nothing can be changed any more.")
  }

  /// L1.15, R2-29-n: who may vote is frozen at the opening.
  package static func noVote(_ person: String, _ vote: Vote) -> Refusal {
    Refusal(
      "no-vote", clause: vote.votersClause, field: "person",
      expected: "somebody who could vote when the motion was put",
      found: "\(person), in \(vote.id)",
      remedy: "Attendees and those who came later have no vote.")
  }

  /// R2-26: who has a conflict does not vote.
  package static func conflicted(_ person: String, _ vote: Vote) -> Refusal {
    Refusal(
      "conflicted", clause: "R2-26", field: "person",
      expected: "somebody without a conflict of interest",
      found: "\(person), in \(vote.id)",
      remedy: "The Member stands aside from this item.")
  }

  /// L1.15: one vote each.
  package static func votedTwice(_ person: String, _ vote: Vote) -> Refusal {
    Refusal(
      "voted-twice", clause: "L1.15", field: "person",
      expected: "somebody who has not voted",
      found: "\(person), in \(vote.id)",
      remedy: "A vote is given once.")
  }

  /// L1.15, R2-29-v: the casting vote.
  static func castingVoteOnlyInTie(
    _ vote: Vote, _ given: Votes.Given, waiting: [String] = []
  ) -> Refusal {
    Refusal(
      "casting-vote-only-in-tie", clause: vote.castingClause, field: "vote",
      expected: "for or against, where the votes are equal and everybody who is there has voted",
      found: given.counted
        + (waiting.isEmpty ? "" : "; still to vote: \(waiting.joined(separator: ", "))"),
      remedy: waiting.isEmpty
        ? "The Chair votes only to break a tie."
        : "Let them vote or abstain, or close the vote: smki pma decide --casting.")
  }

  /// L1.15, R2-29-v: equal votes are not lost because the Chair was not asked.
  static func castingVoteDue(_ vote: Vote, _ chair: Elector, _ given: Votes.Given) -> Refusal {
    Refusal(
      "casting-vote-due", clause: vote.castingClause, field: "casting",
      expected: "the casting vote of \(chair.person), for or against, or word that it is not used",
      found: given.counted
        + (given.silent.isEmpty ? "" : "; silent: \(given.silent.joined(separator: ", "))"),
      remedy: "Ask the Chair, then close it: smki pma decide --casting for, against or unused.")
  }

  /// L1.15, R2-29-v: after the casting vote no vote makes the others unequal.
  package static func castingVoteGiven(_ vote: Vote) -> Refusal {
    Refusal(
      "casting-vote-given", clause: vote.castingClause, field: "vote",
      expected: "a vote in which the Chair has not decided",
      found: "\(vote.id), with the casting vote given",
      remedy: "Close it: smki pma decide.")
  }

  /// L1.15: each item of published minutes has its minute.
  package static func minuteMissing(_ items: [AgendaItem], _ meeting: String) -> Refusal {
    Refusal(
      "minute-missing", clause: "L1.15", field: "item",
      expected: "a minute of each item",
      found: items.map { "\($0.number) \($0.title)" }.joined(separator: "; ") + ", without one",
      remedy: "Write it, or that nothing was said of it: smki pma minute --meeting \(meeting).")
  }

  /// L1.15: C5 [from memory]: what needs a meeting.
  package static func notInWriting(_ kind: DecisionKind) -> Refusal {
    Refusal(
      "not-in-writing", clause: "L1.15", field: "kind",
      expected: "a decision that may be taken in writing",
      found: kind.rawValue,
      remedy: "Put it to the vote in a meeting.")
  }

  /// L1.15: the result is of one moment.
  package static func voteMoved(_ vote: Vote) -> Refusal {
    Refusal(
      "vote-moved", clause: "L1.15", field: "vote",
      expected: "a vote that nobody changes while it is closed",
      found: vote.id,
      remedy: "Close it again.")
  }

  /// L1.15: a decision is needed.
  package static func notDecided(_ vote: Vote, _ kind: DecisionKind) -> Refusal {
    Refusal(
      "not-decided", clause: "L1.15", field: "vote",
      expected: "a carried vote of kind \(kind.rawValue)",
      found: "\(vote.id), \(vote.kind.rawValue), \(vote.outcome.rawValue)",
      remedy: "Only what was carried is carried out.")
  }

  /// L1.15: a token is spent once.
  package static func alreadyCarriedOut(_ vote: Vote) -> Refusal {
    Refusal(
      "already-carried-out", clause: "L1.15", field: "vote",
      expected: "a decision that was not carried out yet",
      found: vote.id,
      remedy: "A decision is carried out once.")
  }

  /// L1.15: what is signed is what was decided.
  package static func voteNotClosed(_ vote: Vote) -> Refusal {
    Refusal(
      "vote-not-closed", clause: "L1.15", field: "vote",
      expected: "a vote that was carried or lost",
      found: "\(vote.id), \(vote.outcome == .open ? "open" : vote.outcome.rawValue)",
      remedy: "Decide it first: smki pma decide.")
  }

  /// L1.15: a signature is one over the statement, by the credential that was entered.
  package static func signatureNotValid(_ person: String, _ vote: String) -> Refusal {
    Refusal(
      "signature-not-valid", clause: "L1.15", field: "signature",
      expected: "a signature over the statement by the person's own credential",
      found: "another one, of \(person) for \(vote)",
      remedy: "Sign what smki pma statement prints, with SHA-256.")
  }

  /// L1.15: a decision is carried out after those who voted for it have signed it.
  package static func signaturesMissing(_ vote: Vote, _ people: [String]) -> Refusal {
    Refusal(
      "signatures-missing", clause: "L1.15", field: "signature",
      expected: "the signatures of those who voted for it and have a credential",
      found: "none of \(people.joined(separator: ", ")) under \(vote.id)",
      remedy: "Have them sign: smki pma sign.")
  }
}
