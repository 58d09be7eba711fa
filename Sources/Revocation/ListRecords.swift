// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import Profiles
import X509

/// What was revoked and what was published, as the tables hold them.
extension RevocationRecords {
  static func keep(_ entry: RevokedEntry, in transaction: Transaction) throws {
    try transaction.keep(
      self.entry,
      [
        .int(Int64(entry.id)), .text(entry.issuer), .blob(entry.serial),
        .int(entry.revoked.milliseconds), .int(Int64(entry.reason.rawValue)),
        .text(entry.ground.rawValue), entry.request.map { .int(Int64($0)) } ?? .null,
        .blob(entry.listed.encoded),
      ])
  }

  private static let entryColumns: SQL = "id, issuer, serial, revoked, reason, ground, request"

  /// The revocation of a certificate by its serial number of 16 octets, or nil.
  package static func entry(
    serial: [UInt8], in reading: some Querying
  ) throws -> RevokedEntry? {
    try reading.first("SELECT \(entryColumns) FROM revocation_entry WHERE serial = \(serial)")
      .map(entry(from:))
  }

  /// The newest revocations, the last one first.
  package static func newestEntries(
    _ count: Int, in reading: some Querying
  ) throws -> [RevokedEntry] {
    try reading.query(
      "SELECT \(entryColumns) FROM revocation_entry ORDER BY id DESC LIMIT \(count)"
    ).map(entry(from:))
  }

  /// Revocations behind a number, in the order of revoking.
  static func entries(
    after number: Int, most: Int, in reading: some Querying
  ) throws -> [RevokedEntry] {
    try reading.query(
      """
      SELECT \(entryColumns) FROM revocation_entry WHERE id > \(number) ORDER BY id LIMIT \(most)
      """
    ).map(entry(from:))
  }

  /// The first revocation of an issuer that comes after another one, or nil.
  static func firstEntry(
    of issuer: String, after last: Int, in reading: some Querying
  ) throws -> RevokedEntry? {
    try reading.first(
      """
      SELECT \(entryColumns) FROM revocation_entry WHERE issuer = \(issuer) AND id > \(last)
      ORDER BY id LIMIT 1
      """
    ).map(entry(from:))
  }

  private static func entry(from row: Row) throws -> RevokedEntry {
    guard let reason = RevocationReason(rawValue: try row.int("reason")),
      let ground = RevocationGround(rawValue: try row.text("ground"))
    else { throw DatabaseError.damaged("revocation_entry") }
    return RevokedEntry(
      id: try row.int("id"), issuer: try row.text("issuer"), serial: try row.blob("serial"),
      revoked: try row.time("revoked"), reason: reason, ground: ground,
      request: try row.optionalInt("request"))
  }

  /// The entries of an issuer after one, up to another, as they stand on lists.
  ///
  /// - Returns: their octets, how many there are, and the number of the last one.
  static func encodedEntries(
    of issuer: String, after first: Int, upTo last: Int, in reading: some Querying
  ) throws -> (octets: [UInt8], count: Int, last: Int) {
    var octets: [UInt8] = []
    var count = 0
    var reached = first
    try reading.each(
      """
      SELECT id, encoded FROM revocation_entry
      WHERE issuer = \(issuer) AND id > \(first) AND id <= \(last) ORDER BY id
      """
    ) { row in
      octets += try row.blob("encoded")
      count += 1
      reached = try row.int("id")
    }
    return (octets, count, reached)
  }
}

extension RevocationRecords {
  private static let listColumns: SQL =
    """
    id, issuer, kind, number, this_update, next_update, entries, last_entry, before, after, digest,
    lodged
    """

  static func keep(_ list: PublishedList, in transaction: Transaction) throws {
    try transaction.keep(
      self.list,
      [
        .int(Int64(list.id)), .text(list.issuer), .text(list.kind.rawValue),
        .int(Int64(list.number)), .int(list.thisUpdate.milliseconds),
        .int(list.nextUpdate.milliseconds), .int(Int64(list.entries)),
        .int(Int64(list.lastEntry)), .blob(list.before),
        list.after.isEmpty ? .null : .blob(list.after), .blob(list.digest),
        .int(list.lodged.milliseconds),
      ])
  }

  /// The newest list of an issuer, or nil.
  package static func newestList(
    of issuer: String, in reading: some Querying
  ) throws -> PublishedList? {
    try reading.first(
      """
      SELECT \(listColumns) FROM revocation_list WHERE issuer = \(issuer)
      ORDER BY number DESC LIMIT 1
      """
    ).map { try list(from: $0) }
  }

  /// A list of an issuer by its number, or nil.
  package static func list(
    of issuer: String, number: Int, in reading: some Querying
  ) throws -> PublishedList? {
    try reading.first(
      """
      SELECT \(listColumns) FROM revocation_list
      WHERE issuer = \(issuer) AND number = \(number)
      """
    ).map { try list(from: $0) }
  }

  /// Every list, in the order of publication, without its octets.
  package static func lists(in reading: some Querying) throws -> [PublishedList] {
    try reading.query(
      """
      SELECT id, issuer, kind, number, this_update, next_update, entries, last_entry, digest, lodged
      FROM revocation_list ORDER BY id
      """
    ).map { try list(from: $0, hasOctets: false) }
  }

  /// One list, whole: what stands before its entries, the entries, and what stands after.
  package static func octets(
    of list: PublishedList, in reading: some Querying
  ) throws -> [UInt8] {
    guard list.isSpliced else { return list.before }
    let entries = try encodedEntries(
      of: list.issuer, after: 0, upTo: list.lastEntry, in: reading)
    return list.before + entries.octets + list.after
  }

  /// One list from its row.
  package static func list(
    from row: Row, hasOctets: Bool = true
  ) throws -> PublishedList {
    guard let kind = RevocationListKind(rawValue: try row.text("kind")) else {
      throw DatabaseError.damaged("revocation_list.kind")
    }
    return PublishedList(
      id: try row.int("id"), issuer: try row.text("issuer"), kind: kind,
      number: try row.int("number"), thisUpdate: try row.time("this_update"),
      nextUpdate: try row.time("next_update"), entries: try row.int("entries"),
      lastEntry: try row.int("last_entry"), before: hasOctets ? try row.blob("before") : [],
      after: hasOctets ? try row.optionalBlob("after") ?? [] : [], digest: try row.blob("digest"),
      lodged: try row.time("lodged"))
  }

  static func lastNumber(of issuer: String, in reading: some Querying) throws -> Int {
    try reading.first("SELECT number FROM revocation_list_number WHERE issuer = \(issuer)")?
      .int("number") ?? 0
  }
}
