// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Keys
import Records
import TestStore
import Testing

/// A store in a folder of its own, gone with the test.
final class Place: Sendable {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "smki-records-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Where the file of the store is, on SQLite.
  var file: String { folder + "/store.db" }
  /// Where the store is.
  var path: String { TestStore.place(file) }

  func open(_ migrations: [Migration] = [.animals]) throws -> Records {
    try Records.open(path, clock: { Time(seconds: 1_800_000_000) }, migrations: migrations)
  }

  func openReadOnly(_ migrations: [Migration] = [.animals]) throws -> Records {
    try Records.openReadOnly(path, migrations: migrations)
  }

  /// Changes the closed store behind the back of the records, as an intruder would.
  ///
  /// It comes in by a migration, the only statements that may touch every table; what opening then
  /// says of the damage is of no interest here.
  func tamper(_ statement: SQL) throws {
    try? open(tampered(statement)).close()
    try examine(statement).close()
  }

  /// Opens the store for reading, whatever was done to it.
  func examine(_ statement: SQL) throws -> Records {
    try Records.examine(path, migrations: tampered(statement))
  }

  func tampered(_ statement: SQL) -> [Migration] {
    [.animals, Migration(name: "tamper-1", statements: [statement])]
  }
}

extension Migration {
  static let animals = Migration(
    name: "animals-1",
    statements: [
      "CREATE TABLE animal (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, picture BLOB)",
      """
      CREATE TABLE keeper (
        id BIGINT PRIMARY KEY, animal BIGINT NOT NULL REFERENCES animal (id),
        age BIGINT CHECK (age > 0))
      """,
    ])
}

extension Entry {
  static func test(_ action: String = "test", _ facts: [String: String] = [:]) -> Entry {
    Entry(
      time: Time(seconds: 1_800_000_000), actor: "Ada", role: "operator", action: action,
      clause: "L8.2", facts: facts)
  }
}

extension Records {
  /// Adds an animal, with an entry that names it.
  func add(animal id: Int, name: String? = nil) throws {
    try write(.test("animal.add", ["id": "\(id)"])) { transaction in
      try transaction.execute(
        "INSERT INTO animal (id, name) VALUES (\(id), \(name ?? "animal \(id)"))")
    }
  }

  /// How many animals there are.
  func animals() throws -> Int {
    try read { try $0.query("SELECT count(*) AS count FROM animal")[0].int("count") }
  }
}

/// The code of the database error that a body throws, or nil when it throws none.
func code(of body: () throws -> Void) -> DatabaseError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? DatabaseError)?.code
  }
}
