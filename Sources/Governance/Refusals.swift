// SPDX-License-Identifier: Apache-2.0

package import Duties
package import SEC

/// Every way in which seats and elections say no; those of meetings and votes stand beside them.
extension Refusal {
  /// L1.7(c), R2-26: an organisation that nobody entered.
  package static func organisationUnknown(
    _ id: String, _ clause: Clause = "L1.7(c)"
  ) -> Refusal {
    Refusal(
      "organisation-unknown", clause: clause, field: "organisation",
      expected: "an organisation that was entered",
      found: id,
      remedy: "Enter it first: smki pma organisation.")
  }

  /// L1.2: a name under which something is found again stands in lists, parted by commas.
  package static func identifierUnusable(_ id: String, _ field: String) -> Refusal {
    Refusal(
      "identifier-unusable", clause: "L1.2", field: field,
      expected: "1 to 64 of the letters a to z, digits and - . _ /",
      found: id.isEmpty ? "nothing" : String(id.prefix(80)),
      remedy: "Choose a short name, such as north-gas or 2031-04.")
  }

  /// L1.2: checks a name under which something is to be found again.
  ///
  /// - Throws: `identifier-unusable`.
  static func check(identifier: String, of field: String) throws(Refusal) {
    let isRight = identifier.utf8.allSatisfy { octet in
      (48...57).contains(octet) || (97...122).contains(octet | 0x20)
        || "-._/".utf8.contains(octet)
    }
    guard isRight, (1...64).contains(identifier.utf8.count) else {
      throw .identifierUnusable(identifier, field)
    }
  }

  /// L1.4: a person whom nobody entered.
  package static func personUnknown(_ id: String) -> Refusal {
    Refusal(
      "person-unknown", clause: "L1.4", field: "person",
      expected: "a person who was entered",
      found: id,
      remedy: "Enter the person first: smki pma person.")
  }

  /// L1.5: what is put on file without evidence, or of a day to come.
  package static func stepUnusable(_ step: AppointmentStep, evidence: String, day: Day) -> Refusal {
    Refusal(
      "step-unusable", clause: "L1.5", field: "\(step.rawValue)",
      expected: "evidence, of a day that has come",
      found: evidence.isEmpty ? "no evidence" : "\(day)",
      remedy: "Name the letter or minute, and its day.")
  }

  /// L1.3: a seat that the constitution in force does not have.
  package static func noSuchSeat(_ name: Seat.Name, _ constitution: Constitution) -> Refusal {
    Refusal(
      "no-such-seat", clause: "L1.3", field: "seat",
      expected: "a seat of the constitution in force",
      found: "\(name.rawValue), under the constitution of \(constitution.edition.rawValue)",
      remedy: "List the seats: smki pma seats.")
  }

  /// L1.4: only a human being holds a seat.
  package static func notNatural(_ person: Person) -> Refusal {
    Refusal(
      "not-a-natural-person", clause: "L1.4", field: "person",
      expected: "a natural person",
      found: "\(person.name), of kind \(person.kind.rawValue)",
      remedy: "Name a human being.")
  }

  /// L1.6(a), L1.8(a): nobody takes an elected seat without an election.
  package static func notElected(_ person: String, _ seat: Seat) -> Refusal {
    Refusal(
      "not-elected", clause: seat.confirmationClause, field: "basis",
      expected: "an election of the seat's constituency that elected the person",
      found: "\(person) for \(seat.name.rawValue)",
      remedy: "Give the number of the election: smki pma elections.")
  }

  /// L1.3: one holder at a time.
  package static func seatTaken(_ tenure: Tenure) -> Refusal {
    Refusal(
      "seat-taken", clause: "L1.3", field: "seat",
      expected: "a vacant seat",
      found: "\(tenure.seat.rawValue), held by \(tenure.person) since \(tenure.began)",
      remedy: "Wait for the end of the term, or enter that the holder left.")
  }

  /// L1.4: one office at a time.
  package static func secondOffice(_ tenure: Tenure) -> Refusal {
    Refusal(
      "second-office", clause: "L1.4", field: "person",
      expected: "a person without another office",
      found: "\(tenure.person), who holds \(tenure.seat.rawValue)",
      remedy: "Let the person leave the other seat first.")
  }

  /// L1.5, L1.6(a), L1.8(a), L1.10: nobody is seated before everything is on file.
  package static func stepMissing(
    _ steps: [AppointmentStep], _ clause: Clause, _ person: String
  ) -> Refusal {
    Refusal(
      "appointment-step-missing", clause: clause, field: "evidence",
      expected: "\(steps.map(\.rawValue).joined(separator: " or ")) on file",
      found: "nothing for \(person)",
      remedy: "Put it on file: smki pma step.")
  }

