// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
package import SEC

/// The register of PKIs that issue nothing here, and of the documents that govern them.
package struct PKIRegister: Sendable {
  private let records: Records

  /// The register that these records hold.
  package init(records: Records) {
    self.records = records
  }

  static let pki = KeptTable(
    "registered_pki", key: ["id"], columns: ["provider", "registered"], changesStanding: false)
  static let document = KeptTable(
    "pki_document", key: ["pki", "kind", "version"],
    columns: ["digest", "lodged", "outcome", "evidence"], changesStanding: false)

  /// Every kept table of this file.
  package static let tables = [pki, document]

  /// The tables' definitions.
  package static let migrations = [
    Migration(
      name: "registered-pki-1",
      statements: [
        """
        CREATE TABLE registered_pki (
          id TEXT NOT NULL PRIMARY KEY, provider TEXT NOT NULL, registered BIGINT NOT NULL)
        """,
        """
        CREATE TABLE pki_document (
          pki TEXT NOT NULL, kind TEXT NOT NULL, version TEXT NOT NULL, digest BLOB NOT NULL,
          lodged BIGINT NOT NULL, outcome TEXT, evidence TEXT NOT NULL,
          PRIMARY KEY (pki, kind, version))
        """,
      ])
  ]

  /// Registers the PKI of a SMETS1 Service Provider.
  ///
  /// - Throws: `pki-name`, `pki-exists`.
  package func add(_ id: String, of provider: String, at moment: Time, by actor: Actor) throws {
    guard (1...40).contains(id.utf8.count), !provider.isEmpty,
      id.utf8.allSatisfy({ (48...57).contains($0) || (97...122).contains($0) || $0 == 45 })
    else { throw Refusal.pkiName(id) }
    let entry = Entry(actor, "pki-registered", clause: "L1.17(q)", at: moment)
    try records.write(entry) { transaction in
      guard try Self.find(id, in: transaction) == nil else { throw Refusal.pkiExists(id) }
      try transaction.keep(Self.pki, [.text(id), .text(provider), .int(moment.milliseconds)])
    }
  }

  /// Lodges a version of a document; it stays as it is.
  ///
  /// - Throws: `pki-unknown`, `pki-document-exists`.
  package func lodge(
    _ kind: PKIDocument.Kind, version: String, digest: [UInt8], of id: String, at moment: Time,
    by actor: Actor
  ) throws {
    let entry = Entry(actor, "pki-document-lodged", clause: "L1.17(r)", at: moment)
    try records.write(entry) { transaction in
      guard let pki = try Self.find(id, in: transaction) else { throw Refusal.pkiUnknown(id) }
      guard !pki.documents.contains(where: { $0.kind == kind && $0.version == version }) else {
        throw Refusal.pkiDocumentExists(kind, version)
      }
      try Self.keep(
        PKIDocument(
          kind: kind, version: version, digest: digest, lodged: moment, outcome: nil,
          evidence: ""), of: id, in: transaction)
    }
  }

  /// L1.17(p): records what the PMA made of a Certification Practice Statement; what was rejected
  /// stays rejected.
  ///
  /// - Throws: `pki-unknown`, `pki-document-unknown`, `pki-document-decided`.
  package func decide(
    _ outcome: PKIDocument.Outcome, on version: String, of id: String, evidence: String,
    at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pki-document-decided", clause: "L1.17(p)", at: moment,
      facts: ["outcome": outcome.rawValue, "evidence": evidence])
    try records.write(entry) { transaction in
      guard let pki = try Self.find(id, in: transaction) else { throw Refusal.pkiUnknown(id) }
      guard
        let document = pki.documents.first(where: {
          $0.kind == .practiceStatement && $0.version == version
        })
      else { throw Refusal.pkiDocumentUnknown(version) }
      guard document.outcome == nil else {
        throw Refusal.pkiDocumentDecided(version, document.outcome)
      }
      try Self.keep(
        PKIDocument(
          kind: document.kind, version: version, digest: document.digest,
          lodged: document.lodged, outcome: outcome, evidence: evidence),
        of: id, in: transaction)
    }
  }

  /// Every registered PKI, by name.
  package func all() throws -> [RegisteredPKI] {
    try records.read { reading in
      try reading.query("SELECT id FROM registered_pki ORDER BY id").compactMap {
        try Self.find($0.text("id"), in: reading)
      }
    }
  }

  private static func keep(
    _ document: PKIDocument, of id: String, in transaction: Transaction
  ) throws {
    try transaction.keep(
      self.document,
      [
        .text(id), .text(document.kind.rawValue), .text(document.version),
        .blob(document.digest), .int(document.lodged.milliseconds),
        document.outcome.map { .text($0.rawValue) } ?? .null, .text(document.evidence),
      ])
  }

  private static func find(_ id: String, in reading: some Querying) throws -> RegisteredPKI? {
    guard
      let row = try reading.first(
        "SELECT provider, registered FROM registered_pki WHERE id = \(id)")
    else { return nil }
    let documents = try reading.query(
      """
      SELECT kind, version, digest, lodged, outcome, evidence FROM pki_document
      WHERE pki = \(id) ORDER BY kind, lodged, version
      """
    ).map { row in
      guard let kind = PKIDocument.Kind(rawValue: try row.text("kind")) else {
        throw DatabaseError.damaged("pki_document.kind")
      }
      return PKIDocument(
        kind: kind, version: try row.text("version"), digest: try row.blob("digest"),
        lodged: try row.time("lodged"),
        outcome: try row.optionalText("outcome").flatMap(PKIDocument.Outcome.init),
        evidence: try row.text("evidence"))
    }
    return RegisteredPKI(
      id: id, provider: try row.text("provider"), registered: try row.time("registered"),
      documents: documents)
  }
}
