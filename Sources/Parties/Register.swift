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
    try records.write(entry) { transaction in try add(party, in: transaction) }
  }

  private func add(_ party: Party, in transaction: Transaction) throws {
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

  /// M4-org-info-form: gives a party a range of identifiers in a role.
  package func add(_ range: EntityRange, at moment: Time, by actor: Actor) throws {
    let entry = Entry(
      actor, "entity-range-added", clause: "M4-org-info-form", at: moment,
      facts: [
        "party": range.party, "role": range.role.name,
        "first": range.identifiers.lowerBound.description,
        "last": range.identifiers.upperBound.description,
      ])
    try records.write(entry) { transaction in try add(range, in: transaction) }
  }

  private func add(_ range: EntityRange, in transaction: Transaction) throws {
    guard try PartyRecords.find(range.party, in: transaction) != nil else {
      throw Refusal.partyUnknown(range.party)
    }
    let all = try PartyRecords.ranges(in: transaction)
    if let taken = all.first(where: { $0.conflicts(with: range) }) {
      throw Refusal.rangeTaken(range, by: taken)
    }
    try EntityRange.checkContinuity(all.filter { $0.party == range.party } + [range])
    let key: [SQL.Value] = [
      .text(range.party), .int(Int64(range.role.value)),
      .blob(range.identifiers.lowerBound.octets),
    ]
    try transaction.keep(
      PartyRecords.range, key + [.blob(range.identifiers.upperBound.octets)])
    guard !range.userRoles.isEmpty else { return }
    let roles = range.userRoles.map(\.rawValue).sorted().joined(separator: ",")
    try transaction.keep(PartyRecords.rangeUse, key + [.text(roles)])
  }

  /// M4-org-info-form: enters what an approved Organisation Information Form says, in the
  /// transaction of the approval: a new party, or further identifiers of one that is there.
  package func enter(
    _ party: Party, _ membership: Membership, _ ranges: [EntityRange], in transaction: Transaction
  ) throws {
    try membership.check(party.roles)
    for nominator in membership.nominators {
      guard let known = try PartyRecords.find(nominator, in: transaction),
        !known.roles.isDisjoint(with: membership.category.nominatorRoles)
      else { throw Refusal.nominatorNeeded(membership.category, [nominator]) }
    }
    for range in ranges where !range.userRoles.isSubset(of: party.roles) {
      throw Refusal.rangeOfOtherRole(range)
    }
    let known = try PartyRecords.find(party.id, in: transaction)
    if let known {
      guard known.name == party.name, known.roles == party.roles else {
        throw Refusal.partyExists(party.id)
      }
    } else {
      try add(party, in: transaction)
    }
    try PartyRecords.keep(membership, in: transaction)
    let there = Set(try PartyRecords.ranges(in: transaction))
    for range in ranges where !there.contains(range) { try add(range, in: transaction) }
  }

  /// C3-4: how a party came under the Code, or nil for one that was entered before that was asked.
  package func membership(of party: String) throws -> Membership? {
    try records.read { try PartyRecords.membership(of: party, in: $0) }
  }

  /// The same in a writing or reading that is under way.
  package static func membership(
    of party: String, in reading: some Querying
  ) throws -> Membership? {
    try PartyRecords.membership(of: party, in: reading)
  }

  /// A party in a writing or reading that is under way.
  package static func party(_ id: String, in reading: some Querying) throws -> Party? {
    try PartyRecords.find(id, in: reading)
  }

  /// C3-4: ends a membership; a party that has left may ask for nothing.
  package func leave(_ party: String, at moment: Time, evidence: String, by actor: Actor) throws {
    let entry = Entry(
      actor, "party-left", clause: "C3-4", at: moment,
      facts: ["party": party, "evidence": evidence])
    try records.write(entry) { transaction in
      guard let now = try PartyRecords.membership(of: party, in: transaction) else {
        throw Refusal.partyUnknown(party)
      }
      if let left = now.left { throw Refusal.partyHasLeft(party, left) }
      try PartyRecords.keep(
        Membership(
          party: party, category: now.category, acceded: now.acceded, isLicensed: now.isLicensed,
          hasOptedOut: now.hasOptedOut, nominators: now.nominators, left: moment),
        in: transaction)
    }
  }

  /// C3-G-dcc-user: records that a party has completed the user entry process of a User Role.
  package func confirmUserEntry(
    _ role: UserRole, of party: String, at moment: Time, evidence: String, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "user-entry-confirmed", clause: "C3-G-dcc-user", at: moment,
      facts: ["party": party, "role": role.rawValue, "evidence": evidence])
    try records.write(entry) { transaction in
      guard let known = try PartyRecords.find(party, in: transaction) else {
        throw Refusal.partyUnknown(party)
      }
      guard known.roles.contains(role) else { throw Refusal.roleNotHeld(party, role) }
      try transaction.keep(
        PartyRecords.userEntry,
        [.text(party), .text(role.rawValue), .int(moment.milliseconds), .text(evidence)])
    }
  }

  /// C3-G-dcc-user: the User Roles whose entry process a party has completed, and when.
  package func userEntries(of party: String) throws -> [UserRole: Time] {
    try records.read { try PartyRecords.userEntries(of: party, in: $0) }
  }

  /// L2.15: suspends a party from now, on the evidence of a direction.
  package func suspend(
    _ party: String, from now: Time, under clause: Clause, evidence: String, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "party-suspended", clause: clause, at: now,
      facts: ["party": party, "evidence": evidence])
    try records.write(entry) { transaction in
      try suspend(party, from: now, under: clause, evidence: evidence, in: transaction)
    }
  }

  /// L2.15: the same in the transaction of a decision.
  package func suspend(
    _ party: String, from now: Time, under clause: Clause, evidence: String,
    in transaction: Transaction
  ) throws {
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

  /// L2.15: ends the suspension in force, on the evidence of a direction.
  package func reinstate(
    _ party: String, from now: Time, evidence: String, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "party-reinstated", clause: "L2.15", at: now,
      facts: ["party": party, "evidence": evidence])
    try records.write(entry) { transaction in
      try reinstate(party, from: now, in: transaction)
    }
  }

  /// L2.15: the same in the transaction of a decision.
  package func reinstate(
    _ party: String, from now: Time, in transaction: Transaction
  ) throws {
    guard let suspension = try inForce(for: party, at: now, in: transaction) else {
      throw Refusal.partyNotSuspended(party)
    }
    try keep(
      Suspension(
        party: party, from: suspension.from, until: now, clause: suspension.clause,
        evidence: suspension.evidence),
      in: transaction)
  }

  /// The party with this identifier, or nil.
  package func party(_ id: String) throws -> Party? {
    try records.read { try PartyRecords.find(id, in: $0) }
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
