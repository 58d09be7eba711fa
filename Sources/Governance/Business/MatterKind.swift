// SPDX-License-Identifier: Apache-2.0

/// What the PMA, or the Panel about it, is asked to deal with: L1.17 act by act.
package enum MatterKind: String, Hashable, Sendable, CaseIterable {
  /// L1.17(a), L9.9, L9.15: a Certification Practice Statement, or a change of one.
  case practiceStatement = "practice-statement"
  /// L1.17(c): the SMKI Document Set as a whole.
  case smkiReview = "smki-review"
  /// L1.17(d): one document, after it was incorporated or modified.
  case smkiDocumentReview = "smki-document-review"
  /// L1.17(e)
  case dcckiReview = "dccki-review"
  /// L1.17(f)
  case dcckiDocumentReview = "dccki-document-review"
  /// L1.17(g)
  case dcckiPracticeStatement = "dccki-practice-statement"
  /// L1.17(i): a compromise, and whether a key is used.
  case recoveryKey = "recovery-key"
  /// L1.17(j)
  case nomination
  /// L1.17(k)
  case proposalAdvice = "proposal-advice"
  /// L1.17(m)
  case disputeAdvice = "dispute-advice"
  /// L1.17(n)
  case generalAdvice = "general-advice"
  /// L1.17(o), L9.1
  case documentFunction = "document-function"
  /// L1.17(p), L1.17(p)(i), L1.17(p)(ii)
  case s1spkiPracticeStatement = "s1spki-practice-statement"
  /// L1.17(q)
  case s1spkmReview = "s1spkm-review"
  /// L1.17(r)
  case s1spkmDocumentReview = "s1spkm-document-review"
  /// L1.17(s)
  case otherFunction = "other-function"
  /// L1.17(l), L2.8: whether there was non-compliance, and an Event of Default.
  case nonCompliance = "non-compliance"
  /// L2.10: what the Panel should do about an Event of Default.
  case defaultAdvice = "default-advice"
  /// L2.11: a remedial action plan.
  case remedialPlan = "remedial-plan"
  /// L2.14: an emergency suspension, with its notices.
  case suspension
  /// L1.5(f)(i): the Panel tells the Secretary of State whom it proposes for the chair.
  case chairNotice = "chair-notice"
  /// L8.10: the Panel's report on demand.
  case demandReport = "demand-report"
  /// C3-265: the Panel's opinion on a testing issue.
  case testingOpinion = "testing-opinion"
  /// C3-232: the Panel lets Interface Testing end.
  case interfaceExit = "interface-exit"
  /// C3-289-2: a change of the list of certified products.
  case productsChange = "products-change"
}
