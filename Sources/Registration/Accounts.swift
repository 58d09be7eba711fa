// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Enrolment
import EntryTesting
import Keys
import Parties
import Records
package import SEC

/// P3-3.1: an account of the Repository's portal.
package struct PortalAccount: Hashable, Sendable {
  /// What an account was given for.
  package enum Capacity: String, Hashable, Sendable, CaseIterable {
    /// L5.5: reads the Repository.
    case reader
    /// L5.5(b), L6.1(b): reads the Repository as the Panel, or as the Code Administrator for it.
    case panel
    /// L5.5(c), L6.1(c): reads it as the SMKI PMA, or as the Code Administrator for it.
    case pma
    /// Reads the entries of the audit.
    case auditor

    /// L5.5, L6.1: whether it reads the Repository.
    package var mayRead: Bool { self != .auditor }
  }

  /// P3-3.1-lockout: wrong passwords within the hour that lock an account.
  package static let wrongMax = 5
  /// P3-3.1-lockout: seconds from the first wrong password for which the account is then locked.
  package static let lockSeconds: Int64 = 3_600
  /// Characters of a password that somebody chooses [assumed].
  package static let passwordMin = 12

  /// What is typed; unique in the estate.
  package let name: String
  /// Whose it is.
  package let party: String
  /// What it was given for.
  package let capacity: Capacity
  /// L5.5(a): for which purpose of the Code it reads.
  package let purpose: String
  /// What is kept of the password.
  let password: PasswordDigest
  /// P3-3.1-password: whether it has to be changed before anything else.
  package let mustChange: Bool
  /// When it was given.
  package let since: Time
  /// From when on it opens nothing, or nil.
  package let until: Time?
  /// Wrong passwords since the first of them, and when that was.
  package let wrong: Int
  package let firstWrong: Time?

  /// Who acts.
  package var actor: Actor { Actor(name: name, role: .reader, party: party) }

  /// P3-3.1-lockout: until when it is locked, or nil.
  package func lockedUntil(at moment: Time) -> Time? {
    guard wrong >= Self.wrongMax, let end = firstWrong?.adding(seconds: Self.lockSeconds),
      moment < end
    else { return nil }
    return end
  }

  func with(
    password: PasswordDigest? = nil, mustChange: Bool? = nil, until: Time? = nil, wrong: Int,
    firstWrong: Time?
  ) -> PortalAccount {
    PortalAccount(
      name: name, party: party, capacity: capacity, purpose: purpose,
      password: password ?? self.password, mustChange: mustChange ?? self.mustChange,
      since: since, until: until ?? self.until, wrong: wrong, firstWrong: firstWrong)
  }
}

/// The accounts of the Repository's portal.
extension Registration {
  /// P3-3.1-password, L6.1(a): gives a party an account, after its entry tests; its password is
  /// good for choosing another one.
  ///
  /// - Throws: `account-form`, `account-taken`, `party-unknown`, `entry-tests-open`,
  ///   `password-form`.
  package func addAccount(
    _ name: String, of party: String, as capacity: PortalAccount.Capacity, purpose: String,
    password: String, salt: [UInt8], at moment: Time, by actor: Actor
  ) throws {
    guard (3...64).contains(name.utf8.count),
      name.utf8.allSatisfy({ (33...126).contains($0) && $0 != 58 })
    else { throw Refusal.accountForm("name", "3 to 64 visible characters without a colon", name) }
    guard (3...200).contains(purpose.utf8.count) else {
      throw Refusal.accountForm("purpose", "the Code purpose, 3 to 200 octets", purpose)
    }
    let account = PortalAccount(
      name: name, party: party, capacity: capacity, purpose: purpose,
      password: try Self.digest(password, salt), mustChange: true, since: moment, until: nil,
      wrong: 0, firstWrong: nil)
    let entry = Entry(
      actor, "account-added", clause: "P3-3.1-password", at: moment,
      facts: [
        "account": name, "party": party, "capacity": capacity.rawValue, "purpose": purpose,
      ])
    try records.write(entry) { transaction in
      // An auditor is nobody who takes part, and the bodies of the Code are no parties.
      if capacity == .reader {
        guard try self.register.party(party) != nil else { throw Refusal.partyUnknown(party) }
        guard try entryTests.completion(of: .repository, by: party) != nil else {
          throw Refusal.entryTestsOpen(party, .repository)
        }
      }
      guard try RegistrationRecords.account(name, in: transaction) == nil else {
        throw Refusal.accountTaken(name)
      }
      try RegistrationRecords.keep(account, in: transaction)
    }
  }

  /// P3-3.1-lockout: gives an account another first password, and unlocks it, after an ARO was
  /// identified; `evidence` says how.
  package func resetAccount(
    _ name: String, password: String, salt: [UInt8], evidence: String, at moment: Time,
    by actor: Actor
  ) throws {
    let digest = try Self.digest(password, salt)
    try change(name, "account-reset", evidence, at: moment, by: actor) {
      $0.with(password: digest, mustChange: true, wrong: 0, firstWrong: nil)
    }
  }

