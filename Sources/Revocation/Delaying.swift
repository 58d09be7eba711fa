// SPDX-License-Identifier: Apache-2.0

package import Audit
package import DER
import Parties
package import Records
package import SEC

/// M4-solr, MP134A-delay: revocations of a failed supplier's certificates, delayed by the PMA.
extension Revocation {
  /// M4-solr: holds back what is granted for a party from now until a date.
  ///
  /// - Throws: `delay-end`, `delay-standing`.
  package func delay(
    _ party: String, until: Time, _ direction: Direction, at moment: Time, by officer: Actor
  ) throws -> RevocationDelay {
    try records.write(
      Self.entry(delaying: party, until: until, direction, at: moment, by: officer)
    ) { transaction in
      try Self.delay(party, until: until, direction, at: moment, in: transaction)
    }
  }

  /// The entry of a delay, for a transaction that uses the decision up as well.
  package static func entry(
    delaying party: String, until: Time, _ direction: Direction, at moment: Time,
    by officer: Actor
  ) -> Entry {
    Entry(
      officer, "revocation-delayed", clause: "M4-solr", at: moment,
      facts: [
        "party": party, "until": until.rfc3339, "directed-by": direction.by,
        "decision": direction.decision,
      ])
  }

  /// M4-solr: the same in the transaction of a decision.
  ///
  /// - Throws: `delay-end`, `delay-standing`.
  @discardableResult
  package static func delay(
    _ party: String, until: Time, _ direction: Direction, at moment: Time,
    in transaction: Transaction
  ) throws -> RevocationDelay {
    try checkDelay(of: party, until: until, at: moment, in: transaction)
    let delay = RevocationDelay(
      id: try RevocationRecords.nextID(of: .delay, in: transaction),
      party: party, direction: direction, from: moment, until: until)
    try RevocationRecords.keep(delay, in: transaction)
    return delay
  }

  /// M4-solr: that a delay could be ordered: of a party that has none, until a day to come.
  ///
  /// - Throws: `delay-end`, `party-unknown`, `delay-standing`.
  package static func checkDelay(
    of party: String, until: Time, at moment: Time, in reading: some Querying
  ) throws {
    guard until > moment else { throw Refusal.delayEnd(until, now: moment) }
    guard try Register.party(party, in: reading) != nil else { throw Refusal.partyUnknown(party) }
    guard try delay(of: party, at: moment, in: reading) == nil else {
      throw Refusal.delayStanding(party, stands: true)
    }
  }

  /// M4-solr: lifts a delay before its date, and carries out what was held back.
  ///
  /// - Returns: what was revoked.
  /// - Throws: `delay-standing` when none stands.
  package func lift(
    _ party: String, _ direction: Direction, at moment: Time, by officer: Actor
  ) throws -> [RevocationRequest] {
    let entry = Entry(
      officer, "revocation-delay-lifted", clause: "M4-solr", at: moment,
      facts: ["party": party, "directed-by": direction.by, "decision": direction.decision])
    return try records.write(entry) { transaction in
      guard var delay = try Self.delay(of: party, at: moment, in: transaction) else {
        throw Refusal.delayStanding(party, stands: false)
      }
      delay.until = moment
      return try Self.end(delay, at: moment, in: transaction)
    }
  }

  /// M4-solr: carries out what was held back by delays whose date has come, and reports once each
  /// delay that will lapse within two days.
  ///
  /// - Returns: what was revoked, which delays were reported, and when to look again.
  package func endDelays(
    at moment: Time, by node: Actor
  ) throws -> (revoked: [RevocationRequest], reported: [RevocationDelay], next: Time?) {
    let standing = try delays().filter { $0.ended == nil }
    var revoked: [RevocationRequest] = []
    for delay in standing where delay.until <= moment {
      let entry = Entry(
        node, "revocation-delay-lapsed", clause: "M4-solr", at: moment,
        facts: ["party": delay.party, "decision": delay.direction.decision])
      revoked += try records.write(entry) { try Self.end(delay, at: moment, in: $0) }
    }
    let left = standing.filter { $0.until > moment }
    let near = left.filter {
      $0.reported == nil && $0.until.adding(seconds: -RevocationDelay.reportSeconds) <= moment
    }
    for delay in near {
      let entry = Entry(
        node, "revocation-delay-lapsing", clause: "M4-solr", at: moment,
        facts: ["party": delay.party, "until": delay.until.rfc3339])
      try records.write(entry) { transaction in
        var reported = delay
        reported.reported = moment
        try RevocationRecords.keep(reported, in: transaction)
        let held = try RevocationRecords.requests(in: .held, in: transaction)
        transaction.note("held", String(held.count { $0.party == delay.party }))
      }
    }
    let moments = left.map { delay in
      delay.reported == nil && !near.contains(delay)
        ? delay.until.adding(seconds: -RevocationDelay.reportSeconds) : delay.until
    }
    return (revoked, near, moments.min())
  }

  /// Every delay, in the order in which they were entered.
  package func delays() throws -> [RevocationDelay] {
    try records.read { try RevocationRecords.delays(in: $0) }
  }

  /// The delay that holds a party's revocations back at a moment, or nil.
  ///
  static func delay(
    of party: String?, at moment: Time, in reading: some Querying
  ) throws -> RevocationDelay? {
    guard let party else { return nil }
    return try RevocationRecords.delays(in: reading).first {
      $0.party == party && $0.stands(at: moment)
    }
  }

  private static func end(
    _ delay: RevocationDelay, at moment: Time, in transaction: Transaction
  ) throws -> [RevocationRequest] {
    var ended = delay
    ended.ended = moment
    try RevocationRecords.keep(ended, in: transaction)
    var done: [RevocationRequest] = []
    for request in try RevocationRecords.requests(in: .held, in: transaction)
    where request.party == delay.party {
      var request = request
      request.state = .revoked
      // An order of the PMA may have come before.
      if let serial = Hex.decode(request.serial),
        try RevocationRecords.entry(serial: serial, in: transaction) == nil
      {
        try revoke(request, at: moment, in: transaction)
      }
      try RevocationRecords.keep(request, in: transaction)
      done.append(request)
    }
    transaction.note("revoked", String(done.count))
    return done
  }
}
