// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
package import SEC

/// M4-recovery-direction: what the PMA told the DCC to do with a key after a Compromise.
///
/// It stands from the moment at which the decision was carried out until the DCC has followed it. A
/// further use of the key takes a direction of its own (M4-further-use).
package struct KeyDirection: Hashable, Sendable {
  /// The key that is to be used.
  package enum Key: String, Hashable, Sendable, CaseIterable {
    case recovery = "recovery-key"
    /// L1.17(i): with it the Contingency Symmetric Key.
    case contingency = "contingency-key"
  }

  /// The vote that gave it, and the matter and incident that it is about.
  package let vote: String
  package let key: Key
  package let matter: String
  package let incident: String
  package let given: Time
  /// When the DCC had followed it, and what shows that; nil while it stands.
  package let followed: Time?
  package let evidence: String

  /// Whether the key may still be used under it.
  package var isStanding: Bool { followed == nil }

  /// L1.17(i): gives the direction that was decided, in the transaction that uses the decision up;
  /// a decision that no key is used gives none.
  ///
  /// - Throws: `matter-unknown`.
  package static func give(
    _ effect: borrowing Effect, at moment: Time, in transaction: Transaction
  ) throws {
    guard let key = effect.terms["outcome"].flatMap(Key.init),
      let matter = try effect.terms["matter"].map({
        try GovernanceRecords.matter($0, in: transaction)
      })
    else { return }
    try GovernanceRecords.keep(
      KeyDirection(
        vote: effect.vote, key: key, matter: matter.id, incident: matter.subject, given: moment,
        followed: nil, evidence: ""), in: transaction)
  }
}

extension Matters {
  /// Every direction to use a key, oldest first.
  package func directions() throws -> [KeyDirection] {
    try records.read { try GovernanceRecords.directions(in: $0) }
  }

  /// M4-further-use: the DCC has followed a direction, which is spent by that.
  ///
  /// - Throws: `direction-not-standing`.
  package func follow(
    direction vote: String, evidence: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-direction-followed", clause: "M4-further-use", at: moment,
      facts: ["subject": vote, "evidence": evidence])
    try records.write(entry) { transaction in
      let all = try GovernanceRecords.directions(in: transaction)
      guard let direction = all.first(where: { $0.vote == vote }), direction.isStanding,
        !evidence.isEmpty
      else { throw Refusal.directionNotStanding(vote, evidence) }
      try GovernanceRecords.keep(
        KeyDirection(
          vote: vote, key: direction.key, matter: direction.matter,
          incident: direction.incident, given: direction.given, followed: moment,
          evidence: evidence), in: transaction)
    }
  }
}

/// The table of directions.
extension GovernanceRecords {
  static let direction = kept(
    "pma_direction", ["vote"],
    ["key_name", "matter", "incident", "given", "followed", "evidence"])

  static let directionTables = [direction]

  /// What came with the directions to use a key.
  package static let directionMigrations = [
    Migration(
      name: "governance-4",
      statements: [
        """
        CREATE TABLE pma_direction (
          vote TEXT NOT NULL PRIMARY KEY, key_name TEXT NOT NULL, matter TEXT NOT NULL,
          incident TEXT NOT NULL, given BIGINT NOT NULL, followed BIGINT, evidence TEXT NOT NULL)
        """
      ])
  ]

  static func directions(in reading: some Querying) throws -> [KeyDirection] {
    try reading.query(
      """
      SELECT vote, key_name, matter, incident, given, followed, evidence FROM pma_direction
      ORDER BY given, vote
      """
    ).map { row in
      KeyDirection(
        vote: try row.text("vote"), key: try row.word("key_name"),
        matter: try row.text("matter"), incident: try row.text("incident"),
        given: try row.time("given"), followed: try row.optionalTime("followed"),
        evidence: try row.text("evidence"))
    }
  }

  static func keep(_ direction: KeyDirection, in transaction: Transaction) throws {
    try transaction.keep(
      Self.direction,
      [
        .text(direction.vote), .text(direction.key.rawValue), .text(direction.matter),
        .text(direction.incident), .time(direction.given), .time(direction.followed),
        .text(direction.evidence),
      ])
  }
}
