// SPDX-License-Identifier: Apache-2.0

import DER
import EntryTesting
import Parties
import Registration
package import SEC

/// C3-4: records that a party has left the Code.
package struct LeaveParty: ControlRequest {
  /// The party, and what shows that it left.
  package let party: String
  package let evidence: String

  package static let name = "party-leave"
  package static let role = Actor.Role.registrationOfficer

  /// A party that has left.
  package init(party: String, evidence: String) {
    self.party = party
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.register.leave(
      party, at: node.clock(), evidence: evidence, by: officer)
    return Done(by: officer)
  }
}

/// C3-G-dcc-user: records that a party has completed the user entry process of a User Role.
package struct ConfirmUserEntry: ControlRequest {
  /// The party, the role as `UserRole` writes it, and what shows it.
  package let party: String
  package let userRole: String
  package let evidence: String

  package static let name = "party-user-entry"
  package static let role = Actor.Role.registrationOfficer

  /// A completion to be recorded.
  package init(party: String, userRole: String, evidence: String) {
    self.party = party
    self.userRole = userRole
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.register.confirmUserEntry(
      Control.word(userRole, UserRole.init, "role"), of: party, at: node.clock(),
      evidence: evidence, by: officer)
    return Done(by: officer)
  }
}

/// L7.1: records that a party has completed the tests for a purpose.
package struct ConfirmEntryTests: ControlRequest {
  /// The party, the purpose as `EntryTestPurpose` writes it, and what shows it.
  package let party: String
  package let purpose: String
  package let evidence: String

  package static let name = "party-entry-tests"
  package static let role = Actor.Role.registrationOfficer

  /// A completion to be recorded.
  package init(party: String, purpose: String, evidence: String) {
    self.party = party
    self.purpose = purpose
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.entryTests.confirm(
      Control.word(purpose, EntryTestPurpose.init, "purpose"), of: party, at: node.clock(),
      evidence: evidence, by: officer)
    return Done(by: officer)
  }
}

/// L3.2: makes a party an Authorised Subscriber under a policy.
package struct AuthoriseSubscriber: ControlRequest {
  /// The party, and the policy as `CertificatePolicyKind` writes it.
  package let party: String
  package let policy: String

  package static let name = "party-authorise"
  package static let role = Actor.Role.registrationOfficer

  /// A party to be authorised.
  package init(party: String, policy: String) {
    self.party = party
    self.policy = policy
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.authorise(
      party, under: Control.word(policy, CertificatePolicyKind.init, "policy"), at: node.clock(),
      by: officer)
    return Done(by: officer)
  }
}

/// L2.15: suspends a party from now.
package struct SuspendParty: ControlRequest {
  /// The party, the rule that it is directed under, and what shows the direction.
  package let party: String
  package let clause: String
  package let evidence: String

  package static let name = "party-suspend"
  package static let role = Actor.Role.registrationOfficer

  /// A party to be suspended.
  package init(party: String, clause: String, evidence: String) {
    self.party = party
    self.clause = clause
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.register.suspend(
      party, from: node.clock(), under: Clause(clause), evidence: evidence, by: officer)
    return Done(by: officer)
  }
}

/// L2.15: ends the suspension of a party.
package struct ReinstateParty: ControlRequest {
  /// The party, and what shows the direction.
  package let party: String
  package let evidence: String

  package static let name = "party-reinstate"
  package static let role = Actor.Role.registrationOfficer

  /// A party to be reinstated.
  package init(party: String, evidence: String) {
    self.party = party
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.register.reinstate(
      party, from: node.clock(), evidence: evidence, by: officer)
    return Done(by: officer)
  }
}

extension Control {
  /// A word of the Code as its type, or a refusal: the command line knows the words already.
  static func word<Value>(
    _ text: String, _ read: (String) -> Value?, _ field: String
  ) throws(Refusal) -> Value {
    guard let value = read(text) else { throw .unknownWord(text, field) }
    return value
  }

  /// A moment as it is written.
  static func moment(_ text: String, _ field: String) throws(Refusal) -> Time {
    guard let moment = Time(rfc3339: text) else {
      throw .unknownWord(text, field, expected: "a moment, such as 2027-01-31T20:00:00Z")
    }
    return moment
  }
}
