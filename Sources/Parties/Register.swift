// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
package import SEC

/// The register of parties: who they are, which identifiers are theirs, who is suspended.
package struct Register: Sendable {
  private let records: Records

  /// The register that these records hold.
  package init(records: Records) {
    self.records = records
  }

  /// C3-80: enters a party.
  package func add(_ party: Party, at moment: Time, by actor: Actor) throws {
    let entry = Entry(actor, "party-added", clause: "C3-80", at: moment, facts: ["party": party.id])
    try records.write(entry) { transaction in
      guard try PartyRecords.find(party.id, in: transaction) == nil else {
        throw Refusal.partyExists(party.id)
      }
      try transaction.keep(
        PartyRecords.party,
        [
          .text(party.id), .text(party.name), .text(party.roleText),
          .int(party.since.milliseconds),
        ])
    }
  }

  /// M4-org-info-form: gives a party a range of identifiers in a role.
  package func add(_ range: EntityRange, at moment: Time, by actor: Actor) throws {
    let entry = Entry(
      actor, "entity-range-added", clause: "M4-org-info-form", at: moment,
      facts: [
        "party": range.party, "role": range.role.name,
        "first": range.identifiers.lowerBound.description,
        "last": range.identifiers.upperBound.description,
      ])
    try records.write(entry) { transaction in
      guard try PartyRecords.find(range.party, in: transaction) != nil else {
        throw Refusal.partyUnknown(range.party)
      }
      let taken = try PartyRecords.ranges(in: transaction).first { $0.conflicts(with: range) }
      if let taken { throw Refusal.rangeTaken(range, by: taken) }
      try transaction.keep(
        PartyRecords.range,
        [
          .text(range.party), .int(Int64(range.role.value)),
          .blob(range.identifiers.lowerBound.octets), .blob(range.identifiers.upperBound.octets),
        ])
    }
  }

  /// L2.15: suspends a party from now, on the evidence of a direction.
  package func suspend(
    _ party: String, from now: Time, under clause: Clause, evidence: String, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "party-suspended", clause: clause, at: now,
      facts: ["party": party, "evidence": evidence])
    try records.write(entry) { transaction in
      guard try PartyRecords.find(party, in: transaction) != nil else {
        throw Refusal.partyUnknown(party)
      }
      if let suspension = try inForce(for: party, at: now, in: transaction) {
        throw Refusal.partySuspended(suspension)
      }
      try keep(
        Suspension(party: party, from: now, until: nil, clause: clause, evidence: evidence),
        in: transaction)
    }
  }

  /// L2.15: ends the suspension in force, on the evidence of a direction.
  package func reinstate(
    _ party: String, from now: Time, evidence: String, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "party-reinstated", clause: "L2.15", at: now,
      facts: ["party": party, "evidence": evidence])
    try records.write(entry) { transaction in
      guard let suspension = try inForce(for: party, at: now, in: transaction) else {
        throw Refusal.partyNotSuspended(party)
      }
      try keep(
        Suspension(
          party: party, from: suspension.from, until: now, clause: suspension.clause,
          evidence: suspension.evidence),
        in: transaction)
    }
  }

  /// The party with this identifier, or nil.
  package func party(_ id: String) throws -> Party? {
    try records.read { try PartyRecords.find(id, in: $0) }
  }

  /// The party with this identifier, or nil, as a transaction sees it.
  package static func party(_ id: String, in reading: some Querying) throws -> Party? {
    try PartyRecords.find(id, in: reading)
  }

  /// Every party, by identifier.
  package func parties() throws -> [Party] {
    try records.read { try PartyRecords.all(in: $0) }
  }

  /// Every range, by first identifier.
  package func ranges() throws -> [EntityRange] {
    try records.read { try PartyRecords.ranges(in: $0) }
  }

  /// The suspension of a party in force at a moment, or nil.
  package func suspension(of party: String, at moment: Time) throws -> Suspension? {
    try records.read { try inForce(for: party, at: moment, in: $0) }
  }

  private func inForce(
    for party: String, at moment: Time, in reading: some Querying
  ) throws -> Suspension? {
    try PartyRecords.suspensions(of: party, in: reading).first { $0.isInForce(at: moment) }
  }

  private func keep(_ suspension: Suspension, in transaction: Transaction) throws {
    try transaction.keep(
      PartyRecords.suspension,
      [
        .text(suspension.party), .int(suspension.from.milliseconds),
        suspension.until.map { .int($0.milliseconds) } ?? .null,
        .text(suspension.clause.id), .text(suspension.evidence),
      ])
  }
}
