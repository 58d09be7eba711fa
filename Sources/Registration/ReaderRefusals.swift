// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// How readers of the Repository, and accounts of its portal, are told no.
extension Refusal {
  /// L5.5(a), L5.11: nobody reads without a purpose of the Code, stated or declared beforehand.
  package static func readerPurposeMissing(_ reader: String) -> Refusal {
    Refusal(
      "purpose-not-stated", clause: "L5.11", field: "purpose",
      expected: "the Code purpose of reading, \(RepositoryReader.purposeOctets.lowerBound) to "
        + "\(RepositoryReader.purposeOctets.upperBound) octets", found: "none of \(reader)",
      remedy: "Add &purpose= to the request, or have the key given again with its purpose.")
  }

  /// P3-3.1: no account with this password; which of the two is wrong nobody is told.
  package static var accountUnknown: Refusal {
    Refusal(
      "account-unknown", clause: "L6.5(c)", field: "Authorization",
      expected: "the name of an account and its password", found: "another or none",
      remedy: "Check both; after \(PortalAccount.wrongMax) wrong passwords within an hour the "
        + "account is locked.")
  }

  /// P3-3.1-lockout: too many wrong passwords.
  package static func accountLocked(_ end: Time) -> Refusal {
    Refusal(
      "account-locked", clause: "P3-3.1-lockout", field: "Authorization",
      expected: "fewer than \(PortalAccount.wrongMax) wrong passwords within an hour",
      found: "\(PortalAccount.wrongMax) or more; locked until \(end.rfc3339)",
      remedy: "Wait, or have an Authorised Responsible Officer ask the Service Desk.")
  }

  /// P3-3.1-password: the first password is good for choosing another one.
  package static var passwordToBeChanged: Refusal {
    Refusal(
      "password-to-be-changed", clause: "P3-3.1-password", field: "Authorization",
      expected: "a password that you have chosen", found: "the one that was given to you",
      remedy: "POST another one to /services/password, with this one as Basic authentication.")
  }

  /// P3-3.1-password: what a password has to be.
  package static func passwordForm(_ expected: String) -> Refusal {
    Refusal(
      "password-form", clause: "P3-3.1-password", field: "password", expected: expected,
      found: "something else", remedy: "Choose another password.")
  }

  /// P3-3.1: the form of what an account is given with.
  package static func accountForm(
    _ field: String, _ expected: String, _ found: String
  ) -> Refusal {
    Refusal(
      "account-form", clause: "P3-3.1-password", field: field, expected: expected,
      found: String(found.prefix(100)), remedy: "Mend it and try again.")
  }

  /// P3-3.1: names of accounts are unique.
  package static func accountTaken(_ name: String) -> Refusal {
    Refusal(
      "account-taken", clause: "P3-3.1-password", field: "name",
      expected: "a name that no account has or had", found: name, remedy: "Choose another name.")
  }

  /// P3-3.1: no account of that name.
  package static func accountNotFound(_ name: String) -> Refusal {
    Refusal(
      "account-not-found", clause: "P3-3.1-lockout", field: "name",
      expected: "the name of an account", found: String(name.prefix(100)),
      remedy: "See smki account list.")
  }

  /// L5.5: an account does what it was given for.
  package static func accountCapacity(_ needed: PortalAccount.Capacity) -> Refusal {
    Refusal(
      "account-capacity", clause: "L5.5", field: "Authorization",
      expected: "an account of a\(needed == .auditor ? "n" : "") \(needed.rawValue)",
      found: "an account for something else",
      remedy: "Ask the Registration Authority for an account of that kind.")
  }
}
