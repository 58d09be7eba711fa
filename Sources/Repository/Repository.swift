// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
package import SEC

/// L5.2: the SMKI Repository: what was lodged, and how it is found again.
package struct Repository: Sendable {
  /// The most results of one search [assumed]: a device has fewer than 100 certificates by M8, and
  /// an organisation some tens.
  package static let resultsMax = 1000

  let records: Records
  private let replica: Replica?

  /// The Repository that these records hold; what people ask for is read from a replica, where
  /// there is one that is fresh enough.
  package init(records: Records, replica: Replica? = nil) {
    self.records = records
    self.replica = replica
  }

  /// A reading for somebody who asks, as old as the replica may be.
  func look<Value>(_ body: (Reading) throws -> Value) throws -> Value {
    guard let replica else { return try records.read(body) }
    return try replica.read(body)
  }

  /// L5.3(a): lodges certificates in the transaction that makes them count as issued.
  ///
  /// - Throws: a `DatabaseError` of code `unique` when a serial number is lodged already.
  package static func lodge(
    _ certificates: [LodgedCertificate], in transaction: Transaction
  ) throws {
    var counts: [CertificateClass: Int] = [:]
    var numbers: [CertificateForm: Int] = [:]
    for certificate in certificates {
      let packed = PackedCertificate(certificate)
      let form = form(of: certificate, packed)
      let number = try numbers[form] ?? RepositoryRecords.number(of: form, in: transaction)
      numbers[form] = number
      try RepositoryRecords.insert(
        certificate, packed?.body ?? certificate.der, form: number, in: transaction)
      counts[certificate.kind, default: 0] += 1
    }
    for (kind, count) in counts {
      try transaction.execute(
        """
        INSERT INTO certificate_count (kind, lodged) VALUES (\(kind.rawValue), \(count))
        ON CONFLICT (kind) DO UPDATE SET lodged = certificate_count.lodged + excluded.lodged
        """)
    }
  }

  private static func form(
    of certificate: LodgedCertificate, _ packed: PackedCertificate?
  ) -> CertificateForm {
    CertificateForm(
      issuer: packed?.issuer ?? CertificateForm.issuer(of: certificate.der), kind: certificate.kind,
      usage: certificate.usage, role: certificate.role, template: packed?.template)
  }

  /// ENG-compact-rows: gives rows of before forms their form, and packs those that can be packed.
  ///
  /// - Parameters:
  ///   - rows: how many are changed at once.
  ///   - moment: now.
  ///   - actor: who does it.
  /// - Returns: how many were changed; 0 when none is left.
  /// - Throws: `DatabaseError`.
  package func compact(rowsAtATime rows: Int = 500, at moment: Time, by actor: Actor) throws -> Int
  {
    let isLeft = try records.read { reading in
      try !reading.query("SELECT 1 AS one FROM certificate WHERE form IS NULL LIMIT 1").isEmpty
    }
    guard isLeft else { return 0 }
    let entry = Entry(actor, "certificates-compacted", clause: "ENG-compact-rows", at: moment)
    return try records.write(entry) { transaction in
      let found = try transaction.query(
        "\(RepositoryRecords.selection) WHERE form IS NULL ORDER BY id LIMIT \(rows)")
      var packs = 0
      for row in found {
        let certificate = try RepositoryRecords.certificate(from: row)
        let packed = PackedCertificate(certificate)
        let number = try RepositoryRecords.number(
          of: Self.form(of: certificate, packed), in: transaction)
        try transaction.execute(
          """
          UPDATE certificate SET form = \(number), der = \(packed?.body ?? certificate.der)
          WHERE id = \(try row.int("id"))
          """)
        packs += packed == nil ? 0 : 1
      }
      transaction.note("count", "\(found.count)")
      transaction.note("packed", "\(packs)")
      return found.count
    }
  }

  /// Every certificate of a device or organisation, oldest first; at most `resultsMax`.
  package func certificates(of entity: EntityID) throws -> [LodgedCertificate] {
    try look { reading in
      try reading.query(
        """
        \(RepositoryRecords.selection) WHERE entity = \(entity.octets)
        ORDER BY id LIMIT \(Self.resultsMax)
        """
      ).map(RepositoryRecords.certificate(from:))
    }
  }

  /// The certificate with a serial number of 16 octets, or nil.
  package func certificate(serial: [UInt8]) throws -> LodgedCertificate? {
    try look { reading in
      try reading.query(
        "\(RepositoryRecords.selection) WHERE serial = \(serial)"
      ).first.map(RepositoryRecords.certificate(from:))
    }
  }

  /// The certificates of one chunk of issuing, in their order.
  ///
  /// A chunk's rows lie together, so they are found from the serial number of its first.
  package func certificates(
    chunk: Int, count: Int, firstSerial: [UInt8]
  ) throws -> [LodgedCertificate] {
    try records.read { reading in
      guard
        let first = try reading.query("SELECT id FROM certificate WHERE serial = \(firstSerial)")
          .first?.int("id")
      else { return [] }
      return try reading.query(
        """
        \(RepositoryRecords.selection)
        WHERE id >= \(first) AND id < \(first + count) AND chunk = \(chunk) ORDER BY id
        """
      ).map(RepositoryRecords.certificate(from:))
    }
  }

  /// How many certificates of each class were lodged, kept as they are lodged.
  package func counts() throws -> [CertificateClass: Int] {
    try records.read { reading in
      var counts: [CertificateClass: Int] = [:]
      for row in try reading.query("SELECT kind, lodged FROM certificate_count") {
        guard let kind = CertificateClass(rawValue: try row.text("kind")) else {
          throw DatabaseError.damaged("certificate_count.kind")
        }
        counts[kind] = try row.int("lodged")
      }
      return counts
    }
  }

  /// Walks every certificate in the order of lodging, so many rows at a time.
  package func walk(
    rowsAtATime rows: Int = 1000, _ body: (_ id: Int, LodgedCertificate) throws -> Void
  ) throws {
    var last = 0
    while true {
      let page = try records.read { reading in
        try reading.query(
          """
          \(RepositoryRecords.selection) WHERE id > \(last)
          ORDER BY id LIMIT \(rows)
          """)
      }
      for row in page {
        last = try row.int("id")
        try body(last, RepositoryRecords.certificate(from: row))
      }
      guard page.count == rows else { return }
    }
  }

  /// The certificates with these serial numbers, DER, in their order; nil where there is none.
  package func certificates(serials: [[UInt8]]) throws -> [[UInt8]?] {
    try records.read { reading in
      try serials.map { serial in
        try reading.first("\(RepositoryRecords.selection) WHERE serial = \(serial)")
          .map(RepositoryRecords.der(from:))
      }
    }
  }

  /// ENG-same-request: the serial number that a request of a party got, or nil.
  package func serial(
    ofRequest hash: [UInt8], by party: String, keyIdentifier: [UInt8]
  ) throws -> [UInt8]? {
    try records.read { reading in
      try reading.first(
        """
        SELECT serial FROM certificate WHERE key_identifier = \(keyIdentifier)
        AND request_hash = \(hash) AND party = \(party) ORDER BY id LIMIT 1
        """
      )?.blob("serial")
    }
  }

  // What issuing must know inside its own transaction, before it signs.

  /// Every certificate for a public key with this identifier.
  package static func certificates(
    keyIdentifier: [UInt8], in reading: some Querying
  ) throws -> [LodgedCertificate] {
    try reading.query(
      """
      \(RepositoryRecords.selection) WHERE key_identifier = \(keyIdentifier)
      ORDER BY id
      """
    ).map(RepositoryRecords.certificate(from:))
  }

  /// M8-2.3.1.8: how many certificates a device or organisation has, counted up to `most`.
  package static func count(
    of entity: EntityID, most: Int, in reading: some Querying
  ) throws -> Int {
    try reading.query(
      "SELECT 1 AS one FROM certificate WHERE entity = \(entity.octets) LIMIT \(most)"
    ).count
  }

  /// The certificate with a serial number of 16 octets, or nil, as a transaction sees it.
  package static func certificate(
    serial: [UInt8], in reading: some Querying
  ) throws -> LodgedCertificate? {
    try reading.first(
      "\(RepositoryRecords.selection) WHERE serial = \(serial)"
    ).map(RepositoryRecords.certificate(from:))
  }

  /// Whether the certificate with a serial number had ended before a moment; false when there is
  /// none.
  package static func hasEnded(
    _ serial: Integer, at moment: Time, in reading: some Querying
  ) throws -> Bool {
    try certificate(serial: Array(serial.magnitude), in: reading).map { $0.notAfter < moment }
      ?? false
  }

  /// Whether a serial number of 16 octets is taken.
  package static func isTaken(serial: [UInt8], in reading: some Querying) throws -> Bool {
    try !reading.query("SELECT 1 AS one FROM certificate WHERE serial = \(serial)").isEmpty
  }
}

extension Repository {
  /// The most certificates above another one.
  private static let chainMax = 4

  /// L5.1(b), L5.1(d): the certificates above one, up to that of the root, by their key
  /// identifiers; a root has none above it.
  package func chain(above certificate: LodgedCertificate) throws -> [LodgedCertificate] {
    try look { reading in
      var chain: [LodgedCertificate] = []
      var last = certificate
      while chain.count < Self.chainMax {
        let issuer = CertificateForm.issuer(of: last.der)
        guard !issuer.isEmpty, issuer != last.keyIdentifier,
          let next = try Self.certificates(keyIdentifier: issuer, in: reading)
            .first(where: { $0.kind.isOfAuthority })
        else { break }
        chain.append(next)
        last = next
      }
      return chain
    }
  }

  /// The key identifier of a certificate's issuer; empty when it names none.
  package static func issuer(of certificate: LodgedCertificate) -> [UInt8] {
    CertificateForm.issuer(of: certificate.der)
  }
}
