// SPDX-License-Identifier: Apache-2.0

import DER
import Records
import Repository

/// The tables of a mirror's store beside those of the Repository.
enum MirrorRecords {
  /// Everything that a mirror's store has.
  static let migrations: [Migration] =
    RepositoryRecords.migrations + RepositoryRecords.laterMigrations + [
      Migration(
        name: "mirror-1",
        statements: [
          """
          CREATE TABLE mirror_segment (
            name TEXT NOT NULL PRIMARY KEY, certificates BIGINT NOT NULL)
          """,
          """
          CREATE TABLE mirror_revoked (
            number INTEGER PRIMARY KEY, serial BLOB NOT NULL, revoked BIGINT NOT NULL)
          """,
          "CREATE UNIQUE INDEX mirror_revoked_serial ON mirror_revoked (serial)",
        ])
    ] + RepositoryRecords.markMigrations

  static func isLoaded(_ name: String, in reading: some Querying) throws -> Bool {
    try reading.first("SELECT 1 AS one FROM mirror_segment WHERE name = \(name)") != nil
  }

  static func note(_ segment: BulkSegment, in transaction: Transaction) throws {
    try transaction.execute(
      """
      INSERT INTO mirror_segment (name, certificates) VALUES (\(segment.name), \(segment.count))
      """)
  }

  static func isRevoked(_ serial: [UInt8], in reading: some Querying) throws -> Bool {
    try reading.first("SELECT 1 AS one FROM mirror_revoked WHERE serial = \(serial)") != nil
  }

  static func revoked(
    after number: Int64, most: Int, in reading: some Querying
  ) throws -> [(number: Int64, serial: [UInt8])] {
    try reading.query(
      """
      SELECT number, serial FROM mirror_revoked WHERE number > \(number)
      ORDER BY number LIMIT \(most)
      """
    ).map { (Int64(try $0.int("number")), try $0.blob("serial")) }
  }

  static func replaceRevoked(
    _ revoked: [(serial: [UInt8], revoked: Time)], in transaction: Transaction
  ) throws {
    try transaction.execute("DELETE FROM mirror_revoked")
    try transaction.execute(
      """
      INSERT INTO mirror_revoked (serial, revoked) VALUES ($1, $2) ON CONFLICT (serial) DO NOTHING
      """,
      each: revoked.map { [.blob($0.serial), .int($0.revoked.milliseconds)] })
  }

  static func count(in reading: some Querying) throws -> Int {
    try reading.first("SELECT count(*) AS count FROM certificate")?.int("count") ?? 0
  }
}
