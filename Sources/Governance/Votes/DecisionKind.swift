// SPDX-License-Identifier: Apache-2.0

package import SEC

/// What can be decided: each with its clause, its majority, and what it sets in motion.
package enum DecisionKind: String, Hashable, Sendable, CaseIterable {
  case general
  /// L1.19(a): whether to propose a modification; lost, any Member may (L1.19(b)).
  case proposeModification = "propose-modification"
  /// L1.17(a): a Certification Practice Statement, or a change of one.
  case approveCPS = "approve-cps"
  /// L2.14: suspends a party, at once.
  case suspend
  /// L2.14: ends a suspension; nobody else can.
  case reinstate
  /// L1.17(i): whether the Recovery Private Key is used.
  case useRecoveryKey = "use-recovery-key"
  /// L1.17(i): whether the Contingency Private Key is used.
  case useContingencyKey = "use-contingency-key"
  /// L2.8: whether there was non-compliance, and an Event of Default.
  case determineNonCompliance = "determine-non-compliance"
  /// L2.11: a remedial action plan.
  case approveRemedialPlan = "approve-remedial-plan"
  /// L1.23(a): from which day the successor of a standard applies.
  case standardDate = "standard-date"
  /// L1.6(c), L1.8(c): the removal of a Member.
  case removeMember = "remove-member"
  /// MP134A-delay: a revocation waits for a Supplier of Last Resort.
  case delayRevocation = "delay-revocation"

  /// L1.17(c): what a review of documents found.
  case acceptReview = "accept-review"
  /// L1.17(p): a Certification Practice Statement of an S1SPKI.
  case decideS1SPKI = "decide-s1spki"
  /// L1.17(j)
  case nominateParty = "nominate-party"
  /// L1.17(k), L1.17(m), L1.17(n): what the PMA advises.
  case advise
  /// C3-71: certificates are revoked by the PMA's order.
  case orderRevocation = "order-revocation"
  /// L5.3(b): the PMA lodges a document in the Repository.
  case lodgeDocument = "lodge-document"
  /// M4-org-info-form-c: a version of forms may be used.
  case approveForm = "approve-form"

  /// The rule that gives the PMA the decision.
  package var clause: Clause {
    switch self {
    case .general: "L1.15"
    case .proposeModification: "L1.19(a)"
    case .approveCPS: "L1.17(a)"
    case .suspend, .reinstate: "L2.14"
    case .useRecoveryKey, .useContingencyKey: "L1.17(i)"
    case .determineNonCompliance: "L2.8"
    case .approveRemedialPlan: "L2.11"
    case .standardDate: "L1.23(a)"
    case .removeMember: "L1.6(c)"
    case .delayRevocation: "MP134A-delay"
    case .acceptReview: "L1.17(c)"
    case .decideS1SPKI: "L1.17(p)"
    case .nominateParty: "L1.17(j)"
    case .advise: "L1.17(k)"
    case .orderRevocation: "C3-71"
    case .lodgeDocument: "L5.3(b)"
    case .approveForm: "M4-org-info-form-c"
    }
  }

  /// What a motion of this kind has to say, so that what it sets in motion is what was voted on.
  package var terms: [String] {
    switch self {
    case .general, .suspend, .reinstate: []
    case .proposeModification: ["proposal", "title", "documents", "proposer"]
    case .standardDate: ["standard", "version", "from"]
    case .removeMember: ["seat"]
    case .delayRevocation: ["until"]
    case .orderRevocation: ["serials"]
    case .lodgeDocument: ["kind", "version", "sha256"]
    case .approveForm: ["forms", "version"]
    case .approveCPS, .useRecoveryKey, .useContingencyKey, .determineNonCompliance,
      .approveRemedialPlan, .acceptReview, .decideS1SPKI, .nominateParty, .advise:
      ["matter", "outcome"]
    }
  }
}

/// How many votes carry a motion.
package enum Threshold: String, Hashable, Sendable, CaseIterable {
  /// More for than against, of the votes cast.
  case majorityOfCast = "majority-of-cast"
  /// More than half of those who may vote: every written resolution.
  case majorityOfEntitled = "majority-of-entitled"
  /// Two thirds of the votes cast: for bodies that are so configured.
  case twoThirdsOfCast = "two-thirds-of-cast"
}

/// What a voter says.
package enum Choice: String, Hashable, Sendable, CaseIterable {
  case yes = "for"
  case no = "against"
  case abstain
}

/// What became of a motion.
package enum Outcome: String, Hashable, Sendable, CaseIterable {
  /// Not closed yet.
  case open = ""
  case carried
  case lost
  case withdrawn
}
