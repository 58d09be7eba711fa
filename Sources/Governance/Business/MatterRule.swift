// SPDX-License-Identifier: Apache-2.0

package import Duties
package import SEC

/// What one kind of matter asks for: papers, time, a decision, and who is told of it.
package struct MatterRule: Hashable, Sendable {
  /// Somebody who is told what came of a matter.
  package struct Recipient: Hashable, Sendable {
    /// How much of it.
    package enum Form: String, Hashable, Sendable, CaseIterable {
      case full
      /// A text of its own, with what endangers security taken out.
      case redacted
    }

    package let name: String
    package let form: Form
    package let clause: Clause
  }

  package let clause: Clause
  /// What it may be about; anything when empty.
  package let subjects: [String]
  /// Papers that must lie there before it is put to the vote.
  package let papers: [String]
  /// By when it is dealt with, from the day on which it was opened.
  package let deadline: Deadline
  /// The vote that decides it; nil where the Panel does, whose minute is one of the papers.
  package let decision: DecisionKind?
  package let outcomes: [String]
  package let recipients: [Recipient]

  /// The name of the paper that a redacted copy is made of.
  package static let redaction = "redacted"
  /// The name of the paper that shows a decision of the Panel.
  package static let minute = "panel-minute"

  init(
    _ clause: Clause, about subjects: [String] = [], papers: [String],
    in deadline: String = "in reasonable time", by decision: DecisionKind? = .general,
    _ outcomes: [String], to recipients: [String] = [], redacted: [String] = [],
    redactedUnder: Clause? = nil
  ) {
    self.clause = clause
    self.subjects = subjects
    self.papers = papers + (decision == nil ? [Self.minute] : [])
    self.deadline = Deadline(deadline) ?? Deadline(20, .workingDays)
    self.decision = decision
    self.outcomes = outcomes
    self.recipients =
      recipients.map { Recipient(name: $0, form: .full, clause: clause) }
      + redacted.map {
        Recipient(name: $0, form: .redacted, clause: redactedUnder ?? clause)
      }
  }

  /// L1.17(n), L1.17(j)@2014: services on which the PMA advises.
  static func services(_ edition: Edition) -> [String] {
    ["SMKI Services", "SMKI Repository Service"]
      + (edition == .current
        ? [
          "DCCKI Services", "DCCKI Repository Service", "S1SPKI",
          "SMETS1 Symmetric Key Arrangement",
        ] : [])
  }

  /// L1.17(k), L1.17(g)@2014: whom the PMA advises on proposals.
  static func advised(_ edition: Edition) -> [String] {
    ["Panel"] + (edition == .current ? ["Change Sub-Committee"] : [])
      + ["Change Board", "Working Groups"]
  }

  /// Whether a paper is kept as its digest alone: L9.12, L9.18, C3-127-cps.
  package static func isConfidential(_ kind: MatterKind, _ paper: String) -> Bool {
    paper == "statement"
      && [.practiceStatement, .dcckiPracticeStatement, .s1spkiPracticeStatement].contains(kind)
  }

  /// The rule of a kind in an edition; nil where that edition gives the PMA no such business.
  package static func of(_ kind: MatterKind, in edition: Edition) -> MatterRule? {
    guard edition == .current || !MatterKind.later.contains(kind) else { return nil }
    return own(kind, edition) ?? assurance(kind) ?? ofPanel(kind)
  }

  private static func own(_ kind: MatterKind, _ edition: Edition) -> MatterRule? {
    let isNow = edition == .current
    func titles(_ chosen: (CodeDocument) -> Bool) -> [String] {
      CodeDocument.all.filter(chosen).map(\.shortTitle)
    }
    func reviewed(_ stem: String) -> [String] {
      titles { ($0.reviewedUnder?.id ?? "").hasPrefix(stem) && $0.since.begins <= edition.begins }
    }
    switch kind {
    case .practiceStatement:
      // L1.17(a)@2014: no IKI CPS before.
      return MatterRule(
        "L1.17(a)", about: ["Device CPS", "Organisation CPS"] + (isNow ? ["IKI CPS"] : []),
        papers: ["statement"], by: .approveCPS, ["approved", "approved-subject-to"], to: ["DCC"])
    case .smkiReview:
      return MatterRule(
        "L1.17(c)", papers: ["findings", "sec-objectives", "recommendations"],
        by: .acceptReview, ["reported"], to: ["Panel"])
    case .smkiDocumentReview:
      return MatterRule(
        "L1.17(d)", about: reviewed("L1.17(d)"), papers: ["findings"],
        in: "as soon as practicable", by: .acceptReview, ["no-change", "draft-proposal"])
    case .dcckiReview, .dcckiDocumentReview:
      return MatterRule(
        kind == .dcckiReview ? "L1.17(e)" : "L1.17(f)",
        about: kind == .dcckiReview ? [] : reviewed("L1.17(f)"),
        papers: ["findings", "recommendations"], in: "as soon as practicable",
        by: .acceptReview, ["no-change", "change-needed"],
        to: ["DCC", "Security Sub-Committee"], redacted: ["Parties"],
        redactedUnder: "L1.17(e)(ii)")
    case .dcckiPracticeStatement:
      return MatterRule(
        "L1.17(g)", about: ["DCCKI CPS"], papers: ["statement", "findings"], by: .acceptReview,
        ["reviewed"], to: ["DCC"])
    case .s1spkmReview, .s1spkmDocumentReview:
      return MatterRule(
        kind == .s1spkmReview ? "L1.17(q)" : "L1.17(r)",
        about: kind == .s1spkmReview ? [] : reviewed("L1.17(r)"),
        papers: ["findings", "recommendations"], in: "as soon as practicable",
        by: .acceptReview, ["no-change", "change-needed"], to: ["DCC", "Security Sub-Committee"])
    case .s1spkiPracticeStatement:
      return MatterRule(
        "L1.17(p)", papers: ["statement"], by: .decideS1SPKI,
        ["approved", "not-rejected", "rejected"], to: ["DCC"])
    case .recoveryKey:
      return MatterRule(
        "L1.17(i)", papers: ["compromise", "recovery-key-guidance"], in: "immediately",
        by: .useRecoveryKey, ["no-use", "recovery-key", "contingency-key"], to: ["DCC"])
    case .nomination:
      return MatterRule(
        "L1.17(j)", papers: ["purpose", "procedure-reference"], by: .nominateParty,
        ["nominated"], to: ["Nominated Party", "DCC"])
    default: return advice(kind, edition)
    }
  }

  private static func advice(_ kind: MatterKind, _ edition: Edition) -> MatterRule? {
    switch kind {
    case .proposalAdvice:
      MatterRule(
        "L1.17(k)", papers: ["advice"], by: .advise, ["advised"], to: advised(edition))
    case .disputeAdvice:
      // L1.17(i)@2014: of the SMKI Document Set alone.
      MatterRule(
        "L1.17(m)", about: ["SMKI"] + (edition == .current ? ["DCCKI", "S1SPKM"] : []),
        papers: ["dispute", "advice"], by: .advise, ["advised"], to: ["Panel"])
    case .generalAdvice:
      MatterRule(
        "L1.17(n)", about: services(edition), papers: ["advice"], by: .advise, ["advised"],
        to: ["Panel", "Sub-Committees"])
    case .documentFunction:
      MatterRule("L1.17(o)", papers: ["reference", "result"], ["done"])
    case .otherFunction:
      MatterRule("L1.17(s)", papers: ["reference", "result"], ["done"])
    default: nil
    }
  }

  private static func assurance(_ kind: MatterKind) -> MatterRule? {
    switch kind {
    case .nonCompliance:
      MatterRule(
        "L2.8", papers: ["report"], by: .determineNonCompliance,
        ["compliant", "non-compliant", "event-of-default"],
        to: ["Participant", "Affected Parties", "Panel"])
    case .defaultAdvice:
      MatterRule("L2.10", papers: ["advice"], by: .advise, ["advised"], to: ["Panel"])
    case .remedialPlan:
      MatterRule(
        "L2.11", papers: ["plan"], by: .approveRemedialPlan, ["approved", "not-approved"],
        to: ["Panel", "Participant"], redacted: ["Parties"], redactedUnder: "L2.12")
    case .suspension:
      MatterRule(
        "L2.14", papers: ["threat", "prior-notice"], in: "immediately", by: .suspend,
        ["suspended"], to: ["DCC", "Authority", "Panel"], redacted: ["Parties"],
        redactedUnder: "L2.15(c)")
    default: nil
    }
  }

  private static func ofPanel(_ kind: MatterKind) -> MatterRule? {
    switch kind {
    case .chairNotice:
      MatterRule(
        "L1.5(f)(i)", papers: ["proposed-chair", "independence"], in: "promptly", by: nil,
        ["notified"], to: ["Secretary of State"])
    case .demandReport:
      MatterRule(
        "L8.10", papers: ["report"], in: "promptly", by: nil, ["published", "withheld"],
        to: ["Website"])
    case .testingOpinion:
      MatterRule(
        "C3-265", papers: ["issue", "opinion"], by: nil, ["given"],
        to: ["Participant", "DCC", "Website"])
    case .interfaceExit:
      MatterRule(
        "C3-232", papers: ["criteria", "reasons"], by: nil, ["met", "not-met"],
        to: ["Authority", "Parties"])
    case .productsChange:
      MatterRule("C3-289-2", papers: ["change"], in: "promptly", by: nil, ["made"], to: ["Parties"])
    default: nil
    }
  }
}

extension MatterKind {
  /// Kinds that the list of 2014 does not have: it ends with (l).
  static let later: Set<MatterKind> = [
    .dcckiReview, .dcckiDocumentReview, .dcckiPracticeStatement, .recoveryKey, .s1spkmReview,
    .s1spkmDocumentReview, .s1spkiPracticeStatement,
  ]

  /// The action of the audit entry with which a matter ends, and which discharges its duty.
  package var action: String {
    switch self {
    case .smkiReview: "pma-review-reported"
    case .proposalAdvice: "pma-advice-given"
    case .chairNotice: "pma-chair-notified"
    default: "pma-\(rawValue)-issued"
    }
  }

  /// Outcomes after which nobody is told.
  package static let quiet: Set = ["no-change", "compliant", "not-approved", "withheld", "no-use"]
}
