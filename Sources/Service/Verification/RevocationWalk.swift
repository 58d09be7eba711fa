// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import Records
import Registration
import Repository
import Revocation
import X509

extension StoreWalk {
  /// Each revocation: the certificate is one that can be revoked, its issuer and entry are the
  /// certificate's, and a credential was withdrawn with it; nothing that was revoked is back.
  mutating func revocations() throws {
    var issuersWithLists: Set<String> = []
    for row in try reading.query("SELECT DISTINCT issuer FROM revocation_list") {
      issuersWithLists.insert(try row.text("issuer"))
    }
    var faults: [VerificationReport.Fault] = []
    var revoked: Set<String> = []
    try reading.each(
      """
      SELECT e.id AS id, e.serial AS serial, e.issuer AS issuer, e.revoked AS revoked,
        e.reason AS reason, e.encoded AS encoded, e.request AS request, c.kind AS kind,
        c.der AS der, r.state AS state, r.serial AS asked
      FROM revocation_entry AS e LEFT JOIN certificate AS c ON c.serial = e.serial
        LEFT JOIN revocation_request AS r ON r.id = e.request ORDER BY e.id
      """
    ) { row in
      func add(_ column: String?, _ detail: String) throws {
        faults.append(
          .init(
            table: "revocation_entry", row: "\(try row.int("id"))", column: column,
            detail: detail))
      }
      let serial = try row.blob("serial")
      revoked.insert(Hex.encode(serial))
      guard let der = try row.optionalBlob("der"),
        let certificate = try? Certificate(parsing: der)
      else { return try add("serial", "no certificate has it") }
      let kind = try row.optionalText("kind")
      if kind == CertificateClass.device.rawValue || kind == CertificateClass.dca.rawValue {
        try add("serial", "a certificate of the device hierarchy")
      }
      if certificate.authorityKeyIdentifier?.description != (try row.text("issuer")) {
        try add("issuer", "not the certificate's")
      }
      let entry = try RevocationReason(rawValue: row.int("reason")).map { reason in
        try RevokedCertificate(
          serialNumber: Integer(magnitude: serial), revoked: row.time("revoked"),
          reason: reason)
      }
      if entry?.encoded != (try row.blob("encoded")) { try add("encoded", "another entry") }
      if try row.optionalText("state") != RevocationRequest.State.revoked.rawValue
        || row.optionalText("asked") != Hex.encode(serial)
      {
        try add("request", "no request that was granted for it")
      }
    }
    report.counts.revoked = revoked.count
    report.add(faults)
    try credentials(revoked, issuersWithLists)
  }

  /// ICP-revocation: what was revoked among credentials is withdrawn, and the other way round.
  private mutating func credentials(
    _ revoked: Set<String>, _ issuersWithLists: Set<String>
  ) throws {
    var withdrawn: Set<String> = []
    for row in try reading.query(
      "SELECT serial FROM system_credential WHERE revoked IS NOT NULL")
    {
      let serial = try row.text("serial")
      withdrawn.insert(serial)
      guard !revoked.contains(serial), let octets = Hex.decode(serial),
        let certificate = try Repository.certificate(serial: octets, in: reading),
        let issuer = try Certificate(parsing: certificate.der).authorityKeyIdentifier?.description,
        issuersWithLists.contains(issuer)
      else { continue }
      report.add("system_credential", serial, "revoked", "no revocation has it")
    }
    for row in try reading.query(
      """
      SELECT e.serial AS serial FROM revocation_entry AS e
      JOIN certificate AS c ON c.serial = e.serial WHERE c.kind = 'iki'
      """)
    {
      let serial = Hex.encode(try row.blob("serial"))
      if !withdrawn.contains(serial) {
        report.add("system_credential", serial, "revoked", "it was revoked and is in use")
      }
    }
  }

