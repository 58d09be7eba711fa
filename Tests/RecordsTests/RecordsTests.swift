// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Records
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

  var path: String { folder + "/store.db" }

  func open(_ migrations: [Migration] = [.animals]) throws -> Records {
    try Records.open(path, clock: { Time(seconds: 1_800_000_000) }, migrations: migrations)
  }
}

extension Migration {
  static let animals = Migration(
    name: "animals-1",
    statements: [
      "CREATE TABLE animal (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, picture BLOB)",
      """
      CREATE TABLE keeper (
        id BIGINT PRIMARY KEY, animal BIGINT NOT NULL REFERENCES animal (id), age BIGINT CHECK (age > 0))
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

@Suite("Records")
struct RecordsTests {
  let place: Place
  let records: Records

  init() throws {
    place = try Place()
    records = try place.open()
  }

  @Test("what was written is read back, with each type")
  func roundTrip() throws {
    try records.write(.test()) { transaction in
      try transaction.execute(
        "INSERT INTO animal (id, name, picture) VALUES (\(1), \("cat"), \([1, 0, 255] as [UInt8]))")
      try transaction.execute(
        "INSERT INTO animal (id, name, picture) VALUES (\(2), \("Zoë\0!"), \(nil as [UInt8]?))")
    }
    let rows = try records.read { try $0.query("SELECT id, name, picture FROM animal ORDER BY id") }
    #expect(rows.count == 2)
    #expect(try rows[0].int("id") == 1)
    #expect(try rows[0].text("name") == "cat")
    #expect(try rows[0].blob("picture") == [1, 0, 255])
    #expect(try rows[1].text("name") == "Zoë\0!")
    #expect(try rows[1].optionalBlob("picture") == nil)
  }
}