  /// L1.5(f)(ii): the answer is one to the notice.
  package static func objectionBeforeNotice(_ notified: Day, _ objection: Day) -> Refusal {
    Refusal(
      "non-objection-too-early", clause: "L1.5(f)(ii)", field: "sos-non-objection",
      expected: "an answer of the Secretary of State after the notice",
      found: "notice on \(notified), answer of \(objection)",
      remedy: "Wait for the written answer to the notice.")
  }

  /// L1.3: nobody is there.
  package static func seatVacant(_ name: Seat.Name, _ day: Day) -> Refusal {
    Refusal(
      "seat-vacant", clause: "L1.3", field: "seat",
      expected: "a seat with a holder",
      found: "\(name.rawValue), vacant on \(day)",
      remedy: "List the seats: smki pma seats.")
  }

  /// L1.5A: whom a direction reaches.
  package static func directionOutOfReach(_ tenure: Tenure) -> Refusal {
    Refusal(
      "direction-out-of-reach", clause: "L1.5A", field: "seat",
      expected: "a Chair whose term began under L1.5(f)",
      found: "\(tenure.seat.rawValue), begun \(tenure.began)",
      remedy: "Only such a Chair can be ended by direction or for want of clearance.")
  }

  /// L1.5(f)(iv)(B): the Panel may end it only after the time.
  package static func clearanceNotOver(_ clearance: Clearance) -> Refusal {
    Refusal(
      "clearance-not-over", clause: "L1.5(f)(iv)(B)", field: "clearance",
      expected: "a Chair without clearance whose time is over",
      found: clearance.isObtained ? "clearance was obtained" : "time until \(clearance.obtain)",
      remedy: "Wait until the time is over.")
  }

  /// L1.10: only nominees are replaced.
  package static func notReplaceable(_ seat: Seat.Name) -> Refusal {
    Refusal(
      "not-replaceable", clause: "L1.10", field: "seat",
      expected: "a nominee of a Sub-Committee",
      found: seat.rawValue,
      remedy: "Other seats end by resignation, removal or the end of the term.")
  }

  /// L1.10: a replacement is told before.
  package static func replacementNotPrior(_ day: Day) -> Refusal {
    Refusal(
      "replacement-not-prior", clause: "L1.10", field: "day",
      expected: "a day after the notice",
      found: "\(day)",
      remedy: "A nominee is replaced from a later day than the notice.")
  }

  /// L1.5(e): only the Chair holds over, with a reason.
  package static func noHoldingOver(_ day: Day) -> Refusal {
    Refusal(
      "no-holding-over", clause: "L1.5(e)", field: "until",
      expected: "a Chair in office, a day after the term's end, and a reason",
      found: "\(day)",
      remedy: "Give the day on which it is looked at again, and why.")
  }

  /// L1.12-chair, L1.12(b)@2014, C3-65: who may act for the Chair.
  package static func chairAlternate(_ person: String, _ clause: Clause) -> Refusal {
    Refusal(
      "chair-alternate", clause: clause, field: "alternate",
      expected: "the Specialist, or somebody independent whom the constitution allows",
      found: person,
      remedy: "Name the Specialist, or give the finding on independence (in 2014 also what "
        + "shows that the Specialist is unavailable)."
    )
  }

  /// R2-18: other Members have none.
  package static func alternateNotAllowed(_ seat: Seat.Name) -> Refusal {
    Refusal(
      "alternate-not-allowed", clause: "R2-18", field: "alternate",
      expected: "the seat of the Chair",
      found: seat.rawValue,
      remedy: "In 2013 only the Chair has an Alternate.")
  }

  /// L1.12(c)@2014, R2-35: no Alternate from the same house.
  package static func alternateOfSameEmployer(_ person: Person) -> Refusal {
    Refusal(
      "alternate-same-employer", clause: "L1.12(c)@2014", field: "alternate",
      expected: "somebody whom neither the Member's employer nor its Affiliate employs",
      found: "\(person.name), of \(person.employer)",
      remedy: "Name somebody from elsewhere.")
  }

  /// L1.12: nobody is his or her own Alternate.
  package static func secondOfficeAlternate(_ person: Person) -> Refusal {
    Refusal(
      "alternate-is-member", clause: "L1.12", field: "alternate",
      expected: "another person than the Member",
      found: person.name,
      remedy: "Name somebody else.")
  }

  /// L1.7(a): who elects how many.
  package static func noSuchElection(
    _ constituency: Constituency, _ seats: Int, _ constitution: Constitution
  ) -> Refusal {
    Refusal(
      "no-such-election", clause: constituency.clause, field: "constituency",
      expected: "a constituency and a number of seats of the constitution in force",
      found: "\(constituency.rawValue), \(seats) seats, under \(constitution.edition.rawValue)",
      remedy: "List the seats: smki pma seats.")
  }

  /// L1.7: numbers are given once.
  package static func electionExists(_ id: String) -> Refusal {
    Refusal(
      "election-exists", clause: "L1.7", field: "election",
      expected: "a new number",
      found: id,
      remedy: "Choose another number.")
  }

