// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Keys
package import Profiles
package import Records
import Repository
import SEC
package import X509

/// L5.3, C3-124-3: lodges lists inside a transaction: those that were signed here, and those that
/// a root has signed offline, which are led through the gate first.
package struct ListIntake: Sendable {
  /// When lists come.
  package let times: ListTimes
  /// Now.
  package let moment: Time

  /// An intake at a moment.
  package init(times: ListTimes, moment: Time) {
    self.times = times
    self.moment = moment
  }

  /// A signed list of an issuer with its digest, which is computed once.
  struct Signed: Sendable {
    let list: RevocationList
    let issuer: ListIssuer
    let digest: [UInt8]

    init(_ list: RevocationList, of issuer: ListIssuer) {
      self.list = list
      self.issuer = issuer
      digest = Digest.sha256(list.encoded)
    }
  }

  /// The same as `take`, for whoever wants nothing back.
  package func publish(_ list: RevocationList, in transaction: Transaction) throws {
    _ = try take(list, in: transaction)
  }

  /// OCP-annex-B-arl: leads the list of a root through the gate and lodges it.
  ///
  /// On it stands everything that was revoked until it was made, and nothing that is not revoked by
  /// now: a revocation that was entered while the list was on its way does not hold it up.
  ///
  /// - Throws: `list-issuer-unknown`, and what the gate refuses.
  package func take(
    _ list: RevocationList, in transaction: Transaction
  ) throws -> PublishedList {
    let issuer = try Self.issuer(of: list, in: transaction)
    let previous = try RevocationRecords.newestList(of: issuer.id, in: transaction).map {
      try RevocationList(parsing: RevocationRecords.octets(of: $0, in: transaction))
    }
    let revoked = try revoked(by: issuer.id, in: transaction)
    let listed = Set(list.tbs.entries.map(\.serialNumber))
    let made = list.tbs.thisUpdate.wholeSecond.adding(milliseconds: 999)
    let missing = revoked.filter { $0.moment <= made && !listed.contains($0.serial) }
    guard missing.isEmpty else {
      throw Refusal.listDropsEntry(missing.map(\.serial.description))
    }
    let gate = ListGate(issuer: issuer.certificate, times: times) { serial, moment in
      (try? Repository.hasEnded(serial, at: moment, in: transaction)) ?? false
    }
    _ = try gate.check(
      list, after: previous, count: revoked.count { listed.contains($0.serial) })
    return try lodge(
      Signed(list, of: issuer),
      lastEntry: revoked.prefix { listed.contains($0.serial) }.last?.id ?? 0,
      before: list.encoded, after: [], in: transaction)
  }

  /// The audit entry of a list that is lodged.
  static func entry(_ signed: Signed, at moment: Time, by actor: Actor) -> Entry {
    let (list, issuer) = (signed.list, signed.issuer)
    return Entry(
      actor, "list-lodged",
      clause: issuer.listKind == .authorities ? "C3-124-3" : "C3-124-2", at: moment,
      facts: [
        "issuer": issuer.id, "kind": issuer.listKind.rawValue,
        "number": list.number?.value.map { String($0) } ?? "none",
        "entries": String(list.tbs.entries.count),
        "sha256": Hex.encode(signed.digest),
        "this-update": list.tbs.thisUpdate.rfc3339,
        "next-update": list.tbs.nextUpdate?.rfc3339 ?? "none",
      ])
  }

  /// The issuer of a list among those of this estate.
  ///
  /// - Throws: `list-issuer-unknown`.
  static func issuer(
    of list: RevocationList, in reading: some Querying
  ) throws -> ListIssuer {
    let identifier = list.authorityKeyIdentifier?.description
    let issuer = try ListIssuer.all(in: reading).first {
      $0.id == identifier && $0.certificate.subject == list.issuer
    }
    guard let issuer else { throw Refusal.listIssuerUnknown("\(list.issuer)") }
    return issuer
  }

  /// Writes a list that the gate has let through; after the commit it is the newest one.
  func lodge(
    _ signed: Signed, lastEntry: Int, before: [UInt8], after: [UInt8],
    in transaction: Transaction
  ) throws -> PublishedList {
    let (list, issuer) = (signed.list, signed.issuer)
    guard let number = list.number?.value, let nextUpdate = list.tbs.nextUpdate else {
      throw Refusal.listNumber("\(list.tbs.extensions.count)", after: "all others")
    }
    let last = try RevocationRecords.newestList(of: issuer.id, in: transaction)
    guard number > last?.number ?? 0 else {
      throw Refusal.listNumber(String(number), after: String(last?.number ?? 0))
    }
    let first = try RevocationRecords.firstEntry(
      of: issuer.id, after: last?.lastEntry ?? 0, in: transaction)
    if let first, first.id <= lastEntry {
      // C3-159-row-6: what the hour is measured against.
      let seconds = max(0, moment.seconds - first.revoked.seconds)
      transaction.note("seconds-after-revocation", String(seconds))
    }
    let published = PublishedList(
      id: try RevocationRecords.nextID(of: .list, in: transaction),
      issuer: issuer.id, kind: issuer.listKind, number: number,
      thisUpdate: list.tbs.thisUpdate, nextUpdate: nextUpdate,
      entries: list.tbs.entries.count, lastEntry: lastEntry, before: before, after: after,
      digest: signed.digest, lodged: moment)
    try RevocationRecords.keep(published, in: transaction)
    let known = try RevocationRecords.lastNumber(of: issuer.id, in: transaction)
    if number > known {
      try transaction.keep(RevocationRecords.number, [.text(issuer.id), .int(Int64(number))])
    }
    return published
  }

  /// The certificates of an issuer that were revoked, in the order of revoking.
  private func revoked(
    by issuer: String, in reading: some Querying
  ) throws -> [(id: Int, serial: Integer, moment: Time)] {
    try reading.query(
      "SELECT id, serial, revoked FROM revocation_entry WHERE issuer = \(issuer) ORDER BY id"
    ).map { row in
      (
        try row.int("id"), Integer(magnitude: try row.blob("serial")),
        try row.time("revoked")
      )
    }
  }
}
