// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Registration
package import SEC

/// P3-3.1: gives an account of the Repository's portal.
package struct AddAccount: ControlRequest {
  /// The name that is typed, and whose it is.
  package let account, party: String
  /// As `PortalAccount.Capacity` writes it.
  package let capacity: String
  /// L5.5(a): the purpose of the Code for which it reads.
  package let purpose: String

  package static let name = "account-add"
  package static let role = Actor.Role.registrationOfficer

  /// The first password, shown this once (ENG-password-hash).
  package struct Answer: Codable, Sendable {
    /// The password itself.
    package let password: String
  }

  /// An account to be given.
  package init(account: String, party: String, capacity: String, purpose: String) {
    self.account = account
    self.party = party
    self.capacity = capacity
    self.purpose = purpose
  }

  /// A first password: as long as nobody can guess it.
  static func password() -> String { Hex.encode(Random.bytes(12)).lowercased() }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    guard let capacity = PortalAccount.Capacity(rawValue: capacity) else {
      throw Refusal.accountForm(
        "capacity", PortalAccount.Capacity.allCases.map(\.rawValue).joined(separator: ", "),
        self.capacity)
    }
    let password = Self.password()
    try node.registration.addAccount(
      account, of: party, as: capacity, purpose: purpose, password: password,
      salt: Random.bytes(32), at: node.clock(), by: officer)
    return Answer(password: password)
  }
}

/// P3-3.1-lockout: resets, unlocks or withdraws an account, after somebody was identified.
package struct ChangeAccount: ControlRequest {
  /// What is done.
  package enum Change: String, Codable, Sendable {
    case reset, unlock, withdraw
  }

  /// The name that is typed.
  package let account: String
  /// What is done.
  package let change: Change
  /// Who asked, and how the person was identified.
  package let evidence: String

  package static let name = "account-change"
  package static let role = Actor.Role.registrationOfficer

  /// The new first password after a reset, shown this once.
  package struct Answer: Codable, Sendable {
    /// The password, or nil when it stays.
    package let password: String?
  }

  /// A change of an account.
  package init(account: String, change: Change, evidence: String) {
    self.account = account
    self.change = change
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let (registration, moment) = (node.registration, node.clock())
    switch change {
    case .reset:
      let password = AddAccount.password()
      try registration.resetAccount(
        account, password: password, salt: Random.bytes(32), evidence: evidence, at: moment,
        by: officer)
      return Answer(password: password)
    case .unlock:
      try registration.unlockAccount(account, evidence: evidence, at: moment, by: officer)
    case .withdraw:
      try registration.withdrawAccount(account, evidence: evidence, at: moment, by: officer)
    }
    return Answer(password: nil)
  }
}
