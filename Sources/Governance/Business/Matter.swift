// SPDX-License-Identifier: Apache-2.0

package import Duties
package import SEC

/// One piece of business, from what began it to those who are told of it.
package struct Matter: Hashable, Sendable {
  /// How it stands.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case open
    /// L9.9(b)(ii): approved once the directed amendments are made.
    case amending
    case decided
    case issued
  }

  /// A short number, such as `cps-7`.
  package let id: String
  package let kind: MatterKind
  /// What it is about, and which version of it.
  package let subject: String
  package let version: String
  /// The edition in force when it was opened.
  package let edition: Edition
  /// What began it.
  package let cause: String
  package let opened: Day
  /// The last day on which it is in time.
  package let due: Day
  package let state: State
  package let outcome: String
  /// The vote that decided it; empty before, and where the Panel decided.
  package let vote: String
  package let decided: Day?
  package let issued: Day?

  /// L2.13(a), L2.13(b), L2.15(c): whether the Parties are told only where somebody thinks it is
  /// needed; the plan of the DCC as provider of the SMKI they always see (L2.12).
  package var mayKeepFromParties: Bool {
    kind == .suspension || (kind == .remedialPlan && subject != "DCC")
  }

  /// Its rule.
  package var rule: MatterRule? { MatterRule.of(kind, in: edition) }

  func changed(
    state: State, outcome: String? = nil, vote: String? = nil, decided: Day? = nil,
    issued: Day? = nil
  ) -> Matter {
    Matter(
      id: id, kind: kind, subject: subject, version: version, edition: edition, cause: cause,
      opened: opened, due: due, state: state, outcome: outcome ?? self.outcome,
      vote: vote ?? self.vote, decided: decided ?? self.decided, issued: issued ?? self.issued)
  }
}

/// A paper of a matter.
package struct Paper: Hashable, Sendable {
  /// The most octets of a paper that is kept whole.
  package static let octetsMax = 60_000

  package let name: String
  /// What it says; empty where only its digest is kept.
  package let text: String
  /// SHA-256 in hexadecimal digits.
  package let digest: String
  package let day: Day
}

/// M4-observation-class: what a review found in a document.
package struct Observation: Hashable, Sendable {
  /// What sort of finding.
  package enum Class: String, Hashable, Sendable, CaseIterable {
    case typographical
    case cosmetic
    case alignment
    case inconsistency
    case omission
    case improvedDrafting = "improved-drafting"
    case supersededStandard = "superseded-standard"
    case recoveryClarity = "recovery-clarity"
  }

  /// Which finding of its matter, in which document, of what sort.
  package let number: Int
  package let document: String
  package let sort: Class
  /// What was found, and what should be done.
  package let text: String
  package let recommendation: String
  /// M4-contingency-order: an observation may stay open while a proposal goes on.
  package let isOpen: Bool

  /// An observation, whole.
  package init(
    number: Int, document: String, sort: Class, text: String, recommendation: String,
    isOpen: Bool = true
  ) {
    self.number = number
    self.document = document
    self.sort = sort
    self.text = text
    self.recommendation = recommendation
    self.isOpen = isOpen
  }
}

/// L9.9(b)(ii), L9.11(b): an amendment that the PMA directed.
package struct Amendment: Hashable, Sendable {
  /// Which amendment of its matter, and what it asks for.
  package let number: Int
  package let text: String
  /// When the DCC had made it.
  package let made: Day?
}

/// Somebody was told.
package struct Notice: Hashable, Sendable {
  /// Who was told, how much of it, by which rule.
  package let recipient: String
  package let form: MatterRule.Recipient.Form
  package let clause: Clause
  package let day: Day
}