  /// C3-124: every list that was ever published, made again from its entries: its digest, its
  /// issuer's signature, its number and time, and that nothing was left out or taken back.
  mutating func lists() throws {
    let issuers = try ListIssuer.all(in: reading)
    let rows = try reading.query("SELECT DISTINCT issuer FROM revocation_list ORDER BY issuer")
    for issuer in try rows.map({ try $0.text("issuer") }) {
      guard let known = issuers.first(where: { $0.id == issuer }) else {
        report.add("revocation_list", issuer, "issuer", "no authority that issues lists")
        continue
      }
      try lists(of: known)
    }
    let waiting = try reading.query(
      """
      SELECT count(*) AS count FROM revocation_entry AS e WHERE e.id > (
        SELECT coalesce(max(l.last_entry), 0) FROM revocation_list AS l
        WHERE l.issuer = e.issuer)
      """)
    report.counts.unlisted = try waiting.first?.int("count") ?? 0
  }

  private mutating func lists(of issuer: ListIssuer) throws {
    let entries = try Entries(of: issuer.id, in: reading)
    var previous: (row: PublishedList, list: RevocationList)?
    for row in try reading.query(
      """
      SELECT id, issuer, kind, number, this_update, next_update, entries, last_entry, before,
        after, digest, lodged
      FROM revocation_list WHERE issuer = \(issuer.id) ORDER BY number
      """)
    {
      let published = try RevocationRecords.list(from: row)
      let octets =
        published.isSpliced
        ? published.before + entries.prefix(upTo: published.lastEntry) + published.after
        : published.before
      do throws(DERError) {
        let list = try RevocationList(
          parsing: octets, knowing: previous?.list.tbs.entries ?? .none)
        report.counts.lists += 1
        for fault in faults(of: published, list, issuer, entries, after: previous) {
          report.add("revocation_list", "\(published.id)", fault.column, fault.detail)
        }
        previous = (published, list)
      } catch {
        report.add("revocation_list", "\(published.id)", "before", "no list: \(error)")
      }
    }
  }

  private func faults(
    of row: PublishedList, _ list: RevocationList, _ issuer: ListIssuer, _ entries: Entries,
    after previous: (row: PublishedList, list: RevocationList)?
  ) -> [(column: String, detail: String)] {
    var faults: [(column: String, detail: String)] = []
    if Digest.sha256(list.encoded) != row.digest { faults.append(("digest", "not the list's")) }
    if list.isSigned(by: issuer.certificate.tbs.subjectPublicKeyInfo) != .valid
      || list.issuer != issuer.certificate.subject
    {
      faults.append(("issuer", "it did not sign the list"))
    }
    if list.number != Integer(row.number) { faults.append(("number", "not the list's")) }
    if list.tbs.thisUpdate != row.thisUpdate.wholeSecond || list.tbs.nextUpdate != row.nextUpdate {
      faults.append(("this_update", "not the list's times"))
    }
    let serials = entries.serials(upTo: row.lastEntry)
    if list.tbs.entries.count != row.entries || (row.isSpliced && row.entries != serials.count) {
      faults.append(("entries", "another count of entries"))
    }
    if !row.isSpliced {
      let listed = Set(list.tbs.entries.map(\.serialNumber))
      for serial in serials where !listed.contains(serial) {
        faults.append(("last_entry", "\(serial) was revoked and is not on it"))
      }
    }
    guard let previous else { return faults }
    if row.lastEntry < previous.row.lastEntry {
      faults.append(("last_entry", "it goes back"))
    }
    if list.tbs.thisUpdate < previous.list.tbs.thisUpdate {
      faults.append(("this_update", "it goes back"))
    }
    return faults
  }

  /// The entries of an issuer as they stand on its lists, read once.
  private struct Entries {
    private var octets: [UInt8] = []
    /// By entry: its number, its serial number, and where its octets end.
    private var ends: [(id: Int, serial: Integer, end: Int)] = []

    init(of issuer: String, in reading: Reading) throws {
      try reading.each(
        "SELECT id, serial, encoded FROM revocation_entry WHERE issuer = \(issuer) ORDER BY id"
      ) { row in
        octets += try row.blob("encoded")
        ends.append(
          (try row.int("id"), Integer(magnitude: try row.blob("serial")), octets.count))
      }
    }

    private func count(upTo last: Int) -> Int {
      ends.firstIndex { $0.id > last } ?? ends.count
    }

    func prefix(upTo last: Int) -> ArraySlice<UInt8> {
      let count = count(upTo: last)
      return octets.prefix(count == 0 ? 0 : ends[count - 1].end)
    }

    func serials(upTo last: Int) -> [Integer] {
      ends.prefix(count(upTo: last)).map(\.serial)
    }
  }
}
