// SPDX-License-Identifier: Apache-2.0

import Duties
import Records
import SEC

/// The tables of standards and of appeals, their reading and writing.
extension GovernanceRecords {
  static let standard = kept(
    "pma_standard", ["name", "version"],
    [
      "issuer", "obligation", "follows", "noted", "applies", "vote", "published", "discontinued",
    ])
  static let appeal = kept(
    "pma_standard_appeal", ["name", "version"],
    ["appellant", "capacity", "grounds", "lodged", "outcome", "decided", "evidence"])

  static let standardTables = [standard, appeal]

  static let standardStatements: [SQL] = [
    """
    CREATE TABLE pma_standard (
      name TEXT NOT NULL, version TEXT NOT NULL, issuer TEXT NOT NULL, obligation TEXT NOT NULL,
      follows TEXT NOT NULL, noted BIGINT NOT NULL, applies BIGINT, vote TEXT NOT NULL,
      published BIGINT, discontinued BIGINT, PRIMARY KEY (name, version))
    """,
    """
    CREATE TABLE pma_standard_appeal (
      name TEXT NOT NULL, version TEXT NOT NULL, appellant TEXT NOT NULL,
      capacity TEXT NOT NULL, grounds TEXT NOT NULL, lodged BIGINT NOT NULL,
      outcome TEXT NOT NULL, decided BIGINT, evidence TEXT NOT NULL,
      PRIMARY KEY (name, version))
    """,
  ]

  static func standards(in reading: some Querying) throws -> [Standard] {
    try reading.query(
      """
      SELECT name, version, issuer, obligation, follows, noted, applies, vote, published,
      discontinued FROM pma_standard ORDER BY name, noted, version
      """
    ).map { row in
      Standard(
        name: try row.text("name"), version: try row.text("version"),
        issuer: try row.text("issuer"), obligation: try row.text("obligation"),
        follows: try row.text("follows"), noted: try row.day("noted"),
        applies: try row.optionalDay("applies"), vote: try row.text("vote"),
        published: try row.optionalDay("published"),
        discontinued: try row.optionalDay("discontinued"))
    }
  }

  static func standards(of name: String, in reading: some Querying) throws -> [Standard] {
    try standards(in: reading).filter { $0.name == name }
  }

  static func standard(
    _ name: String, _ version: String, in reading: some Querying
  ) throws -> Standard {
    guard
      let standard = try standards(of: name, in: reading).first(where: { $0.version == version })
    else { throw Refusal.standardUnknown(name, version) }
    return standard
  }

  static func keep(_ standard: Standard, in transaction: Transaction) throws {
    try transaction.keep(
      Self.standard,
      [
        .text(standard.name), .text(standard.version), .text(standard.issuer),
        .text(standard.obligation), .text(standard.follows), .day(standard.noted),
        .day(standard.applies), .text(standard.vote), .day(standard.published),
        .day(standard.discontinued),
      ])
  }

  static func appeals(in reading: some Querying) throws -> [StandardAppeal] {
    try reading.query(
      """
      SELECT name, version, appellant, capacity, grounds, lodged, outcome, decided, evidence
      FROM pma_standard_appeal ORDER BY name, version
      """
    ).map { row in
      StandardAppeal(
        name: try row.text("name"), version: try row.text("version"),
        appellant: try row.text("appellant"), capacity: try row.word("capacity"),
        grounds: try row.text("grounds"), lodged: try row.day("lodged"),
        outcome: try row.word("outcome"), decided: try row.optionalDay("decided"),
        evidence: try row.text("evidence"))
    }
  }

  static func appeal(
    _ name: String, _ version: String, in reading: some Querying
  ) throws -> StandardAppeal? {
    try appeals(in: reading).first { $0.name == name && $0.version == version }
  }

  static func keep(_ appeal: StandardAppeal, in transaction: Transaction) throws {
    try transaction.keep(
      Self.appeal,
      [
        .text(appeal.name), .text(appeal.version), .text(appeal.appellant),
        .text(appeal.capacity.rawValue), .text(appeal.grounds), .day(appeal.lodged),
        .text(appeal.outcome.rawValue), .day(appeal.decided), .text(appeal.evidence),
      ])
  }
}
