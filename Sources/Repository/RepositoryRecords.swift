// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import SEC

/// The tables of this room; nobody else reads or writes them.
///
/// Rows are in the order of lodging, their serial numbers ascend in time: of the indexes two take
/// random keys (entity and key identifier), and none holds the certificate.
package enum RepositoryRecords {
  /// ENG-compact-rows: the forms of certificates, by number.
  package static let form = KeptTable(
    "certificate_form", key: ["number"],
    columns: ["issuer", "class", "purpose", "unit", "template"], changesStanding: false)

  /// L3.11: the Organisation Certificates that are meant for loading at manufacture, or were.
  package static let manufacturing = KeptTable(
    "manufacturing_mark", key: ["serial"], columns: ["meant", "reason", "since", "officer"],
    changesStanding: false)

  /// Every kept table of this file.
  package static let tables = [form, manufacturing]

  /// The table's definition, oldest first.
  package static let migrations = [
    Migration(
      name: "repository-1",
      statements: [
        """
        CREATE TABLE certificate (
          id INTEGER PRIMARY KEY, serial BLOB NOT NULL, kind TEXT NOT NULL, entity BLOB,
          key_identifier BLOB NOT NULL, usage TEXT, role BIGINT, chunk BIGINT NOT NULL,
          position BIGINT NOT NULL, party TEXT, request_hash BLOB, issued BIGINT NOT NULL,
          not_after BIGINT NOT NULL, der BLOB NOT NULL)
        """,
        "CREATE UNIQUE INDEX certificate_serial ON certificate (serial)",
        "CREATE INDEX certificate_entity ON certificate (entity) WHERE entity IS NOT NULL",
        "CREATE INDEX certificate_key ON certificate (key_identifier)",
        "CREATE TABLE certificate_count (kind TEXT NOT NULL PRIMARY KEY, lodged BIGINT NOT NULL)",
      ])
  ]

  /// Forms, and what a search by them and by times needs; a store takes it after what it has.
  ///
  /// A row without a form is one of before; `Repository.compact` gives it one. A row whose form has
  /// a template keeps a `PackedCertificate` in `der`.
  package static let laterMigrations = [
    Migration(
      name: "repository-2",
      statements: [
        "ALTER TABLE certificate ADD COLUMN form BIGINT",
        """
        CREATE TABLE certificate_form (
          number INTEGER PRIMARY KEY, issuer BLOB NOT NULL, class TEXT NOT NULL, purpose TEXT,
          unit BIGINT, template BLOB)
        """,
        "CREATE INDEX certificate_form_issuer ON certificate_form (issuer)",
        "CREATE INDEX certificate_by_form ON certificate (form, id)",
        "CREATE INDEX certificate_issued ON certificate (issued, id)",
        """
        CREATE INDEX certificate_ending ON certificate (not_after, id)
          WHERE not_after < 253402300799000
        """,
      ])
  ]

  /// L3.11: the marks of Organisation Certificates.
  package static let markMigrations = [
    Migration(
      name: "repository-3",
      statements: [
        """
        CREATE TABLE manufacturing_mark (
          serial BLOB NOT NULL PRIMARY KEY, meant BIGINT NOT NULL, reason TEXT NOT NULL,
          since BIGINT NOT NULL, officer TEXT NOT NULL)
        """
      ])
  ]

  /// Rows with their forms; a condition follows.
  package static let selection: SQL =
    """
    SELECT id, serial, kind, entity, key_identifier, usage, role, chunk, position, party,
      request_hash, issued, not_after, der, form, template
    FROM certificate LEFT JOIN certificate_form ON certificate_form.number = certificate.form
    """

  static func insert(
    _ certificate: LodgedCertificate, _ der: [UInt8], form: Int, in transaction: Transaction
  ) throws {
    try transaction.execute(
      """
      INSERT INTO certificate (serial, kind, entity, key_identifier, usage, role, chunk, position,
        party, request_hash, issued, not_after, der, form)
      VALUES (\(certificate.serial), \(certificate.kind.rawValue), \(certificate.entity?.octets),
        \(certificate.keyIdentifier), \(certificate.usage?.rawValue),
        \(certificate.role.map { Int($0.value) }), \(certificate.chunk), \(certificate.position),
        \(certificate.party), \(certificate.requestHash), \(certificate.issued),
        \(certificate.notAfter), \(der), \(form))
      """)
  }

  /// The number of a form, which is kept when it is new.
  static func number(of form: CertificateForm, in transaction: Transaction) throws -> Int {
    var number = form.number
    while true {
      let row = try transaction.first(
        """
        SELECT number, issuer, class, purpose, unit, template FROM certificate_form
        WHERE number = \(number)
        """)
      guard let row else { break }
      if try self.form(from: row) == form { return number }
      number = (number + 1) & 0x7FFF_FFFF
    }
    try transaction.keep(
      self.form,
      [
        .int(Int64(number)), .blob(form.issuer), .text(form.kind.rawValue),
        form.usage.map { .text($0.rawValue) } ?? .null,
        form.role.map { .int(Int64($0.value)) } ?? .null, form.template.map { .blob($0) } ?? .null,
      ])
    return number
  }

  /// The form with a number, or nil.
  package static func form(_ number: Int, in reading: some Querying) throws -> CertificateForm? {
    try reading.first(
      """
      SELECT number, issuer, class, purpose, unit, template FROM certificate_form
      WHERE number = \(number)
      """
    ).map(form(from:))
  }

  static func form(from row: Row) throws -> CertificateForm {
    guard let kind = CertificateClass(rawValue: try row.text("class")) else {
      throw DatabaseError.damaged("certificate_form.class")
    }
    return CertificateForm(
      issuer: try row.blob("issuer"), kind: kind,
      usage: try row.optionalText("purpose").flatMap(CertificateUsage.init(rawValue:)),
      role: try role(row.optionalInt("unit"), "certificate_form.unit"),
      template: try row.optionalBlob("template"))
  }

  private static func role(_ value: Int?, _ place: String) throws -> RoleCode? {
    guard let value else { return nil }
    guard let octet = UInt8(exactly: value) else { throw DatabaseError.damaged(place) }
    return RoleCode(octet)
  }

  /// The octets of a row's certificate, whole.
  ///
  /// - Throws: `damaged` when row and form do not fit each other.
  package static func der(from row: Row) throws -> [UInt8] {
    let kept = try row.blob("der")
    guard let template = try row.optionalBlob("template") else { return kept }
    guard
      let whole = PackedCertificate.certificate(
        template: template, body: kept, serial: try row.blob("serial"),
        issued: try row.time("issued"), entity: try row.optionalBlob("entity") ?? [],
        keyIdentifier: try row.blob("key_identifier"))
    else { throw DatabaseError.damaged("certificate.der") }
    return whole
  }

  /// One certificate from its row.
  static func certificate(from row: Row) throws -> LodgedCertificate {
    guard let kind = CertificateClass(rawValue: try row.text("kind")) else {
      throw DatabaseError.damaged("certificate.kind")
    }
    return LodgedCertificate(
      serial: try row.blob("serial"), kind: kind,
      entity: try row.optionalBlob("entity").flatMap { EntityID(octets: $0) },
      keyIdentifier: try row.blob("key_identifier"),
      usage: try row.optionalText("usage").flatMap(CertificateUsage.init(rawValue:)),
      role: try role(row.optionalInt("role"), "certificate.role"), chunk: try row.int("chunk"),
      position: try row.int("position"), party: try row.optionalText("party"),
      requestHash: try row.optionalBlob("request_hash"), issued: try row.time("issued"),
      notAfter: try row.time("not_after"), der: try der(from: row))
  }
}
