// SPDX-License-Identifier: Apache-2.0

package import DER
import Records
import SEC

/// A page of what was found.
package struct SearchPage: Sendable {
  /// In the order of the index that answered.
  package let certificates: [LodgedCertificate]
  /// What to hand in for the next page; nil when this is the last.
  package let cursor: String?
}

/// What another room knows of revocations, for searches by status.
package struct Revocations {
  /// Whether a certificate is on the lists, by its serial number.
  package let isRevoked: ([UInt8]) throws -> Bool
  /// The next revocations behind a number, in the order of revoking: numbers and serial numbers.
  package let next: (_ after: Int64, _ most: Int) throws -> [(number: Int64, serial: [UInt8])]

  /// What somebody else knows.
  package init(
    isRevoked: @escaping ([UInt8]) throws -> Bool,
    next: @escaping (_ after: Int64, _ most: Int) throws -> [(number: Int64, serial: [UInt8])]
  ) {
    self.isRevoked = isRevoked
    self.next = next
  }
}

extension Repository {
  /// The most certificates of a page [assumed].
  package static let pageMax = 500
  /// The most rows that are looked at for a page [assumed]; a page may end before it is full.
  package static let examinedMax = 5_000
  /// Rows that are read at once.
  private static let stepRows = 500

  /// ENG-search: a page of the certificates that a query describes, in the order of the index that
  /// answers it.
  ///
  /// What is filtered is filtered before the page is cut. Credentials of people and systems are no
  /// part of the Repository (L5.1) and are never among them.
  ///
  /// - Parameters:
  ///   - query: what is looked for.
  ///   - cursor: from the page before, or nil.
  ///   - most: the most certificates of the page, 1 to `pageMax`.
  ///   - reader: who asks: a cursor is no one else's.
  ///   - key: seals cursors.
  ///   - moment: now.
  ///   - revocations: what is on the lists.
  /// - Returns: the page.
  /// - Throws: `search-too-broad`, `search-contradicts`, `cursor-invalid`, `page-size`.
  package func search(
    _ query: CertificateQuery, after cursor: String? = nil, most: Int = pageMax,
    for reader: String, sealedBy key: [UInt8], at moment: Time,
    revocations: Revocations
  ) throws -> SearchPage {
    guard (1...Self.pageMax).contains(most) else { throw Refusal.pageSize(most) }
    let source = try query.source()
    var place = SearchCursor.Place.beginning
    if let cursor { place = try SearchCursor.place(cursor, query, of: reader, key: key) }
    return try look { reading in
      var found: [LodgedCertificate] = []
      var examined = 0
      let forms = try Self.forms(of: source, query, in: reading)
      while true {
        let rows = try Self.rows(of: source, forms, after: place, revocations, in: reading)
        for (next, row) in rows {
          place = next
          examined += 1
          guard let certificate = try row.map(RepositoryRecords.certificate(from:)),
            certificate.kind != .iki, query.admits(certificate, at: moment)
          else { continue }
          if let validity = query.validity,
            try revocations.isRevoked(certificate.serial) != (validity == .revoked)
          {
            continue
          }
          if let wanted = query.isForManufacture,
            try Self.isMarked(certificate.serial, in: reading) != wanted
          {
            continue
          }
          found.append(certificate)
          if found.count == most { break }
        }
        if rows.isEmpty { return SearchPage(certificates: found, cursor: nil) }
        if found.count == most || examined >= Self.examinedMax {
          return SearchPage(
            certificates: found,
            cursor: SearchCursor.text(place, query, of: reader, key: key))
        }
      }
    }
  }

  /// The forms in which an answer can be, ascending; nothing for sources that need none.
  private static func forms(
    of source: CertificateQuery.Source, _ query: CertificateQuery, in reading: Reading
  ) throws -> [Int] {
    let rows: [Row]
    let columns: SQL = "number, issuer, class, purpose, unit, template"
    switch source {
    case .serial, .key, .entity, .issued, .ending, .revoked, .marked: return []
    case .forms, .authorities:
      if let issuer = query.issuer {
        rows = try reading.query(
          "SELECT \(columns) FROM certificate_form WHERE issuer = \(issuer) ORDER BY number")
      } else {
        rows = try reading.query(
          """
          SELECT \(columns) FROM certificate_form
          WHERE number >= 0 AND class <> 'device' ORDER BY number
          """)
      }
    }
    return try rows.compactMap { row in
      let form = try RepositoryRecords.form(from: row)
      let isWanted =
        query.admits(form) && (source != .authorities || form.kind.isOfAuthority)
      return isWanted ? try row.int("number") : nil
    }
  }

