// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Registration
package import SEC

/// P3-App-B-api-key: gives a reader of a party a key to the Repository.
package struct AddAPIKey: ControlRequest {
  /// The party, a name for the reader, and the key; nil has one made.
  package let party: String
  package let label: String
  package let key: String?
  /// The moment from which on it no longer opens the Repository, in milliseconds since 1970; nil
  /// until it is withdrawn.
  package let until: Int64?
  /// L5.5(a): the purpose of the Code for which the reader reads; nil has each request state it.
  package let purpose: String?

  /// Octets of a key that is made here: as many as nobody can guess.
  static let keyOctets = 24

  package static let name = "apikey-add"
  package static let role = Actor.Role.registrationOfficer

  /// The key, shown this once: only its digest is kept (ENG-password-hash).
  package struct Answer: Codable, Sendable {
    /// The key itself.
    package let key: String
  }

  /// A key to be given.
  package init(
    party: String, label: String, purpose: String?, key: String? = nil, until: Int64? = nil
  ) {
    self.party = party
    self.label = label
    self.key = key
    self.until = until
    self.purpose = purpose
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let key = self.key ?? Hex.encode(Random.bytes(Self.keyOctets)).lowercased()
    guard key != RepositoryInterface.testAPIKey else { throw Refusal.keyOfPublicClient() }
    let now = node.clock()
    try node.registration.addAPIKey(
      key, of: party, label: label, for: purpose,
      until: until.map { Time(milliseconds: $0) }
        ?? now.adding(seconds: Int64(node.configuration.enrolment.apiKeyDays) * 86_400), at: now,
      by: officer)
    return Answer(key: key)
  }
}

/// P3-App-B-api-key: withdraws the keys of a reader; the next request with one is refused.
package struct WithdrawAPIKey: ControlRequest {
  /// The party, and the reader's name.
  package let party: String
  package let label: String

  package static let name = "apikey-withdraw"
  package static let role = Actor.Role.registrationOfficer

  /// A reader who is to have no key any more.
  package init(party: String, label: String) {
    self.party = party
    self.label = label
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.registration.withdrawAPIKeys(
      of: party, label: label, at: node.clock(), by: officer)
    return Done(by: officer)
  }
}
