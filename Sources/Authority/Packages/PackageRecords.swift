// SPDX-License-Identifier: Apache-2.0

package import DER
import Profiles
package import Records
package import X509

/// What the estate knows of the ceremonies whose packages it took in.
package enum PackageRecords {
  /// Each package by its number: what it was, and its octets.
  package static let `package` = KeptTable(
    "ceremony_package", key: ["number"],
    columns: ["ceremony", "digest", "transcript", "next_key", "imported", "file"],
    changesStanding: false)
  /// C3-74-3: the Registration Authority's record of each authority's certificate.
  package static let record = KeptTable(
    "authority_record", key: ["serial"],
    columns: ["kind", "name", "applicant", "ceremony", "witnesses", "verified_by", "verified"],
    changesStanding: false)
  /// Lists of revoked authorities, by root and number, as packages brought them.
  package static let list = KeptTable(
    "authority_list", key: ["issuer", "number"],
    columns: ["this_update", "next_update", "package", "der"], changesStanding: false)
  /// Certification requests that packages brought: their keys stay in custody (L10.6(b)).
  package static let request = KeptTable(
    "custody_request", key: ["digest"], columns: ["name", "package", "der"],
    changesStanding: false)

  /// Every kept table of this file.
  package static let tables = [`package`, record, list, request]

  /// The tables' definitions.
  package static let migrations = [
    Migration(
      name: "ceremony-package-1",
      statements: [
        """
        CREATE TABLE ceremony_package (
          number INTEGER PRIMARY KEY, ceremony TEXT NOT NULL UNIQUE, digest BLOB NOT NULL UNIQUE,
          transcript BLOB NOT NULL, next_key TEXT NOT NULL, imported BIGINT NOT NULL,
          file BLOB NOT NULL)
        """,
        """
        CREATE TABLE authority_record (
          serial TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,
          applicant TEXT NOT NULL, ceremony TEXT NOT NULL, witnesses TEXT NOT NULL,
          verified_by TEXT NOT NULL, verified BIGINT NOT NULL)
        """,
        """
        CREATE TABLE authority_list (
          issuer TEXT NOT NULL, number BIGINT NOT NULL, this_update BIGINT NOT NULL,
          next_update BIGINT NOT NULL, package BIGINT NOT NULL, der BLOB NOT NULL,
          PRIMARY KEY (issuer, number))
        """,
        """
        CREATE TABLE custody_request (
          digest BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL, package BIGINT NOT NULL,
          der BLOB NOT NULL)
        """,
      ])
  ]

  /// The number of the last package and the key that signs the next one; nil before the first.
  static func last(in reading: some Querying) throws -> (number: Int, nextKey: String)? {
    try reading.first(
      "SELECT number, next_key FROM ceremony_package ORDER BY number DESC LIMIT 1"
    ).map { (try $0.int("number"), try $0.text("next_key")) }
  }

  /// The certificates of the authorities that ceremonies made, oldest first.
  package static func authorities(in reading: some Querying) throws -> [Certificate] {
    try lodgings(in: reading).map(\.certificate)
  }

  /// C3-159-row-2, C3-159-row-5: the same, with the moment at which the Repository took each.
  package static func lodgings(
    in reading: some Querying
  ) throws -> [(certificate: Certificate, lodged: Time)] {
    try reading.query("SELECT der, issued FROM certificate WHERE chunk = 0 ORDER BY id")
      .map { (try Certificate(parsing: $0.blob("der")), try $0.time("issued")) }
  }

  /// What is known of the last list of a root.
  static func lastList(
    of issuer: String, in reading: some Querying
  ) throws -> (number: Int64, der: [UInt8])? {
    try reading.first(
      """
      SELECT number, der FROM authority_list WHERE issuer = \(issuer)
      ORDER BY number DESC LIMIT 1
      """
    ).map { (try $0.int64("number"), try $0.blob("der")) }
  }

  /// Every key that may have signed a transcript or package, oldest first, as notes write keys.
  package static func ceremonyKeys(in reading: some Querying) throws -> [String] {
    var keys: [String] = []
    for row in try reading.query("SELECT next_key FROM ceremony_package ORDER BY number") {
      let key = try row.text("next_key")
      if !keys.contains(key) { keys.append(key) }
    }
    return keys
  }

  /// C3-74-3: what the Registration Authority keeps about each authority's certificate, by serial
  /// number in hexadecimal digits.
  package static func evidence(
    in reading: some Querying
  ) throws -> [String: AuthorityEvidence] {
    var evidence: [String: AuthorityEvidence] = [:]
    for row in try reading.query(
      """
      SELECT serial, applicant, ceremony, witnesses, verified_by, verified FROM authority_record
      """)
    {
      evidence[try row.text("serial")] = AuthorityEvidence(
        applicant: try row.text("applicant"), ceremony: try row.text("ceremony"),
        witnesses: try row.text("witnesses"), verifiedBy: try row.text("verified_by"),
        verified: try row.time("verified"))
    }
    return evidence
  }

  /// The packages in their order, for people.
  package static func packages(in records: Records) throws -> [ImportedPackage] {
    try records.read { reading in
      try reading.query(
        """
        SELECT number, ceremony, digest, transcript, imported, file FROM ceremony_package
        ORDER BY number
        """
      ).map { row in
        ImportedPackage(
          number: try row.int("number"), ceremony: try row.text("ceremony"),
          digest: try row.blob("digest"), transcript: try row.blob("transcript"),
          imported: try row.time("imported"), file: try row.blob("file"))
      }
    }
  }
}

/// C3-74-3: what the Registration Authority keeps about the certificate of an authority.
package struct AuthorityEvidence: Sendable {
  /// Who asked: the DCC, which is every authority (L3.1(a), L3.1(b), C3-150), and nobody else may
  /// (C3-80-dca, C3-80-oca).
  package let applicant: String
  package let ceremony: String
  package let witnesses: String
  /// The officer who took in the package.
  package let verifiedBy: String
  package let verified: Time
}

/// A package that an estate took in.
package struct ImportedPackage: Sendable {
  /// Counted from 1.
  package let number: Int
  /// The ceremony that made it.
  package let ceremony: String
  /// SHA-256 of the file.
  package let digest: [UInt8]
  /// SHA-256 of the transcript.
  package let transcript: [UInt8]
  package let imported: Time
  /// The file as it was imported.
  package let file: [UInt8]
}
