// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Records
import SEC

/// The accounts of the portal, as their table holds them.
extension RegistrationRecords {
  static func keep(_ account: PortalAccount, in transaction: Transaction) throws {
    try transaction.keep(
      self.account,
      [
        .text(account.name), .text(account.party), .text(account.capacity.rawValue),
        .text(account.purpose), .int(Int64(account.password.logN)), .blob(account.password.salt),
        .blob(account.password.digest), .int(account.mustChange ? 1 : 0),
        .int(account.since.milliseconds), account.until.map { .int($0.milliseconds) } ?? .null,
        .int(Int64(account.wrong)), account.firstWrong.map { .int($0.milliseconds) } ?? .null,
      ])
  }

  private static let accountColumns: SQL =
    """
    name, party, capacity, purpose, cost, salt, digest, must_change, since, until, wrong,
    first_wrong
    """

  static func account(_ name: String, in reading: some Querying) throws -> PortalAccount? {
    try reading.first("SELECT \(accountColumns) FROM portal_account WHERE name = \(name)")
      .map(account(from:))
  }

  static func accounts(in reading: some Querying) throws -> [PortalAccount] {
    try reading.query("SELECT \(accountColumns) FROM portal_account ORDER BY name")
      .map(account(from:))
  }

  private static func account(from row: Row) throws -> PortalAccount {
    guard let capacity = PortalAccount.Capacity(rawValue: try row.text("capacity")) else {
      throw DatabaseError.damaged("portal_account.capacity")
    }
    return PortalAccount(
      name: try row.text("name"), party: try row.text("party"), capacity: capacity,
      purpose: try row.text("purpose"),
      password: PasswordDigest(
        logN: try row.int("cost"), salt: try row.blob("salt"), digest: try row.blob("digest")),
      mustChange: try row.int("must_change") != 0, since: try row.time("since"),
      until: try row.optionalTime("until"), wrong: try row.int("wrong"),
      firstWrong: try row.optionalTime("first_wrong"))
  }
}
