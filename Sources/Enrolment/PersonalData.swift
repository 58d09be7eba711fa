// SPDX-License-Identifier: Apache-2.0

package import DER
import Keys
package import Records

/// ENG-personal-data: what is known of a person, by how long it is kept.
package enum PersonalKind: String, Hashable, Sendable, CaseIterable {
  /// Names, addresses and what a caller is asked by telephone.
  case contact
  /// Where the evidence of an identity lies.
  case identity
  /// Where the evidence of a screening lies.
  case screening
  /// Names of those who declared or asked something.
  case declaration
  /// Names of those who called the Service Desk.
  case call
}

/// One thing that is known of a person.
package struct PersonalDatum: Hashable, Sendable {
  /// The form or call that it came with, such as `form-12`.
  package let source: String
  package let field: String
  package let position: Int
  /// Whom it is about: a person's identifier, or the source itself.
  package let subject: String
  package let kind: PersonalKind
  package let collected: Time
  /// What was said, or nil once it was erased.
  package let value: String?
  /// When it was erased, or nil.
  package let erased: Time?
}

/// What persons said, outside the audit tree; the tree has a salted digest of each answer, so that
/// an answer can be proven while it is kept, and nothing can be guessed from the tree afterwards.
enum PersonalData {
  /// Octets of a salt: nobody tries all of them.
  static let saltOctets = 32

  /// The digest of an answer: SHA-256 over salt, place and value, each with its length.
  static func digest(
    _ value: String, salt: [UInt8], source: String, field: String, position: Int
  ) -> [UInt8] {
    let parts = [salt, Array(source.utf8), Array(field.utf8), Array("\(position)".utf8)]
    let bytes = (parts + [Array(value.utf8)]).flatMap { part in
      (0..<4).reversed().map { UInt8(truncatingIfNeeded: part.count >> ($0 * 8)) } + part
    }
    return Digest.sha256(bytes)
  }

  /// Keeps answers about a person.
  static func keep(
    _ answers: [(field: String, values: [String])], source: String, subject: String,
    kind: PersonalKind, at moment: Time, salt: @Sendable (Int) -> [UInt8],
    in transaction: Transaction
  ) throws {
    for (field, values) in answers {
      for (position, value) in values.enumerated() {
        let salt = salt(saltOctets)
        try transaction.execute(
          """
          INSERT INTO personal_datum (source, field, position, value, salt)
          VALUES (\(source), \(field), \(position), \(value), \(salt))
          """)
        let digest = digest(
          value, salt: salt, source: source, field: field, position: position)
        try transaction.keep(
          EnrolmentRecords.personalDigest,
          [
            .text(source), .text(field), .int(Int64(position)), .text(subject),
            .text(kind.rawValue), .int(moment.milliseconds), .blob(digest), .null,
          ])
      }
    }
  }

  /// Everything that is or was known of a subject.
  static func all(of subject: String, in reading: some Querying) throws -> [PersonalDatum] {
    try data(" WHERE d.subject = \(subject)", in: reading)
  }

  /// Everything that is or was known of anybody.
  static func data(_ part: SQL, in reading: some Querying) throws -> [PersonalDatum] {
    try reading.query(
      """
      SELECT d.source AS source, d.field AS field, d.position AS position, d.subject AS subject,
        d.kind AS kind, d.collected AS collected, d.erased AS erased, p.value AS value
      FROM personal_digest d LEFT JOIN personal_datum p
        ON p.source = d.source AND p.field = d.field AND p.position = d.position \(part)
      ORDER BY d.source, d.field, d.position
      """
    ).map { row in
      guard let kind = PersonalKind(rawValue: try row.text("kind")) else {
        throw DatabaseError.damaged("personal_digest.kind")
      }
      return PersonalDatum(
        source: try row.text("source"), field: try row.text("field"),
        position: try row.int("position"), subject: try row.text("subject"), kind: kind,
        collected: try row.time("collected"), value: try row.optionalText("value"),
        erased: try row.optionalTime("erased"))
    }
  }

  /// Removes answers for good; their digests stay and say when.
  static func erase(
    _ data: [PersonalDatum], at moment: Time, in transaction: Transaction
  ) throws {
    for datum in data where datum.value != nil {
      let digest = try transaction.first(
        """
        SELECT digest FROM personal_digest WHERE source = \(datum.source)
          AND field = \(datum.field) AND position = \(datum.position)
        """)?.blob("digest")
      try transaction.erase(
        """
        DELETE FROM personal_datum WHERE source = \(datum.source) AND field = \(datum.field)
          AND position = \(datum.position)
        """)
      try transaction.keep(
        EnrolmentRecords.personalDigest,
        [
          .text(datum.source), .text(datum.field), .int(Int64(datum.position)),
          .text(datum.subject), .text(datum.kind.rawValue), .int(datum.collected.milliseconds),
          .blob(digest ?? []), .int(moment.milliseconds),
        ])
    }
  }
}

extension Enrolment {
  /// ENG-personal-data: holds each answer about a person against its digest in the tree.
  ///
  /// - Returns: how many agree, and for each other one its place and what is wrong.
  package static func checkPersonalData(
    in reading: some Querying
  ) throws -> (sound: Int, faults: [(row: String, detail: String)]) {
    var sound = 0
    var faults: [(row: String, detail: String)] = []
    let kept = try reading.query(
      """
      SELECT p.source AS source, p.field AS field, p.position AS position, p.value AS value,
        p.salt AS salt, d.digest AS digest, d.erased AS erased
      FROM personal_datum p LEFT JOIN personal_digest d
        ON p.source = d.source AND p.field = d.field AND p.position = d.position
      ORDER BY p.source, p.field, p.position
      """)
    for row in kept {
      let (source, field) = (try row.text("source"), try row.text("field"))
      let position = try row.int("position")
      let place = "\(source)/\(field)/\(position)"
      let digest = PersonalData.digest(
        try row.text("value"), salt: try row.blob("salt"), source: source, field: field,
        position: position)
      switch (try row.optionalBlob("digest"), try row.optionalTime("erased")) {
      case (nil, _): faults.append((place, "the audit has no digest of it"))
      case (_, .some): faults.append((place, "it was erased and is here"))
      case (digest, _): sound += 1
      default: faults.append((place, "differs from its digest"))
      }
    }
    let missing = try reading.query(
      """
      SELECT source, field, position FROM personal_digest d WHERE erased IS NULL AND NOT EXISTS (
        SELECT 1 FROM personal_datum p WHERE p.source = d.source AND p.field = d.field
          AND p.position = d.position)
      """)
    for row in missing {
      faults.append(
        (
          "\(try row.text("source"))/\(try row.text("field"))/\(try row.int("position"))",
          "is missing and was never erased"
        ))
    }
    return (sound, faults)
  }
}
