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
    }
  }

  /// What carries it [from memory]: a simple majority, unless the Code says otherwise.
  package var threshold: Threshold { .majorityOfCast }

  /// Whether it can be decided without a meeting.
  package var allowsWriting: Bool { self != .removeMember }
}

/// How many votes carry a motion.
package enum Threshold: String, Hashable, Sendable, CaseIterable {
  /// More for than against, of the votes cast.
  case majorityOfCast = "majority-of-cast"
  /// More than half of those who may vote: a written resolution.
  case majorityOfEntitled = "majority-of-entitled"
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