  /// The statement that reads rows of a source behind a place.
  static func statement(
    _ source: CertificateQuery.Source, form: Int, after place: SearchCursor.Place, most: Int
  ) -> SQL {
    let selection = RepositoryRecords.selection
    let (key, row) = (place.key, place.row)
    switch source {
    case .serial(let serial):
      return "\(selection) WHERE serial = \(serial) AND id > \(row) ORDER BY id LIMIT \(most)"
    case .key(let identifier):
      return """
        \(selection) WHERE key_identifier = \(identifier) AND id > \(row) ORDER BY id LIMIT \(most)
        """
    case .entity(let entity):
      return """
        \(selection) WHERE entity = \(entity.octets) AND id > \(row) ORDER BY id LIMIT \(most)
        """
    case .forms, .authorities, .revoked, .marked:
      return """
        \(selection) WHERE form = \(form) AND id > \(row) ORDER BY id LIMIT \(most)
        """
    case .issued(let from, let to):
      return """
        \(selection) WHERE (issued, id) > (\(max(key, from.milliseconds)), \(row))
        AND issued < \(to) ORDER BY issued, id LIMIT \(most)
        """
    case .ending(let from, let to):
      return """
        \(selection) WHERE (not_after, id) > (\(max(key, from.milliseconds)), \(row))
        AND not_after < \(to) AND not_after < 253402300799000 ORDER BY not_after, id LIMIT \(most)
        """
    }
  }

  /// The next rows and their places; of forms, those of the first that has any left.
  private static func rows(
    of source: CertificateQuery.Source, _ forms: [Int], after place: SearchCursor.Place,
    _ revocations: Revocations, in reading: Reading
  ) throws -> [(SearchCursor.Place, Row?)] {
    func read(_ form: Int, _ place: SearchCursor.Place) throws -> [(SearchCursor.Place, Row?)] {
      try reading.query(statement(source, form: form, after: place, most: stepRows)).map { row in
        (try self.place(of: row, source), row)
      }
    }
    switch source {
    case .serial, .key, .entity, .issued, .ending: return try read(0, place)
    case .forms, .authorities:
      for form in forms where form >= place.key {
        let isNew = Int64(form) > place.key
        let rows = try read(form, isNew ? .init(key: Int64(form), row: 0) : place)
        if !rows.isEmpty { return rows }
      }
      return []
    case .marked:
      return try marked(in: reading).compactMap { serial in
        try reading.first("\(RepositoryRecords.selection) WHERE serial = \(serial)")
      }.map { (try self.place(of: $0, source), $0) }
        .filter { $0.0.row > place.row }.sorted { $0.0.row < $1.0.row }
        .prefix(stepRows).map { ($0.0, $0.1) }
    case .revoked:
      return try revocations.next(max(0, place.key), stepRows).map { number, serial in
        let row = try reading.first("\(RepositoryRecords.selection) WHERE serial = \(serial)")
        return (SearchCursor.Place(key: number, row: 0), row)
      }
    }
  }

  private static func place(
    of row: Row, _ source: CertificateQuery.Source
  ) throws -> SearchCursor.Place {
    let key: Int =
      switch source {
      case .serial, .key, .entity, .revoked, .marked: 0
      case .forms, .authorities: try row.int("form")
      case .issued: try row.int("issued")
      case .ending: try row.int("not_after")
      }
    return SearchCursor.Place(key: Int64(key), row: Int64(try row.int("id")))
  }

  /// How the engine would read each shape of search, by the shape's name: for those who look after
  /// its speed.
  package func plans() throws -> [(shape: String, plan: [String])] {
    let moment = Time(milliseconds: 0)
    let shapes: [(String, CertificateQuery.Source)] = [
      ("serial", .serial([0])), ("key-identifier", .key([0])), ("entity", .entity(EntityID(0))),
      ("issuer, role, subject", .forms), ("issued", .issued(moment, moment)),
      ("ends", .ending(moment, moment)),
    ]
    return try records.read { reading in
      try shapes.map { name, source in
        let statement = Self.statement(
          source, form: 0, after: SearchCursor.Place(key: 0, row: 0), most: 1)
        return (name, try reading.plan(of: statement))
      }
    }
  }
}

extension CertificateClass {
  /// Whether it is a certificate of an authority: there are few of them.
  var isOfAuthority: Bool {
    switch self {
    case .dca, .oca, .ikiAuthority, .dcckiAuthority: true
    case .device, .organisation, .iki, .dccki: false
    }
  }
}
