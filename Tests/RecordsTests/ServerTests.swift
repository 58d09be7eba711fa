// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import TestProcess
import Records
import TestProcess
import TestStore
import Testing
import Threads

@Suite("Stores on a server", .onServer)
struct ServerTests {
  let place: Place

  init() throws {
    place = try Place()
  }

  /// Ends the connection of every writer to a store, as a restart of the server does.
  static func cut(_ place: Place) throws -> Int {
    let own = try Records.openReadOnly(place.path, migrations: [.animals])
    return try own.read {
      try $0.query(
        """
        SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND pid IN (
          SELECT pid FROM pg_locks WHERE locktype = 'advisory'
          AND objid::bigint = (hashtext(current_schema())::bigint & 4294967295))
        """
      ).count
    }
  }

  @Test("a writer whose connection is cut again and again loses nothing that it answered")
  func writerCut() throws {
    let records = try place.open()
    let answered = Guarded<Set<Int>>([])
    let refused = Guarded(0)
    let isDone = Guarded(false)
    let cutter = Worker(name: "test-cutter") { [self] in
      for _ in 0..<8 {
        _ = Gate().wait(milliseconds: 60)
        _ = try? Self.cut(place)
      }
      isDone.change { $0 = true }
    }
    RecordsTests.threads(4) { thread in
      var id = thread * 1_000_000
      repeat {
        id += 1
        if code(of: { try records.add(animal: id) }) == nil {
          answered.change { _ = $0.insert(id) }
        } else {
          refused.change { $0 += 1 }
        }
      } while !isDone.value
    }
    cutter.join()
    #expect(refused.value > 0)
    try records.add(animal: -1)
    let ids = try records.read {
      Set(try $0.query("SELECT id FROM animal").map { try $0.int("id") })
    }
    #expect(ids == answered.value.union([-1]))
    #expect(try records.audit.size == ids.count)
    #expect(try records.verifyAudit(keys: []).isSound)
  }

  @Test("many rows in one statement stand all or not at all, however the connection is cut")
  func copyCut() throws {
    let records = try place.open()
    let isDone = Guarded(false)
    let cutter = Worker(name: "test-cutter") { [self] in
      for _ in 0..<6 {
        _ = Gate().wait(milliseconds: 90)
        _ = try? Self.cut(place)
      }
      isDone.change { $0 = true }
    }
    var stands = 0
    var number = 0
    repeat {
      number += 1
      let first = number * 10_000
      let failure = code {
        try records.write(.test()) { transaction in
          try transaction.execute(
            "INSERT INTO animal (id, name) VALUES ($1, $2)",
            each: (first..<(first + 3_000)).map { [.int(Int64($0)), .text("animal \($0)")] })
        }
      }
      if failure == nil { stands += 1 }
    } while !isDone.value
    cutter.join()
    #expect(try records.animals() == stands * 3_000)
    #expect(try records.audit.size == stands)
    #expect(try records.verifyAudit(keys: []).isSound)
  }

  @Test("a commit whose answer was lost is found to stand; one that never came is said not to")
  func commitUnknown() throws {
    let relay = try Relay()
    defer { relay.close() }
    let records = try Records.open(
      relay.place(place.path), clock: { Time(seconds: 1_800_000_000) }, migrations: [.animals])
    try records.add(animal: 1)
    relay.cut(.answer)
    // The writer looks for the server and finds the root that it had meant to write.
    try records.add(animal: 2)
    #expect(relay.cuts == 1)
    relay.cut(.commit)
    let refused = code { try records.add(animal: 3) }
    #expect(relay.cuts == 2)
    // In the midst of the rows: none of them stands.
    relay.cut(.copy)
    let rows = code {
      try records.write(.test()) {
        try $0.execute(
          "INSERT INTO animal (id, name) VALUES ($1, $2)",
          each: (1_000..<3_000).map { [.int(Int64($0)), .text("animal \($0)")] })
      }
    }
    #expect(relay.cuts == 3)
    #expect(refused == .connectionLost && rows == .connectionLost)
    try records.add(animal: 4)
    let ids = try records.read {
      try $0.query("SELECT id FROM animal ORDER BY id").map { try $0.int("id") }
    }
    #expect(ids == [1, 2, 4])
    #expect(try records.audit.size == 3)
    #expect(try records.verifyAudit(keys: []).isSound)
  }

