// SPDX-License-Identifier: Apache-2.0

package import SEC

/// Every way in which the doors themselves say no.
extension Refusal {
  /// ENG-control: the asking process belongs to a user who is nobody here.
  package static func noOfficer(_ user: UInt32?) -> Refusal {
    Refusal(
      "no-officer", clause: "ENG-control", field: "user",
      expected: "a user of this machine whom estate.json lists under officers",
      found: user.map { "user number \($0)" } ?? "a connection without user",
      remedy: "Have an operator add the user to officers in estate.json, and start the node again.")
  }

  /// ENG-control: an officer without the role that the operation asks for.
  package static func roleMissing(
    _ officer: Configuration.Officer, _ role: Actor.Role
  ) -> Refusal {
    Refusal(
      "role-missing", clause: "ENG-control", field: "role", expected: role.rawValue,
      found: "\(officer.name) with \(officer.roles.joined(separator: ", "))",
      remedy: "Have an officer with that role do it.")
  }

  /// ENG-control: what came is no request of that operation: command and node differ in version.
  package static func controlRequestForm(_ operation: String) -> Refusal {
    Refusal(
      "control-request-form", clause: "ENG-control", field: "body",
      expected: "a request for \(operation) in JSON", found: "something else",
      remedy: "Use the command of the same version as the node.")
  }

  /// ENG-control: a word that the Code does not have.
  package static func unknownWord(_ word: String, _ field: String) -> Refusal {
    Refusal(
      "unknown-word", clause: "ENG-control", field: field,
      expected: "one of the words that smki help lists", found: word,
      remedy: "Ask smki help with the command for the words.")
  }

  /// K-test-api-key: the key that everybody knows opens nothing outside a test estate.
  package static func keyOfPublicClient() -> Refusal {
    Refusal(
      "key-of-public-client", clause: "K-test-api-key", field: "key",
      expected: "a key that nobody else knows", found: "the key of DCC's public client",
      remedy: "Leave the key out: one is made.")
  }

  /// ENG-clock: signatures and lives need a clock that somebody keeps right.
  package static func clockNotSynchronised(_ estate: Estate) -> Refusal {
    Refusal(
      "clock-not-synchronised", clause: "ENG-clock", field: "clock",
      expected: "a kernel clock that a time service keeps synchronised",
      found: "an unsynchronised clock in the live estate \(estate.name)",
      remedy: "Start a time service such as chrony, and wait until it has set the clock.")
  }

  /// C3-190-1: a live estate signs with keys of a certified module only.
  package static func softwareKeys(_ estate: Estate) -> Refusal {
    Refusal(
      "software-keys", clause: "C3-190-1", field: "keys",
      expected: "keys in a module of FIPS 140-2 or 140-3 level 3",
      found: "software keys in the live estate \(estate.name)",
      remedy: "Use a test estate until the keys of this one are in such a module.")
  }
}
