// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Records
import Testing

@Suite("Statements")
struct StatementTests {
  let place: Place

  init() throws {
    place = try Place()
  }

  @Test("values never become text")
  func interpolation() throws {
    let evil = "x'); DROP TABLE animal; --"
    let sql: SQL = "INSERT INTO animal (id, name) VALUES (\(1), \(evil))"
    #expect(sql.text == "INSERT INTO animal (id, name) VALUES ($1, $2)")
    #expect(sql.values == [.int(1), .text(evil)])
    let records = try place.open()
    try records.write(.test()) { try $0.execute(sql) }
    #expect(try records.read { try $0.query("SELECT name FROM animal")[0].text("name") } == evil)
  }

  @Test("each type of value is bound as what it is")
  func values() {
    let sql: SQL = """
      \(1) \(2 as Int64) \(true) \(Time(milliseconds: 5)) \("t") \([7] as [UInt8]) \
      \([1, 2, 3][1...] as ArraySlice<UInt8>) \(nil as Int?) \(nil as Int64?) \(nil as Bool?) \
      \(nil as Time?) \(nil as String?) \(nil as [UInt8]?) \(SQL.Value.null)
      """
    #expect(
      sql.values == [
        .int(1), .int(2), .int(1), .int(5), .text("t"), .blob([7]), .blob([2, 3]),
      ] + Array(repeating: .null, count: 7))
    #expect(sql.text.hasSuffix("$13 $14"))
  }

  @Test("parts of statements join with their values in order")
  func parts() throws {
    let condition: SQL = "name = \("b") AND id = \(2)"
    let sql: SQL =
      "SELECT id FROM animal WHERE id > \(1) AND \(condition) AND id IN (\(list: [.int(2), .int(3)]))"
    #expect(
      sql.text
        == "SELECT id FROM animal WHERE id > $1 AND name = $2 AND id = $3 AND id IN ($4, $5)")
    #expect(sql.values == [.int(1), .text("b"), .int(2), .int(2), .int(3)])
    let records = try place.open()
    try records.add(animal: 2, name: "b")
    #expect(try records.read { try $0.query(sql).count } == 1)
  }

  @Test(
    "a room's statement cannot touch the audit, the schema, the transaction or the settings",
    arguments: [
      "DELETE FROM audit_entry", "UPDATE audit_tree SET size = 0",
      "INSERT INTO audit_checkpoint (position, size, note) VALUES (0, 0, '')",
      "DELETE FROM AUDIT_NODE", "DELETE FROM schema_migration", "UPDATE sqlite_schema SET sql = ''",
      "COMMIT", "ROLLBACK", "SAVEPOINT other", "RELEASE closure", "ROLLBACK TO closure",
      "PRAGMA foreign_keys = OFF", "PRAGMA query_only = ON", "ATTACH ':memory:' AS other",
      "CREATE TABLE other (id BIGINT)", "DROP TABLE animal", "ALTER TABLE animal ADD other TEXT",
      "CREATE INDEX other ON animal (name)", "VACUUM", "REINDEX", "ANALYZE", "",
      "SELECT 1; DELETE FROM animal", "no SQL at all", "SELECT $1",
    ] as [SQL])
  func forbidden(sql: SQL) throws {
    let records = try place.open()
    try records.add(animal: 1)
    for _ in 0..<2 {
      #expect(code { _ = try records.write(.test()) { try $0.execute(sql) } } != nil)
    }
    #expect(records.isWritable)
    try records.add(animal: 2)
    #expect(try records.animals() == 2)
    #expect(try records.audit.size == 2)
    #expect(try records.verifyAudit(keys: []).isSound)
  }

  @Test("a reading cannot write")
  func readOnly() throws {
    let records = try place.open()
    try records.add(animal: 1)
    for sql in ["DELETE FROM animal", "UPDATE animal SET id = 2"] as [SQL] {
      #expect(code { _ = try records.read { try $0.query(sql) } } == .misuse)
    }
    #expect(
      code {
        try records.write(.test()) { [records] _ in
          _ = try records.read { try $0.query("DELETE FROM animal") }
        }
      } == .misuse)
    #expect(try records.animals() == 1)
  }

  @Test("text with U+0000, which only one engine could keep, is refused by both")
  func nul() throws {
    let records = try place.open()
    #expect(code { try records.add(animal: 1, name: "Zoë\0!") } == .misuse)
    try records.add(animal: 1, name: "Zoë!")
    #expect(try records.animals() == 1)
  }

  @Test("an error shows the statement and none of its values")
  func hidden() throws {
    let records = try place.open()
    try records.add(animal: 1, name: "first")
    let error = #expect(throws: DatabaseError.self) {
      try records.write(.test()) {
        try $0.execute("INSERT INTO animal (id, name) VALUES (\(1), \("secret"))")
      }
    }
    #expect(error?.sql == "INSERT INTO animal (id, name) VALUES ($1, $2)")
    #expect(error?.description.contains("secret") == false)
  }

  @Test("more statements than the cache holds are still right")
  func cache() throws {
    let records = try place.open()
    try records.add(animal: 1)
    try records.read { reading in
      for turn in 0..<600 {
        // A list of another length each time is another text.
        let list = (0..<(turn % 300 + 1)).map { SQL.Value.int(Int64($0)) }
        let rows = try reading.query("SELECT id FROM animal WHERE id IN (\(list: list))")
        #expect(rows.count == (list.count > 1 ? 1 : 0))
      }
    }
  }

  @Test("bulk inserts stop at the first fault and are undone")
  func bulk() throws {
    let records = try place.open()
    #expect(
      code {
        try records.write(.test()) {
          try $0.execute(
            "INSERT INTO animal (id, name) VALUES ($1, $2)",
            each: [[.int(1), .text("a")], [.int(2), .text("a")]])
        }
      } == .unique)
    #expect(
      code {
        try records.write(.test()) {
          try $0.execute("INSERT INTO animal (id, name) VALUES ($1, $2)", each: [[.int(1)]])
        }
      } == .misuse)
    #expect(try records.animals() == 0)
  }

  @Test("all tables are listed with columns and keys, and walked in the order of the key")
  func tables() throws {
    let records = try place.open()
    for id in [3, 1, 2] { try records.add(animal: id) }
    try records.read { reading in
      let tables = try reading.tables()
      #expect(
        tables.map(\.name) == [
          "animal", "audit_checkpoint", "audit_entry", "audit_node", "audit_tree", "keeper",
          "schema_migration",
        ])
      let animal = try #require(tables.first)
      #expect(animal.columns == ["id", "name", "picture"] && animal.key == ["id"])
      #expect(tables.first { $0.name == "audit_node" }?.key == ["level", "position"])
      var ids: [Int] = []
      try reading.each(of: animal) { ids.append(try $0.int("id")) }
      #expect(ids == [1, 2, 3])
    }
  }
}