  @Test("a row among many that is there already, or does not fit, is said and undoes all")
  func copyRefused() throws {
    let records = try place.open()
    try records.add(animal: 70)
    func write(_ rows: [[SQL.Value]]) -> DatabaseError.Code? {
      code {
        try records.write(.test()) {
          try $0.execute("INSERT INTO animal (id, name) VALUES ($1, $2)", each: rows)
        }
      }
    }
    let rows: [[SQL.Value]] = (0..<100).map { [.int(Int64($0)), .text("animal \($0)")] }
    #expect(write(rows) == .unique)
    #expect(write(Array(rows.prefix(60)) + [[.int(60), .null]] + rows.suffix(20)) == .check)
    #expect(write(Array(rows.prefix(66)) + [[.text("66"), .text("a")]]) == .misuse)
    #expect(write(Array(rows.prefix(66)) + [[.int(66)]]) == .misuse)
    #expect(write(Array(rows.prefix(66)) + [[.int(66), .text("\0")]]) == .misuse)
    #expect(try records.animals() == 1)
    #expect(write(Array(rows.prefix(70))) == nil)
    #expect(try records.animals() == 71)
  }

  @Test("a deadlock with somebody outside the program is got over")
  func deadlock() throws {
    let records = try place.open()
    try records.add(animal: 1)
    try records.add(animal: 2)
    let other = Process()
    other.executableURL = URL(filePath: "/usr/bin/psql")
    other.arguments = [
      place.path, "-q", "-c",
      """
      BEGIN; UPDATE animal SET name = 'b' WHERE id = 2; SELECT pg_sleep(0.5);
      UPDATE animal SET name = 'a' WHERE id = 1; COMMIT
      """,
    ]
    other.standardError = Pipe()
    other.standardOutput = Pipe()
    let tries = Guarded(0)
    try records.write(.test()) { transaction in
      let number = tries.change { tries in
        tries += 1
        return tries
      }
      try transaction.execute("UPDATE animal SET name = 'one' WHERE id = 1")
      if number == 1 {
        try other.run()
        _ = Gate().wait(milliseconds: 1_000)
      }
      try transaction.execute("UPDATE animal SET name = 'two' WHERE id = 2")
    }
    other.waitForEnd()
    let names = try records.read { try $0.query("SELECT name FROM animal ORDER BY id") }
    // Whichever of the two the server broke off, ours stands.
    #expect(try names.map { try $0.text("name") }.count == 2)
    #expect(try records.audit.size == 3)
  }

  @Test("a reader whose connection was cut while it was idle reads on by another")
  func readerCut() throws {
    let records = try place.open()
    try records.add(animal: 1)
    let backend = try #require(
      try records.read { try $0.first("SELECT pg_backend_pid()::bigint AS pid") })
    let other = try Records.openReadOnly(place.path, migrations: [.animals])
    _ = try other.read {
      try $0.query("SELECT pg_terminate_backend(\(try backend.int("pid"))::int) AS ended")
    }
    #expect(try records.animals() == 1)
  }

  @Test("a long answer comes in pieces, with other statements between its rows")
  func pieces() throws {
    let records = try place.open()
    try records.write(.test()) { transaction in
      try transaction.execute(
        "INSERT INTO animal (id, name) VALUES ($1, $2)",
        each: (0..<2_500).map { [.int(Int64($0)), .text("animal \($0)")] })
    }
    var seen = 0
    try records.read { reading in
      try reading.each("SELECT id FROM animal ORDER BY id") { row in
        let id = try row.int("id")
        #expect(id == seen)
        if id.isMultiple(of: 500) {
          let name = try reading.first("SELECT name FROM animal WHERE id = \(id)")
          #expect(try name?.text("name") == "animal \(id)")
        }
        seen += 1
      }
    }
    #expect(seen == 2_500)
  }

  @Test("a room cannot touch the tables of the audit, nor the schema")
  func forbidden() throws {
    let records = try place.open()
    for sql in [
      "DELETE FROM audit_entry", "UPDATE audit_tree SET size = 0",
      "INSERT INTO schema_migration (position) VALUES (9)", "DROP TABLE animal", "COMMIT",
      "WITH gone AS (DELETE FROM audit_entry RETURNING 1) SELECT * FROM gone",
    ] as [SQL] {
      #expect(
        code { _ = try records.write(.test()) { try $0.execute(sql) } } == .misuse, "\(sql.text)")
    }
    #expect(try records.audit.size == 0)
  }
}