  /// L1.7: no such election.
  package static func electionUnknown(_ id: String) -> Refusal {
    Refusal(
      "election-unknown", clause: "L1.7", field: "election",
      expected: "the number of an election",
      found: id,
      remedy: "List them: smki pma elections.")
  }

  /// L1.7(c), L1.9(b): nominations end on their day.
  package static func nominationLate(_ election: Election) -> Refusal {
    Refusal(
      "nomination-late", clause: election.constituency.process, field: "election",
      expected: "an election that takes nominations",
      found: "\(election.id), \(election.state.rawValue), nominations until "
        + "\(election.nominationsClose)",
      remedy: "Nobody can be nominated any more.")
  }

  /// L1.7(b): standing once is enough.
  package static func nominatedTwice(_ person: String) -> Refusal {
    Refusal(
      "nominated-twice", clause: "L1.7(b)", field: "person",
      expected: "a person who does not stand yet",
      found: person,
      remedy: "Nothing has to be done.")
  }

  /// L1.7(c), L1.9(b): one stage after the other.
  package static func electionStage(_ election: Election, _ expected: String) -> Refusal {
    Refusal(
      "election-stage", clause: election.constituency.process, field: "election",
      expected: expected,
      found: "\(election.id), \(election.state.rawValue)",
      remedy: "Look at it: smki pma elections.")
  }

  /// L1.7(c), L1.9(b): a late ballot does not count.
  package static func ballotClosed(_ election: Election) -> Refusal {
    Refusal(
      "ballot-closed", clause: election.constituency.process, field: "election",
      expected: "an election whose ballot is open",
      found: "\(election.id), \(election.state.rawValue)",
      remedy: "A ballot is open when there are more candidates than seats, until its last day.")
  }

  /// L1.7(a), L1.9(a): votes of other categories are refused.
  package static func notOfConstituency(
    _ organisation: Organisation, _ constituency: Constituency
  ) -> Refusal {
    Refusal(
      "not-of-constituency", clause: constituency.clause, field: "party",
      expected: "a party of \(constituency.rawValue)",
      found: "\(organisation.id), \(organisation.category.rawValue)",
      remedy: "Only its own constituency elects to a seat.")
  }

  /// L1.7(c): a ballot that cannot be one.
  package static func ballotForm(_ found: String) -> Refusal {
    Refusal(
      "ballot-form", clause: "L1.7(c)", field: "ballot",
      expected: "a ballot sealed to the election's key",
      found: found,
      remedy: "Seal it with smki pma ballot.")
  }

  /// L1.7(c), L1.9(b), L1.9(a)@2014: names on a ballot that could count for nobody.
  package static func ballotNames(
    _ names: [String], _ election: Election, candidates: [String]
  ) -> Refusal {
    Refusal(
      "ballot-names", clause: election.constituency.process, field: "name",
      expected: "1 to \(election.seats) of \(candidates.joined(separator: ", ")), each once",
      found: names.isEmpty ? "no name" : names.joined(separator: ", "),
      remedy: "Name at most as many candidates as there are seats, or give --blank.")
  }

  /// L1.7(c), L1.9(b): nobody opens the ballots of an election with another key.
  package static func electionKey(_ election: Election, found: String) -> Refusal {
    Refusal(
      "election-key", clause: election.constituency.process, field: "key",
      expected: "the private key of election \(election.id), of public key \(election.keyName)",
      found: found,
      remedy: "Bring the file that smki pma elect --key-out wrote for this election.")
  }

  /// L1.7(c), L1.9(b), L1.9(a)@2014: one vote each.
  package static func groupHasVoted(
    _ organisation: Organisation, in constituency: Constituency
  ) -> Refusal {
    Refusal(
      "group-has-voted", clause: constituency.process, field: "party",
      expected: "a Voting Group that has not voted",
      found: "\(organisation.votingGroup)",
      remedy: "Each Voting Group has one vote.")
  }

  /// L1.7(c), L1.9(b): the box holds what was put in.
  package static func boxTampered(
    _ constituency: Constituency, ballots: Int, voted: Int
  ) -> Refusal {
    Refusal(
      "ballot-box-tampered", clause: constituency.process, field: "ballots",
      expected: "\(voted) ballots, one of each group that voted",
      found: "\(ballots)",
      remedy: "The box was changed behind the program: hold the election again.")
  }

  /// L1.13: what was decided with somebody in a seat is not undone by a day put before it.
  package static func retrospective(_ seat: Seat.Name, _ day: Day, _ vote: String) -> Refusal {
    Refusal(
      "retrospective", clause: "L1.13", field: "day",
      expected: "a day after the last vote of the seat", found: "\(day), before vote \(vote)",
      remedy: "Give the day after that vote, and say in the evidence what happened when.")
  }
}
