// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
package import SEC

/// L3.11: which Organisation Certificates are meant to be loaded into devices at manufacture.
extension Repository {
  /// L3.11: says that an Organisation Certificate is meant for loading at manufacture, or is no
  /// longer; searches tell it from the next moment on.
  ///
  /// - Parameters:
  ///   - serial: 16 octets.
  ///   - isMeant: whether it is meant for that.
  ///   - status: the certificate's letter (K-certificate-status), such as `I`.
  ///   - reason: why, 3 to 200 octets.
  ///   - moment: now.
  ///   - officer: who says so.
  /// - Throws: `manufacturing-mark`.
  package func mark(
    _ serial: [UInt8], asMeantForManufacture isMeant: Bool, status: String,
    because reason: String, at moment: Time, by officer: Actor
  ) throws {
    let shown = Hex.encode(serial)
    guard let certificate = try certificate(serial: serial), certificate.kind == .organisation
    else { throw Refusal.manufacturingMark("\(shown), which is no Organisation Certificate") }
    guard !isMeant || status == "I" else {
      throw Refusal.manufacturingMark("\(shown), whose status is \(status)")
    }
    guard (3...200).contains(reason.utf8.count) else {
      throw Refusal.manufacturingMark("a reason of \(reason.utf8.count) octets")
    }
    let entry = Entry(
      officer, isMeant ? "manufacturing-marked" : "manufacturing-unmarked", clause: "L3.11",
      at: moment, facts: ["serial": shown, "reason": reason])
    try records.write(entry) { transaction in
      try transaction.keep(
        RepositoryRecords.manufacturing,
        [
          .blob(serial), .int(isMeant ? 1 : 0), .text(reason), .int(moment.milliseconds),
          .text(officer.name),
        ])
    }
  }

  /// L3.11: whether a certificate is meant for loading at manufacture.
  package func isForManufacture(_ certificate: LodgedCertificate) throws -> Bool {
    guard certificate.kind == .organisation else { return false }
    return try look { try Self.isMarked(certificate.serial, in: $0) }
  }

  static func isMarked(_ serial: [UInt8], in reading: some Querying) throws -> Bool {
    try reading.first(
      "SELECT 1 AS one FROM manufacturing_mark WHERE serial = \(serial) AND meant = 1") != nil
  }

  /// The serial numbers of the certificates that are meant for loading at manufacture; at most
  /// `resultsMax`, of some hundreds of Organisation Certificates.
  package static func marked(in reading: some Querying) throws -> [[UInt8]] {
    try reading.query(
      """
      SELECT serial FROM manufacturing_mark WHERE meant = 1 ORDER BY serial LIMIT \(resultsMax)
      """
    ).map { try $0.blob("serial") }
  }

  /// ENG-mirror: makes the marks of a mirror those of the newest bulk files.
  package static func replaceMarks(_ serials: [[UInt8]], in transaction: Transaction) throws {
    try transaction.execute("DELETE FROM manufacturing_mark")
    for serial in serials {
      try transaction.execute(
        """
        INSERT INTO manufacturing_mark (serial, meant, reason, since, officer)
        VALUES (\(serial), 1, '', 0, '') ON CONFLICT (serial) DO NOTHING
        """)
    }
  }

  /// K-database-file: hands over every Organisation Certificate, form by form.
  package func eachOrganisationCertificate(_ body: (LodgedCertificate) throws -> Void) throws {
    let forms = try look { reading in
      try reading.query(
        """
        SELECT number FROM certificate_form WHERE class = \(CertificateClass.organisation.rawValue)
        ORDER BY number
        """
      ).map { try $0.int("number") }
    }
    for form in forms {
      var last = 0
      while true {
        let rows = try look { reading in
          try reading.query(
            """
            \(RepositoryRecords.selection) WHERE form = \(form) AND id > \(last)
            ORDER BY id LIMIT 500
            """)
        }
        guard !rows.isEmpty else { break }
        for row in rows {
          last = try row.int("id")
          try body(RepositoryRecords.certificate(from: row))
        }
      }
    }
  }
}
