// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import SEC

/// The tables of this room; nobody else reads or writes them.
package enum RegistrationRecords {
  /// Who is an Authorised Subscriber under which policy.
  package static let subscriber = KeptTable(
    "authorised_subscriber", key: ["party", "policy"], columns: ["since"])
  /// System credentials, by serial number.
  package static let credential = KeptTable(
    "system_credential", key: ["serial"],
    columns: ["party", "interface", "name", "fingerprint", "not_after", "revoked"])
  /// The Smart Metering Inventory, so far as it was told.
  package static let device = KeptTable(
    "device", key: ["entity"], columns: ["type", "status", "since"])
  /// Keys of readers of the Repository, by SHA-256 of the key.
  package static let apiKey = KeptTable(
    "api_key", key: ["hash"], columns: ["party", "label", "since", "revoked"])
  /// L5.5(a), L5.11: for which purpose of the Code a key was given, by SHA-256 of the key.
  package static let keyPurpose = KeptTable(
    "api_key_purpose", key: ["hash"], columns: ["purpose"], changesStanding: false)
  /// Public keys that are never certified, by SHA-256 of the point or modulus.
  package static let refusedKey = KeptTable(
    "refused_key", key: ["hash"], columns: ["reason", "since"])

  /// Who holds a credential, by its serial number; a system's has no row.
  package static let holder = KeptTable(
    "credential_holder", key: ["serial"], columns: ["person", "token"])
  /// When a party first looked into the Repository.
  package static let access = KeptTable(
    "repository_access", key: ["party"], columns: ["first"], changesStanding: false)
  /// Notices of what is about to end.
  package static let notice = KeptTable(
    "expiry_notice", key: ["id"],
    columns: ["kind", "subject", "party", "name", "ends", "days", "made"], changesStanding: false)
  /// Requests for Organisation Certificates on their way.
  package static let organisationRequest = KeptTable(
    "organisation_request", key: ["id"],
    columns: ["party", "asker", "hash", "state", "changed", "received", "serial", "reason"],
    changesStanding: false)

  /// P3-3.1: the accounts of the Repository's portal.
  package static let account = KeptTable(
    "portal_account", key: ["name"],
    columns: [
      "party", "capacity", "purpose", "cost", "salt", "digest", "must_change", "since", "until",
      "wrong", "first_wrong",
    ], changesStanding: false)

  /// Requests for TLS certificates of the DCCKI.
  package static let connectionRequest = KeptTable(
    "connection_request", key: ["id"],
    columns: [
      "party", "request", "entered_by", "entered", "state", "decided_by", "decided", "serial",
      "reason",
    ], changesStanding: false)

  /// Every kept table of this room.
  package static let tables =
    [
      subscriber, credential, device, apiKey, refusedKey, holder, access, notice,
      organisationRequest, connectionRequest, account, keyPurpose,
    ] + InventoryRecords.tables + ModelRecords.tables

  /// And then the accounts of the portal.
  package static let accountMigrations = [
    Migration(
      name: "registration-accounts",
      statements: [
        """
        CREATE TABLE portal_account (
          name TEXT NOT NULL PRIMARY KEY, party TEXT NOT NULL, capacity TEXT NOT NULL,
          purpose TEXT NOT NULL, cost BIGINT NOT NULL, salt BLOB NOT NULL, digest BLOB NOT NULL,
          must_change BIGINT NOT NULL, since BIGINT NOT NULL, until BIGINT, wrong BIGINT NOT NULL,
          first_wrong BIGINT)
        """
      ])
  ]

  /// And then: what each key to the Repository was given for.
  package static let purposeMigrations = [
    Migration(
      name: "registration-key-purposes",
      statements: [
        "CREATE TABLE api_key_purpose (hash BLOB NOT NULL PRIMARY KEY, purpose TEXT NOT NULL)"
      ])
  ]

  /// Definitions that came after the first release: applied behind those of all rooms.
  package static let laterMigrations = [
    Migration(
      name: "registration-2",
      statements: [
        """
        CREATE TABLE credential_holder (
          serial TEXT NOT NULL PRIMARY KEY, person TEXT NOT NULL, token TEXT)
        """,
        """
        CREATE TABLE repository_access (party TEXT NOT NULL PRIMARY KEY, first BIGINT NOT NULL)
        """,
      ])
  ]

  /// What followed: notices, and requests of organisations as cases.
  package static let caseMigrations = [
    Migration(
      name: "registration-3",
      statements: [
        """
        CREATE TABLE expiry_notice (
          id BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL,
          party TEXT NOT NULL, name TEXT NOT NULL, ends BIGINT NOT NULL, days BIGINT NOT NULL,
          made BIGINT NOT NULL)
        """,
        """
        CREATE TABLE organisation_request (
          id BIGINT NOT NULL PRIMARY KEY, party TEXT NOT NULL, asker TEXT NOT NULL,
          hash BLOB NOT NULL, state TEXT NOT NULL, changed BIGINT NOT NULL,
          received BIGINT NOT NULL, serial TEXT, reason TEXT)
        """,
        "CREATE INDEX organisation_request_hash ON organisation_request (hash)",
      ])
  ]

  /// And then: requests for TLS certificates of the DCCKI.
  package static let connectionMigrations = [
    Migration(
      name: "registration-connections",
      statements: [
        """
        CREATE TABLE connection_request (
          id BIGINT NOT NULL PRIMARY KEY, party TEXT NOT NULL, request BLOB NOT NULL,
          entered_by TEXT NOT NULL, entered BIGINT NOT NULL, state TEXT NOT NULL, decided_by TEXT,
          decided BIGINT, serial TEXT, reason TEXT)
        """
      ])
  ]

  /// The tables' definitions, oldest first.
  package static let migrations = [
    Migration(
      name: "registration-1",
      statements: [
        """
        CREATE TABLE authorised_subscriber (
          party TEXT NOT NULL, policy TEXT NOT NULL, since BIGINT NOT NULL,
          PRIMARY KEY (party, policy))
        """,
        """
        CREATE TABLE system_credential (
          serial TEXT NOT NULL PRIMARY KEY, party TEXT NOT NULL, interface TEXT NOT NULL,
          name TEXT NOT NULL, fingerprint BLOB NOT NULL, not_after BIGINT NOT NULL, revoked BIGINT)
        """,
        "CREATE UNIQUE INDEX system_credential_fingerprint ON system_credential (fingerprint)",
        """
        CREATE TABLE device (
          entity BLOB NOT NULL PRIMARY KEY, type TEXT NOT NULL, status TEXT NOT NULL,
          since BIGINT NOT NULL)
        """,
        """
        CREATE TABLE api_key (
          hash BLOB NOT NULL PRIMARY KEY, party TEXT NOT NULL, label TEXT NOT NULL,
          since BIGINT NOT NULL, revoked BIGINT)
        """,
        """
        CREATE TABLE refused_key (
          hash BLOB NOT NULL PRIMARY KEY, reason TEXT NOT NULL, since BIGINT NOT NULL)
        """,
      ])
  ]

  static func subscription(
    of party: String, policy: CertificatePolicyKind, in reading: some Querying
  ) throws -> Time? {
    try reading.query(
      """
      SELECT since FROM authorised_subscriber
      WHERE party = \(party) AND policy = \(policy.rawValue)
      """
    ).first.map { try $0.time("since") }
  }

  static func credential(
    fingerprint: [UInt8], in reading: some Querying
  ) throws -> SystemCredential? {
    try reading.query(
      """
      SELECT \(credentialColumns) WHERE fingerprint = \(fingerprint)
      """
    ).first.map(credential(from:))
  }

  static func credential(serial: String, in reading: some Querying) throws -> SystemCredential? {
    try reading.query(
      """
      SELECT \(credentialColumns) WHERE c.serial = \(serial)
      """
    ).first.map(credential(from:))
  }

  static func credentials(in reading: some Querying) throws -> [SystemCredential] {
    try reading.query(
      """
      SELECT \(credentialColumns) ORDER BY party, interface, name, c.serial
      """
    ).map(credential(from:))
  }

  private static let credentialColumns: SQL =
    """
    c.serial AS serial, party, interface, name, fingerprint, not_after, revoked, h.person AS person,
    h.token AS token FROM system_credential c LEFT JOIN credential_holder h ON h.serial = c.serial
    """

  private static func credential(from row: Row) throws -> SystemCredential {
    guard let interface = Interface(rawValue: try row.text("interface")) else {
      throw DatabaseError.damaged("system_credential.interface")
    }
    return SystemCredential(
      serial: try row.text("serial"), party: try row.text("party"), interface: interface,
      name: try row.text("name"), fingerprint: try row.blob("fingerprint"),
      notAfter: try row.time("not_after"),
      revoked: try row.optionalTime("revoked"), person: try row.optionalText("person"),
      token: try row.optionalText("token"))
  }

  static func device(_ entity: EntityID, in reading: some Querying) throws -> DeviceStanding? {
    try reading.query("SELECT type, status FROM device WHERE entity = \(entity.octets)").first.map {
      row in
      guard let type = DeviceType(rawValue: try row.text("type")),
        let status = SMIStatus(rawValue: try row.text("status"))
      else { throw DatabaseError.damaged("device") }
      return DeviceStanding(type: type, status: status)
    }
  }
}
