// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Enrolment
import Governance
import Parties
import Records
import Registration
import Repository
import Revocation
import SEC

/// L1.15: what a motion would set in motion is possible when it is put, as far as other rooms know.
///
/// Whether it still is when it is carried out is asked again there.
struct MotionCheck {
  let node: Node
  let now: Time
  let officer: Actor

  /// Refuses a motion that could not be carried out, in the words of the room that would refuse it.
  ///
  /// - Returns: its terms, with the parties that it concerns besides its subject (R2-26).
  func terms(
    of kind: DecisionKind, about subject: String, _ terms: [String: String]
  ) throws -> [String: String] {
    // What is missing is named first, and by the room of votes.
    guard kind.terms.allSatisfy({ !(terms[$0] ?? "").isEmpty }) else { return terms }
    var terms = terms
    let named = Set((terms[Votes.concernedTerm] ?? "").split(separator: " ").map(String.init))
    let known = try node.membership.organisations()
    if let other = named.filter({ known[$0] == nil }).min() {
      throw Refusal.organisationUnknown(other, "R2-26")
    }
    switch kind {
    case .suspend, .reinstate: try standing(kind, subject, terms["matter"])
    case .delayRevocation:
      let until = try Control.word(terms["until"] ?? "", { Time(rfc3339: $0) }, "until")
      try node.records.read {
        try Revocation.checkDelay(of: subject, until: until, at: now, in: $0)
      }
    case .orderRevocation:
      let all = try named.union(revoked(terms)).sorted()
      if !all.isEmpty { terms[Votes.concernedTerm] = all.joined(separator: " ") }
    case .lodgeDocument: try document(terms)
    case .approveForm:
      let forms = try CarryOut.words(terms["forms"] ?? "", FormKind.init, "forms")
      _ = try node.records.read {
        try Enrolment.check(forms, version: terms["version"] ?? "", in: $0)
      }
    case .removeMember:
      let seat = try Control.word(terms["seat"] ?? "", Seat.Name.init, "seat")
      guard try node.membership.board(on: Day(now)).holders[seat] != nil else {
        throw Refusal.seatVacant(seat, Day(now))
      }
    case .general, .proposeModification, .approveCPS, .useRecoveryKey, .useContingencyKey,
      .determineNonCompliance, .approveRemedialPlan, .standardDate, .acceptReview, .decideS1SPKI,
      .nominateParty, .advise:
      break
    }
    return terms
  }

  /// L2.14: a party that there is, which is not suspended yet, or is.
  private func standing(_ kind: DecisionKind, _ party: String, _ matter: String?) throws {
    let register = node.registration.register
    guard try register.party(party) != nil else { throw Refusal.partyUnknown(party) }
    let suspension = try register.suspension(of: party, at: now)
    if kind == .suspend, let suspension { throw Refusal.partySuspended(suspension) }
    if kind == .reinstate, suspension == nil { throw Refusal.partyNotSuspended(party) }
    // Those who are told are told of the matter's subject.
    if let matter, let about = try node.matters.all().first(where: { $0.id == matter }),
      about.subject != party
    {
      throw Refusal.matterSubject(about.kind, party, [about.subject])
    }
  }

  /// C3-71: certificates that can be revoked, and the parties whose they are.
  private func revoked(_ terms: [String: String]) throws -> Set<String> {
    _ = try CarryOut.ground(terms)
    let serials = try CarryOut.words(terms["serials"] ?? "", Hex.decode, "serials")
    guard !serials.isEmpty else { throw Refusal.termsMissing(.orderRevocation, ["serials"]) }
    return try node.records.read { try Revocation.checkOrder(serials, in: $0) }
  }

  /// L5.3(b): a kind that the PMA lodges, a version that is not there yet, and a digest.
  private func document(_ terms: [String: String]) throws {
    guard let digest = Hex.decode(terms["sha256"] ?? ""), digest.count == 32 else {
      throw Refusal.otherDocument(expected: "a SHA-256", found: terms["sha256"] ?? "")
    }
    let submission = try CarryOut.submission(of: terms, [], by: "vote")
    try Library.checkForm(of: submission, by: officer)
    if let standing = try node.library.documents().first(where: {
      $0.kind == submission.kind && $0.version == submission.version
    }) {
      throw Refusal.versionTaken(standing)
    }
  }
}
