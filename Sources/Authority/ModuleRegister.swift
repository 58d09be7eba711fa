// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
package import Records
package import SEC

/// C3-187, C3-188, C3-190: the register of cryptographic modules and of parts that affect supply.
package enum ModuleRegister {
  /// The components, by name.
  package static let module = KeptTable(
    "cryptographic_module", key: ["name"],
    columns: [
      "owner", "kind", "function", "location", "country", "affects_supply", "standard", "level",
      "certificate", "assessment", "since",
    ])
  /// What was attested of them, by component and activity.
  package static let attestation = KeptTable(
    "module_attestation", key: ["module", "activity"],
    columns: ["in_uk", "evidence", "attested"], changesStanding: false)

  /// Every kept table of this file.
  package static let tables = [module, attestation]

  /// The tables' definitions.
  package static let migrations = [
    Migration(
      name: "modules-1",
      statements: [
        """
        CREATE TABLE cryptographic_module (
          name TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL,
          function TEXT NOT NULL, location TEXT NOT NULL, country TEXT NOT NULL,
          affects_supply BIGINT NOT NULL, standard TEXT NOT NULL, level BIGINT NOT NULL,
          certificate TEXT NOT NULL, assessment TEXT NOT NULL, since BIGINT NOT NULL)
        """,
        """
        CREATE TABLE module_attestation (
          module TEXT NOT NULL, activity TEXT NOT NULL, in_uk BIGINT NOT NULL,
          evidence TEXT NOT NULL, attested BIGINT NOT NULL, PRIMARY KEY (module, activity))
        """,
      ])
  ]

  /// C3-188-1, C3-190-1: enters a component, or what changed about it.
  ///
  /// - Throws: a refusal of a level without a certificate or the other way round.
  package static func add(
    _ module: CryptographicModule, in records: Records, by officer: Actor
  ) throws {
    let isWhole =
      module.standard == .none
      ? module.level == 0 && module.certificate.isEmpty
      : (1...4).contains(module.level) && !module.certificate.isEmpty
    guard isWhole else { throw Refusal.moduleLevel(module) }
    guard !module.name.isEmpty, !module.location.isEmpty, module.country.utf8.count == 2 else {
      throw Refusal.moduleLocation(module)
    }
    let entry = Entry(
      officer, "module-registered", clause: "C3-190-1", at: module.since,
      facts: ["module": module.name, "owner": module.owner])
    try records.write(entry) { transaction in
      try transaction.keep(
        self.module,
        [
          .text(module.name), .text(module.owner), .text(module.kind.rawValue),
          .text(module.function), .text(module.location), .text(module.country),
          .int(module.affectsSupply ? 1 : 0), .text(module.standard.rawValue),
          .int(Int64(module.level)), .text(module.certificate), .text(module.assessment),
          .int(module.since.milliseconds),
        ])
    }
  }

  /// C3-188-1: keeps what somebody attests of a component.
  ///
  /// - Throws: a refusal when the register has no such component, or nothing shows it.
  package static func attest(
    _ attestation: ModuleAttestation, in records: Records, by officer: Actor
  ) throws {
    guard !attestation.evidence.isEmpty else { throw Refusal.attestationEvidence() }
    let entry = Entry(
      officer, "module-attested", clause: "C3-188-1", at: attestation.attested,
      facts: ["module": attestation.module, "activity": attestation.activity.rawValue])
    try records.write(entry) { transaction in
      guard try find(attestation.module, in: transaction) != nil else {
        throw Refusal.moduleUnknown(attestation.module)
      }
      try transaction.keep(
        self.attestation,
        [
          .text(attestation.module), .text(attestation.activity.rawValue),
          .int(attestation.isInUK ? 1 : 0), .text(attestation.evidence),
          .int(attestation.attested.milliseconds),
        ])
    }
  }

  /// Every component with what was attested of it, by name.
  package static func all(in records: Records) throws -> [ModuleStanding] {
    try records.read { reading in
      let attestations = try reading.query(
        "SELECT module, activity, in_uk, evidence, attested FROM module_attestation"
      ).map(attestation(from:))
      return try reading.query("SELECT \(columns) FROM cryptographic_module ORDER BY name").map {
        let module = try module(from: $0)
        return ModuleStanding(
          module: module, attestations: attestations.filter { $0.module == module.name })
      }
    }
  }

  private static let columns: SQL =
    """
    name, owner, kind, function, location, country, affects_supply, standard, level, certificate,
    assessment, since
    """

  /// The component with a name.
  package static func find(
    _ name: String, in reading: some Querying
  ) throws -> CryptographicModule? {
    try reading.first("SELECT \(columns) FROM cryptographic_module WHERE name = \(name)")
      .map(module(from:))
  }

  private static func module(from row: Row) throws -> CryptographicModule {
    guard let kind = CryptographicModule.Kind(rawValue: try row.text("kind")),
      let standard = CryptographicModule.Standard(rawValue: try row.text("standard"))
    else { throw DatabaseError.damaged("cryptographic_module") }
    return try CryptographicModule(
      name: row.text("name"), owner: row.text("owner"), kind: kind,
      function: row.text("function"), location: row.text("location"),
      country: row.text("country"), affectsSupply: row.int("affects_supply") != 0,
      standard: standard, level: row.int("level"), certificate: row.text("certificate"),
      assessment: row.text("assessment"), since: row.time("since"))
  }

  private static func attestation(from row: Row) throws -> ModuleAttestation {
    guard let activity = ModuleAttestation.Activity(rawValue: try row.text("activity")) else {
      throw DatabaseError.damaged("module_attestation")
    }
    return try ModuleAttestation(
      module: row.text("module"), activity: activity, isInUK: row.int("in_uk") != 0,
      evidence: row.text("evidence"), attested: row.time("attested"))
  }
}
