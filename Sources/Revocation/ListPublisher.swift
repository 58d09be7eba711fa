// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
package import DER
import Keys
package import Profiles
package import Records
import Repository
package import SEC
import Threads
package import X509

/// Publishes the lists of revoked certificates (C3-124-2, C3-124-3).
///
/// A list is given a number that is durable before anything is signed, is signed, verified, led
/// through the gate, and then lodged; every version stays. Entries are kept in the order of
/// revoking, so that a list is the entries of the one before and what came since: what was read and
/// checked once is not read again.
package final class ListPublisher: Sendable {
  /// Signs a list with the key of an issuing authority, by the authority's number.
  package typealias Sign = @Sendable (TBSRevocationList, Int) throws -> RevocationList

  /// The node itself, as the audit names it.
  package static let node = Actor(name: "node", role: .node)

  let records: Records
  let times: ListTimes
  private let clock: @Sendable () -> Time
  private let sign: Sign
  private let reached: @Sendable (PublicationStep) -> Void
  /// The newest list of each issuer, as it was last published or read.
  private let newest = Guarded<[String: RevocationList]>([:])
  /// Held while a list is made: two of one issuer must not be made at once.
  private let isPublishing = Guarded(false)

  /// A publisher for the lists that these records hold.
  ///
  /// - Parameters:
  ///   - records: the store.
  ///   - times: when lists come.
  ///   - clock: tells the time.
  ///   - reached: is told of each step that was done; drills stop the process there.
  ///   - sign: signs for an issuing authority.
  package init(
    records: Records, times: ListTimes = ListTimes(), clock: @escaping @Sendable () -> Time,
    reached: @escaping @Sendable (PublicationStep) -> Void = { _ in }, sign: @escaping Sign
  ) {
    self.records = records
    self.times = times
    self.clock = clock
    self.reached = reached
    self.sign = sign
  }

  /// How the lists of each issuer stand.
  package func standings() throws -> [ListStanding] {
    try records.read { reading in
      try ListIssuer.all(in: reading).map { issuer in
        let newest = try RevocationRecords.newestList(of: issuer.id, in: reading)
        return ListStanding(
          issuer: issuer, newest: newest,
          unlisted: try RevocationRecords.firstEntry(
            of: issuer.id, after: newest?.lastEntry ?? 0, in: reading),
          due: newest.map { times.due(of: issuer.listKind, after: $0.thisUpdate) })
      }
    }
  }

  /// C3-124-2: publishes what is due by its period or after a revocation.
  ///
  /// - Returns: what was published, and when the next one is due; a failure for an issuer is told
  ///   after the others had their turn.
  package func publishDue(at moment: Time) throws -> (lists: [PublishedList], next: Time?) {
    var lists: [PublishedList] = []
    var next: Time?
    var failure: (any Error)?
    for standing in try standings() where standing.issuer.authority != nil {
      do {
        var due = standing.due
        if standing.isDue(at: moment) {
          let list = try publish(standing.issuer, by: Self.node)
          lists.append(list)
          due = times.due(of: list.kind, after: list.thisUpdate)
        }
        next = [next, due].compactMap(\.self).min()
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return (lists, next)
  }

  /// Publishes a new list of an issuing authority, whether or not one is due.
  ///
  /// - Throws: `list-signed-offline` for a root, what the gate refuses, `UnverifiedList`, or a
  ///   failure of the key or the store.
  @discardableResult
  package func publish(_ issuer: ListIssuer, by actor: Actor) throws -> PublishedList {
    guard let authority = issuer.authority else {
      throw Refusal.listSignedOffline(issuer.name)
    }
    return try alone {
      let draft = try draft(of: issuer, by: actor)
      reached(.numbered)
      let list = try sign(draft.tbs, authority)
      reached(.signed)
      _ = try gate(of: issuer).check(list, after: draft.previous, count: draft.count)
      reached(.checked)
      let around = list.aroundEntries
      let published = try lodge(
        list, of: issuer, lastEntry: draft.lastEntry, before: Array(around.before),
        after: Array(around.after), by: actor)
      newest.change { $0[issuer.id] = list }
      reached(.lodged)
      return published
    }
  }

  /// C3-124-3: a list of a root that is to be signed offline, with a number of its own.
  package func draft(ofRoot issuer: ListIssuer, by actor: Actor) throws -> TBSRevocationList {
    try alone { try draft(of: issuer, by: actor).tbs }
  }

  /// C3-124-3: takes in a list that a root has signed offline, through the same gate.
  ///
  /// - Throws: `malformed-list`, `list-issuer-unknown`, and what the gate refuses.
  package func importList(_ octets: [UInt8], by actor: Actor) throws -> PublishedList {
    let (list, issuer) = try read(octets)
    let intake = ListIntake(times: times, moment: clock())
    return try alone {
      let signed = ListIntake.Signed(list, of: issuer)
      return try records.write(ListIntake.entry(signed, at: intake.moment, by: actor)) {
        try intake.take(list, in: $0)
      }
    }
  }

  /// Reads a list strictly and finds its issuer in this estate.
  ///
  /// - Throws: `malformed-list`, `list-issuer-unknown`.
  package func read(_ octets: [UInt8]) throws -> (list: RevocationList, issuer: ListIssuer) {
    let list: RevocationList
    do throws(DERError) {
      list = try RevocationList(parsing: octets)
    } catch {
      throw Refusal.malformedList(error)
    }
    let issuer = try records.read { try ListIntake.issuer(of: list, in: $0) }
    return (list, issuer)
  }

  /// The newest list of an issuer, read; nil before the first.
  package func newestList(of issuer: String) throws -> RevocationList? {
    guard
      let row = try records.read({ try RevocationRecords.newestList(of: issuer, in: $0) })
    else { return nil }
    if let known = newest.value[issuer], known.number == Integer(row.number) { return known }
    let list = try RevocationList(
      parsing: try records.read { try RevocationRecords.octets(of: row, in: $0) })
    newest.change { $0[issuer] = list }
    return list
  }

  /// A list that was published, by its number, whole; nil when there is none.
  package func list(
    of issuer: String, number: Int
  ) throws -> (row: PublishedList, octets: [UInt8])? {
    try records.read { reading in
      try RevocationRecords.list(of: issuer, number: number, in: reading).map {
        ($0, try RevocationRecords.octets(of: $0, in: reading))
      }
    }
  }

  /// The newest list of an issuer, whole; nil before the first.
  package func newest(of issuer: String) throws -> (row: PublishedList, octets: [UInt8])? {
    guard
      let row = try records.read({ try RevocationRecords.newestList(of: issuer, in: $0) })
    else { return nil }
    if let known = newest.value[issuer], known.number == Integer(row.number) {
      return (row, known.encoded)
    }
    return (row, try records.read { try RevocationRecords.octets(of: row, in: $0) })
  }

  /// The gate for the lists of an issuer.
  package func gate(of issuer: ListIssuer) -> ListGate {
    ListGate(issuer: issuer.certificate, times: times) { [records] serial, moment in
      (try? records.read { try Repository.hasEnded(serial, at: moment, in: $0) }) ?? false
    }
  }
}

extension ListPublisher {
  /// A list that is to be signed, with what the gate wants to know.
  private struct Draft {
    let tbs: TBSRevocationList
    let previous: RevocationList?
    let count: Int
    let lastEntry: Int
  }

  /// What one transaction finds when it gives a list its number.
  private struct Numbered: Sendable {
    let number: Int
    let added: (octets: [UInt8], count: Int, last: Int)
    let lastRevoked: Time?
  }

  /// One at a time, of all nodes.
  private func alone<Value>(_ body: () throws -> Value) throws -> Value {
    _ = isPublishing.wait { isPublishing -> Bool? in
      guard !isPublishing else { return nil }
      isPublishing = true
      return true
    }
    defer { isPublishing.change { $0 = false } }
    return try records.alone("lists", body)
  }

  /// Gives the next list its number, and puts together what it says.
  ///
  /// RFC5280-5.2.3: the number is durable before anything is signed, so that no two lists that were
  /// ever signed share one. A clock that was put back does not take the list back: thisUpdate is
  /// then that of the list before.
  private func draft(of issuer: ListIssuer, by actor: Actor) throws -> Draft {
    guard let name = Issuer(issuer.certificate) else {
      throw Refusal.listIssuerUnknown(issuer.name)
    }
    let moment = clock()
    let previous = try newestList(of: issuer.id)
    let row = try records.read { try RevocationRecords.newestList(of: issuer.id, in: $0) }
    let reached = row?.isSpliced == true ? row?.lastEntry ?? 0 : 0
    let entry = Entry(
      actor, "list-numbered", clause: "RFC5280-5.2.3", at: moment,
      facts: ["issuer": issuer.id, "kind": issuer.listKind.rawValue])
    let numbered = try records.write(entry) { transaction in
      let last = max(
        try RevocationRecords.lastNumber(of: issuer.id, in: transaction), row?.number ?? 0)
      try transaction.keep(
        RevocationRecords.number, [.text(issuer.id), .int(Int64(last + 1))])
      transaction.note("number", String(last + 1))
      let added = try RevocationRecords.encodedEntries(
        of: issuer.id, after: reached, upTo: .max, in: transaction)
      let newest = try transaction.first(
        """
        SELECT max(revoked) AS last FROM revocation_entry
        WHERE issuer = \(issuer.id) AND id > \(reached)
        """)
      return Numbered(
        number: last + 1, added: added, lastRevoked: try newest?.optionalTime("last"))
    }
    var entries = reached > 0 ? previous?.tbs.entries ?? .none : .none
    let before = entries.count
    entries.append(try RevokedCertificates(reading: numbered.added.octets[...]))
    let thisUpdate =
      [moment, previous?.tbs.thisUpdate, numbered.lastRevoked].compactMap(\.self)
      .max() ?? moment
    let profile = RevocationListProfile(issuer: name, authority: issuer.kind, times: times)
    return Draft(
      tbs: profile.toBeSigned(
        number: Integer(numbered.number), at: thisUpdate, entries: entries),
      previous: previous, count: before + numbered.added.count,
      lastEntry: max(reached, numbered.added.last))
  }

  /// L5.3: the commit after which the list is the newest one.
  private func lodge(
    _ list: RevocationList, of issuer: ListIssuer, lastEntry: Int, before: [UInt8],
    after: [UInt8], by actor: Actor
  ) throws -> PublishedList {
    let moment = clock()
    let intake = ListIntake(times: times, moment: moment)
    let signed = ListIntake.Signed(list, of: issuer)
    return try records.write(ListIntake.entry(signed, at: moment, by: actor)) {
      try intake.lodge(
        signed, lastEntry: lastEntry, before: before, after: after, in: $0)
    }
  }
}
