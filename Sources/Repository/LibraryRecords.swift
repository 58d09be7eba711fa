// SPDX-License-Identifier: Apache-2.0

import DER
package import Records

/// The tables of the documents; nobody else reads or writes them.
package enum LibraryRecords {
  /// What was lodged, by kind and version.
  package static let document = KeptTable(
    "document", key: ["kind", "version"],
    columns: [
      "title", "media_type", "size", "digest", "lodged", "lodged_by", "role", "reason",
    ], changesStanding: false)

  /// P3-1.3-lodging: at whose request the DCC lodged a version, by kind and version.
  package static let proxy = KeptTable(
    "document_proxy", key: ["kind", "version"], columns: ["person", "party", "call", "outcome"],
    changesStanding: false)

  /// Every kept table of this file.
  package static let tables = [document, proxy]

  /// P3-1.3-lodging: lodging at somebody's request.
  package static let proxyMigrations = [
    Migration(
      name: "library-2",
      statements: [
        """
        CREATE TABLE document_proxy (
          kind TEXT NOT NULL, version TEXT NOT NULL, person TEXT NOT NULL, party TEXT NOT NULL,
          call BIGINT NOT NULL, outcome TEXT NOT NULL, PRIMARY KEY (kind, version))
        """
      ])
  ]

  /// The tables' definitions, oldest first.
  package static let migrations = [
    Migration(
      name: "library-1",
      statements: [
        """
        CREATE TABLE document (
          kind TEXT NOT NULL, version TEXT NOT NULL, title TEXT NOT NULL, media_type TEXT NOT NULL,
          size BIGINT NOT NULL, digest BLOB NOT NULL, lodged BIGINT NOT NULL,
          lodged_by TEXT NOT NULL, role TEXT NOT NULL, reason TEXT NOT NULL,
          PRIMARY KEY (kind, version))
        """,
        "CREATE TABLE document_content (digest BLOB NOT NULL PRIMARY KEY, octets BLOB NOT NULL)",
      ])
  ]

  static func keep(
    _ document: Document, _ octets: [UInt8], in transaction: Transaction
  ) throws {
    try transaction.keep(
      self.document,
      [
        .text(document.kind.rawValue), .text(document.version), .text(document.title),
        .text(document.mediaType), .int(Int64(document.size)), .blob(document.digest),
        .int(document.lodged.milliseconds), .text(document.lodgedBy), .text(document.role),
        .text(document.reason),
      ])
    if let proxy = document.proxy {
      try transaction.keep(
        self.proxy,
        [
          .text(document.kind.rawValue), .text(document.version), .text(proxy.person),
          .text(proxy.party), .int(Int64(proxy.call)), .text(proxy.check),
        ])
    }
    try transaction.execute(
      """
      INSERT INTO document_content (digest, octets) VALUES (\(document.digest), \(octets))
      ON CONFLICT (digest) DO NOTHING
      """)
  }

  static func documents(in reading: some Querying) throws -> [Document] {
    try reading.query(
      """
      SELECT d.kind, d.version, title, media_type, size, digest, lodged, lodged_by, role, reason,
        person, party, call, outcome
      FROM document d
      LEFT JOIN document_proxy p ON p.kind = d.kind AND p.version = d.version
      ORDER BY d.kind, d.lodged, d.version
      """
    ).map { row in
      guard let kind = DocumentKind(rawValue: try row.text("kind")) else {
        throw DatabaseError.damaged("document.kind")
      }
      return Document(
        kind: kind, version: try row.text("version"), title: try row.text("title"),
        mediaType: try row.text("media_type"), size: try row.int("size"),
        digest: try row.blob("digest"), lodged: try row.time("lodged"),
        lodgedBy: try row.text("lodged_by"), role: try row.text("role"),
        reason: try row.text("reason"), proxy: try proxy(from: row))
    }
  }

  private static func proxy(from row: Row) throws -> Document.Proxy? {
    guard let person = try row.optionalText("person") else { return nil }
    return Document.Proxy(
      person: person, party: try row.text("party"), call: try row.int("call"),
      check: try row.text("outcome"))
  }

  static func octets(of document: Document, in reading: some Querying) throws -> [UInt8]? {
    try reading.first("SELECT octets FROM document_content WHERE digest = \(document.digest)")?
      .blob("octets")
  }
}
