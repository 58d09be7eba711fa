// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Keys
import Profiles
package import Records
import SEC
import X509

/// The tables of an offline store: what its ceremonies made, and who holds which share.
package enum CeremonyRecords {
  static let estate = KeptTable(
    "offline_estate", key: ["name"],
    columns: ["kind", "device_policy", "organisation_policy", "iki_policy", "dccki_policy"],
    changesStanding: false)
  static let authority = KeptTable(
    "offline_authority", key: ["name"],
    columns: ["kind", "certificate", "key_label", "module", "token", "ceremony"],
    changesStanding: false)
  static let key = KeptTable(
    "offline_key", key: ["place", "label"], columns: ["use", "public", "ceremony"],
    changesStanding: false)
  static let share = KeptTable(
    "vault_share", key: ["vault", "generation", "number"],
    columns: ["threshold", "shares", "custodian", "ceremony", "digest"], changesStanding: false)
  static let custodian = KeptTable(
    "custodian", key: ["name"], columns: ["appointed", "ceased", "reason"],
    changesStanding: false)
  static let list = KeptTable(
    "offline_list", key: ["root", "number"], columns: ["der"], changesStanding: false)
  static let ceremony = KeptTable(
    "held_ceremony", key: ["id"],
    columns: ["title", "file_digest", "package", "next_key", "began"], changesStanding: false)

  /// Every kept table of an offline store.
  package static let tables = [estate, authority, key, share, custodian, list, ceremony]

  /// The tables' definitions; an offline store has these and the audit.
  package static let migrations = [
    Migration(
      name: "ceremony-1",
      statements: [
        """
        CREATE TABLE offline_estate (
          name TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, device_policy TEXT NOT NULL,
          organisation_policy TEXT NOT NULL, iki_policy TEXT NOT NULL, dccki_policy TEXT)
        """,
        """
        CREATE TABLE offline_authority (
          name TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, certificate BLOB NOT NULL,
          key_label TEXT NOT NULL, module TEXT, token TEXT, ceremony TEXT NOT NULL)
        """,
        """
        CREATE TABLE offline_key (
          place TEXT NOT NULL, label TEXT NOT NULL, use TEXT NOT NULL, public BLOB NOT NULL,
          ceremony TEXT NOT NULL, PRIMARY KEY (place, label))
        """,
        """
        CREATE TABLE vault_share (
          vault TEXT NOT NULL, generation BIGINT NOT NULL, number BIGINT NOT NULL,
          threshold BIGINT NOT NULL, shares BIGINT NOT NULL, custodian TEXT NOT NULL,
          ceremony TEXT NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (vault, generation, number))
        """,
        """
        CREATE TABLE custodian (
          name TEXT NOT NULL PRIMARY KEY, appointed BIGINT NOT NULL, ceased BIGINT,
          reason TEXT)
        """,
        """
        CREATE TABLE offline_list (
          root TEXT NOT NULL, number BIGINT NOT NULL, der BLOB NOT NULL,
          PRIMARY KEY (root, number))
        """,
        """
        CREATE TABLE held_ceremony (
          id TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, file_digest BLOB NOT NULL,
          package BIGINT NOT NULL, next_key TEXT NOT NULL, began BIGINT NOT NULL)
        """,
      ])
  ]
}

extension OfflineState {
  /// What an offline store knows.
  ///
  /// - Throws: `DatabaseError`.
  package init(_ records: Records) throws {
    self = try records.read { reading in
      var state = OfflineState()
      state.estate = try Self.estate(in: reading)
      for row in try reading.query(
        """
        SELECT name, kind, certificate, key_label, module, token, ceremony
        FROM offline_authority
        ORDER BY rowid
        """)
      {
        guard let kind = AuthorityKind(rawValue: try row.text("kind")) else {
          throw DatabaseError.damaged("offline_authority.kind")
        }
        let place: KeyPlace =
          if let module = try row.optionalText("module") {
            .token(module: module, token: try row.text("token"))
          } else {
            .folder
          }
        state.authorities.append(
          OfflineAuthority(
            name: try row.text("name"), kind: kind,
            certificate: try Certificate(parsing: row.blob("certificate")),
            keyLabel: try row.text("key_label"), place: place, ceremony: try row.text("ceremony")))
      }
      for row in try reading.query(
        "SELECT place, label, use, public, ceremony FROM offline_key ORDER BY rowid")
      {
        state.keys.append(
          MadeKey(
            place: try row.text("place"), label: try row.text("label"), use: try row.text("use"),
            publicKey: try row.blob("public")))
      }
      state.shares = try Self.shares(in: reading)
      for row in try reading.query("SELECT name, appointed, ceased, reason FROM custodian") {
        state.custodians[try row.text("name")] = Custodian(
          appointed: try row.time("appointed"), ceased: try row.optionalTime("ceased"),
          reason: try row.optionalText("reason"))
      }
      for row in try reading.query("SELECT root, number, der FROM offline_list ORDER BY number") {
        state.lists[try row.text("root")] = try row.blob("der")
      }
      for row in try reading.query(
        "SELECT id, package, next_key FROM held_ceremony ORDER BY rowid")
      {
        state.ceremonies.append(try row.text("id"))
        state.packages = max(state.packages, try row.int("package"))
        state.ceremonyKeyLabel = try row.text("next_key")
      }
      return state
    }
  }

  private static func estate(in reading: some Querying) throws -> DeclaredEstate? {
    try reading.first(
      """
      SELECT name, kind, device_policy, organisation_policy, iki_policy, dccki_policy
      FROM offline_estate
      """
    ).map { row in
      guard let kind = Estate.Kind(rawValue: try row.text("kind")),
        let device = ObjectIdentifier(try row.text("device_policy")),
        let organisation = ObjectIdentifier(try row.text("organisation_policy")),
        let iki = ObjectIdentifier(try row.text("iki_policy"))
      else { throw DatabaseError.damaged("offline_estate") }
      return DeclaredEstate(
        Estate(
          kind: kind, name: try row.text("name"), devicePolicy: device,
          organisationPolicy: organisation, ikiPolicy: iki),
        dcckiPolicy: try row.optionalText("dccki_policy").flatMap { ObjectIdentifier($0) })
    }
  }

  private static func shares(in reading: some Querying) throws -> [ShareRecord] {
    try reading.query(
      """
      SELECT vault, generation, number, threshold, shares, custodian, ceremony, digest
      FROM vault_share ORDER BY vault, generation, number
      """
    ).map { row in
      guard let vault = Vault(rawValue: try row.text("vault")) else {
        throw DatabaseError.damaged("vault_share.vault")
      }
      return ShareRecord(
        vault, generation: try row.int("generation"), index: try row.int("number"),
        threshold: try row.int("threshold"), count: try row.int("shares"),
        custodian: try row.text("custodian"), ceremony: try row.text("ceremony"),
        digest: try row.blob("digest"))
    }
  }
}
