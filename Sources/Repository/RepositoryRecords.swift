// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import SEC

/// The table of this room; nobody else reads or writes it.
///
/// Rows are in the order of lodging, their serial numbers ascend in time: of the three indexes two
/// take random keys (entity and key identifier), and none holds the certificate.
package enum RepositoryRecords {
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

  static let columns: SQL =
    """
    id, serial, kind, entity, key_identifier, usage, role, chunk, position, party, request_hash,
    issued, not_after, der
    """

  static func insert(_ certificate: LodgedCertificate, in transaction: Transaction) throws {
    try transaction.execute(
      """
      INSERT INTO certificate (serial, kind, entity, key_identifier, usage, role, chunk, position,
        party, request_hash, issued, not_after, der)
      VALUES (\(certificate.serial), \(certificate.kind.rawValue), \(certificate.entity?.octets),
        \(certificate.keyIdentifier), \(certificate.usage?.rawValue),
        \(certificate.role.map { Int($0.value) }), \(certificate.chunk), \(certificate.position),
        \(certificate.party), \(certificate.requestHash), \(certificate.issued),
        \(certificate.notAfter), \(certificate.der))
      """)
  }

  /// One certificate from its row.
  static func certificate(from row: Row) throws -> LodgedCertificate {
    guard let kind = CertificateClass(rawValue: try row.text("kind")) else {
      throw DatabaseError.damaged("certificate.kind")
    }
    let role = try row.optionalInt("role")
    guard role.map({ (0...255).contains($0) }) ?? true else {
      throw DatabaseError.damaged("certificate.role")
    }
    return LodgedCertificate(
      serial: try row.blob("serial"), kind: kind,
      entity: try row.optionalBlob("entity").flatMap { EntityID(octets: $0) },
      keyIdentifier: try row.blob("key_identifier"),
      usage: try row.optionalText("usage").flatMap(CertificateUsage.init(rawValue:)),
      role: role.map { RoleCode(UInt8($0)) }, chunk: try row.int("chunk"),
      position: try row.int("position"), party: try row.optionalText("party"),
      requestHash: try row.optionalBlob("request_hash"), issued: try row.time("issued"),
      notAfter: try row.time("not_after"), der: try row.blob("der"))
  }
}