  /// P3-3.1-lockout: unlocks an account after an ARO was identified.
  package func unlockAccount(
    _ name: String, evidence: String, at moment: Time, by actor: Actor
  ) throws {
    try change(name, "account-unlocked", evidence, at: moment, by: actor) {
      $0.with(wrong: 0, firstWrong: nil)
    }
  }

  /// P3-3.1: withdraws an account.
  package func withdrawAccount(
    _ name: String, evidence: String, at moment: Time, by actor: Actor
  ) throws {
    try change(name, "account-withdrawn", evidence, at: moment, by: actor) {
      $0.with(until: moment, wrong: $0.wrong, firstWrong: $0.firstWrong)
    }
  }

  private func change(
    _ name: String, _ action: String, _ evidence: String, at moment: Time, by actor: Actor,
    _ change: @escaping @Sendable (PortalAccount) -> PortalAccount
  ) throws {
    guard evidence.utf8.count >= 3 else {
      throw Refusal.accountForm("evidence", "who asked and how the person was identified", evidence)
    }
    let entry = Entry(
      actor, action, clause: "P3-3.1-lockout", at: moment,
      facts: ["account": name, "evidence": evidence])
    try records.write(entry) { transaction in
      guard let account = try RegistrationRecords.account(name, in: transaction) else {
        throw Refusal.accountNotFound(name)
      }
      try RegistrationRecords.keep(change(account), in: transaction)
    }
  }

  /// An account by its name, or nil.
  package func account(_ name: String) throws -> PortalAccount? {
    try records.read { try RegistrationRecords.account(name, in: $0) }
  }

  /// Every account, by name.
  package func accounts() throws -> [PortalAccount] {
    try records.read { try RegistrationRecords.accounts(in: $0) }
  }

  /// P3-3.1-lockout: the account whose password this is.
  ///
  /// A wrong password is counted before it is answered. What is no account costs the same time and
  /// is refused in the same words.
  ///
  /// - Throws: `account-unknown`, `account-locked`, `party-has-left`.
  package func signIn(
    _ name: String, _ password: String, at moment: Time
  ) throws -> PortalAccount {
    guard let account = try account(name), account.until.map({ moment < $0 }) ?? true else {
      _ = try Self.digest(password, [UInt8](repeating: 0, count: 32), isChosen: false)
      throw Refusal.accountUnknown
    }
    if let end = account.lockedUntil(at: moment) { throw Refusal.accountLocked(end) }
    let isRight = try account.password.matches(Secret(copying: Array(password.utf8.prefix(1024))))
    guard isRight else {
      try countWrong(name, at: moment)
      throw Refusal.accountUnknown
    }
    if account.capacity == .reader {
      try records.read { try checkReader(of: account.party, at: moment, in: $0) }
    }
    guard account.wrong > 0 else { return account }
    let clean = account.with(wrong: 0, firstWrong: nil)
    try records.write(
      Entry(account.actor, "account-signed-in", clause: "P3-3.1-lockout", at: moment)
    ) { try RegistrationRecords.keep(clean, in: $0) }
    return clean
  }

  private func countWrong(_ name: String, at moment: Time) throws {
    let entry = Entry(
      Actor(name: name, role: .reader), "password-wrong", clause: "P3-3.1-lockout", at: moment,
      facts: ["account": name])
    try records.write(entry) { transaction in
      guard let account = try RegistrationRecords.account(name, in: transaction) else { return }
      let isSameHour = account.firstWrong.map {
        moment < $0.adding(seconds: PortalAccount.lockSeconds)
      }
      let first = isSameHour == true ? account.firstWrong : moment
      let wrong = isSameHour == true ? account.wrong + 1 : 1
      try RegistrationRecords.keep(
        account.with(wrong: wrong, firstWrong: first), in: transaction)
    }
  }

  /// P3-3.1-password: replaces a password by one that somebody chose.
  ///
  /// - Throws: `password-form`, and what `signIn` throws.
  package func changePassword(
    of name: String, from old: String, to new: String, salt: [UInt8], at moment: Time
  ) throws {
    let account = try signIn(name, old, at: moment)
    guard new.count >= PortalAccount.passwordMin, new.utf8.count <= 1024, new != old else {
      throw Refusal.passwordForm(
        "\(PortalAccount.passwordMin) characters or more, and another one than before")
    }
    let digest = try Self.digest(new, salt)
    let entry = Entry(
      account.actor, "password-changed", clause: "P3-3.1-password", at: moment,
      facts: ["account": name])
    try records.write(entry) { transaction in
      try RegistrationRecords.keep(
        account.with(password: digest, mustChange: false, wrong: 0, firstWrong: nil),
        in: transaction)
    }
  }

  private static func digest(
    _ password: String, _ salt: [UInt8], isChosen: Bool = true
  ) throws -> PasswordDigest {
    let octets = Array(password.utf8.prefix(1024))
    guard !octets.isEmpty else {
      // An empty guess costs what any other does.
      guard isChosen else { return try PasswordDigest(of: Secret(copying: [0]), salt: salt) }
      throw Refusal.passwordForm("a password that is not empty")
    }
    return try PasswordDigest(of: Secret(copying: octets), salt: salt)
  }
}
