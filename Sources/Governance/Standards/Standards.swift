// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
package import Records
package import SEC

/// L1.21 to L1.24: which version of a standard is good enough, from which day, and who says so.
package struct Standards: Sendable {
  let records: Records

  /// The standards that these records hold.
  package init(records: Records) {
    self.records = records
  }

  /// L1.22(b): enters a version that its issuer has brought out; what follows another has to be
  /// dated by the PMA.
  ///
  /// - Throws: `standard-unusable`, `standard-unknown`.
  package func note(
    _ name: String, version: String, issuer: String, obligation: String, follows: String,
    on day: Day, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, follows.isEmpty ? "standard-entered" : "standard-changed", clause: "L1.22(b)",
      at: moment,
      facts: ["subject": name, "version": version, "day": day.description, "follows": follows])
    try records.write(entry) { transaction in
      let known = try GovernanceRecords.standards(of: name, in: transaction)
      guard !name.isEmpty, !version.isEmpty, !issuer.isEmpty, !obligation.isEmpty,
        !known.contains(where: { $0.version == version }),
        follows.isEmpty ? known.isEmpty : !known.contains(where: { $0.follows == follows }),
        day <= Day(moment)
      else { throw Refusal.standardUnusable(name, version) }
      guard follows.isEmpty || known.contains(where: { $0.version == follows }) else {
        throw Refusal.standardUnknown(name, follows)
      }
      try GovernanceRecords.keep(
        Standard(
          name: name, version: version, issuer: issuer, obligation: obligation, follows: follows,
          noted: day, applies: nil, vote: "", published: nil, discontinued: nil),
        in: transaction)
    }
  }

  /// M4-standards: the issuer has ended a version and brought out nothing for it.
  ///
  /// - Throws: `standard-unknown`, `standard-unusable`.
  package func discontinue(
    _ name: String, version: String, on day: Day, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "standard-discontinued", clause: "M4-standards", at: moment,
      facts: ["subject": name, "version": version, "day": day.description])
    try records.write(entry) { transaction in
      let standard = try GovernanceRecords.standard(name, version, in: transaction)
      guard day <= Day(moment) else { throw Refusal.standardUnusable(name, version) }
      try GovernanceRecords.keep(standard.changed(discontinued: day), in: transaction)
    }
  }

  /// L1.23(a): a motion that dates a version names one that follows another and has no day yet.
  ///
  /// - Throws: `standard-unknown`, `standard-dated`.
  static func check(
    _ kind: DecisionKind, _ terms: [String: String], at moment: Time, in reading: some Querying
  ) throws {
    guard kind == .standardDate else { return }
    let standard = try GovernanceRecords.standard(
      terms["standard"] ?? "", terms["version"] ?? "", in: reading)
    guard let from = Day(terms["from"] ?? "") else {
      throw Refusal.termsMissing(kind, ["from=YYYY-MM-DD"])
    }
    guard !standard.follows.isEmpty, standard.applies == nil else {
      throw Refusal.standardDated(standard)
    }
    guard from > Day(moment) else { throw Refusal.standardDayPast(standard, from) }
  }

  /// L1.23(a): sets the day that was voted for, in the transaction that uses the decision up.
  ///
  /// - Throws: `standard-unknown`, `standard-dated`.
  package static func determine(
    _ effect: borrowing Effect, in transaction: Transaction
  ) throws {
    let standard = try GovernanceRecords.standard(
      effect.terms["standard"] ?? "", effect.terms["version"] ?? "", in: transaction)
    guard standard.applies == nil, let from = Day(effect.terms["from"] ?? "") else {
      throw Refusal.standardDated(standard)
    }
    try GovernanceRecords.keep(
      standard.changed(applies: from, vote: effect.vote), in: transaction)
  }

  /// L1.21: the version that was determined is put on the Website.
  ///
  /// - Throws: `standard-unknown`, `standard-not-dated`.
  package func publish(
    _ name: String, version: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "standard-published", clause: "L1.21", at: moment,
      facts: ["subject": name, "version": version])
    try records.write(entry) { transaction in
      let standard = try GovernanceRecords.standard(name, version, in: transaction)
      guard standard.follows.isEmpty || standard.applies != nil else {
        throw Refusal.standardNotDated(standard)
      }
      try GovernanceRecords.keep(standard.changed(published: Day(moment)), in: transaction)
    }
  }

  /// L1.24: the DCC or a User appeals to the Panel against a day, once.
  ///
  /// - Throws: `standard-unknown`, `standard-not-dated`, `appeal-standing`, `appeal-unusable`.
  package func appeal(
    _ name: String, version: String, by appellant: String,
    as capacity: StandardAppeal.Capacity, grounds: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "standard-appealed", clause: "L1.24", at: moment,
      facts: ["subject": name, "version": version, "appellant": appellant])
    try records.write(entry) { transaction in
      let standard = try GovernanceRecords.standard(name, version, in: transaction)
      guard standard.applies != nil else { throw Refusal.standardNotDated(standard) }
      if let standing = try GovernanceRecords.appeal(name, version, in: transaction) {
        throw Refusal.appealStanding(standing)
      }
      guard !appellant.isEmpty, !grounds.isEmpty else {
        throw Refusal.appealUnusable("who appeals, and why")
      }
      try GovernanceRecords.keep(
        StandardAppeal(
          name: name, version: version, appellant: appellant, capacity: capacity,
          grounds: grounds, lodged: Day(moment), outcome: .open, decided: nil, evidence: ""),
        in: transaction)
    }
  }

  /// L1.24: the Panel decides an appeal; it is final, and may give another day.
  ///
  /// - Throws: `appeal-standing` when none is open, `appeal-unusable`.
  package func decideAppeal(
    _ name: String, version: String, newDay: Day?, evidence: String, at moment: Time,
    by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-standard-appeal-decided", clause: "L1.24", at: moment,
      facts: ["subject": name, "version": version, "evidence": evidence])
    try records.write(entry) { transaction in
      let standard = try GovernanceRecords.standard(name, version, in: transaction)
      guard let appeal = try GovernanceRecords.appeal(name, version, in: transaction) else {
        throw Refusal.appealUnusable("an appeal against \(name) \(version)")
      }
      guard appeal.outcome == .open else { throw Refusal.appealStanding(appeal) }
      guard !evidence.isEmpty else { throw Refusal.appealUnusable("the Panel's minute") }
      try GovernanceRecords.keep(
        StandardAppeal(
          name: name, version: version, appellant: appeal.appellant, capacity: appeal.capacity,
          grounds: appeal.grounds, lodged: appeal.lodged,
          outcome: newDay == nil ? .upheld : .changed, decided: Day(moment), evidence: evidence),
        in: transaction)
      if let newDay {
        try GovernanceRecords.keep(standard.changed(applies: newDay), in: transaction)
      }
    }
  }

  /// Every version, by name and in the order in which they were noted.
  package func all() throws -> [Standard] {
    try records.read { try GovernanceRecords.standards(in: $0) }
  }

  /// Every appeal.
  package func appeals() throws -> [StandardAppeal] {
    try records.read { try GovernanceRecords.appeals(in: $0) }
  }

  /// L1.23: the versions of a standard that are good enough on a day.
  ///
  /// - Throws: `standard-unknown`.
  package func accepted(_ name: String, on day: Day) throws -> [Standard] {
    let versions = try records.read { try GovernanceRecords.standards(of: name, in: $0) }
    guard !versions.isEmpty else { throw Refusal.standardUnknown(name, "any") }
    return Standard.accepted(versions, on: day)
  }
}
