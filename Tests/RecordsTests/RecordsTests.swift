// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Dispatch
import Records
import Testing
import Threads

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
        "INSERT INTO animal (id, name, picture) VALUES (\(2), \("Zoë!"), \(nil as [UInt8]?))")
      try transaction.execute(
        "INSERT INTO animal (id, name, picture) VALUES (\(Int.min), \(""), \([] as [UInt8]))")
    }
    let rows = try records.read { try $0.query("SELECT id, name, picture FROM animal ORDER BY id") }
    #expect(rows.count == 3)
    #expect(try rows[0].int("id") == .min)
    #expect(try rows[0].text("name") == "")
    #expect(try rows[0].optionalBlob("picture") == [])
    #expect(try rows[1].int64("id") == 1)
    #expect(try rows[1].text("name") == "cat")
    #expect(try rows[1].blob("picture") == [1, 0, 255])
    #expect(try rows[2].text("name") == "Zoë!")
    #expect(try rows[2].optionalBlob("picture") == nil)
  }

  @Test("a column asked for by a wrong name or type is an error")
  func columns() throws {
    try records.add(animal: 1)
    let row = try #require(
      try records.read { try $0.first("SELECT id, name, picture FROM animal") })
    #expect(code { _ = try row.int("none") } == .columnMissing)
    #expect(code { _ = try row.int("name") } == .columnType)
    #expect(code { _ = try row.text("id") } == .columnType)
    #expect(code { _ = try row.blob("name") } == .columnType)
    #expect(code { _ = try row.blob("picture") } == .columnType)
    #expect(try row.bool("id"))
    #expect(try row.time("id") == Time(milliseconds: 1))
    #expect(try row.optionalInt("picture") == nil)
    #expect(try row.optionalText("picture") == nil)
    #expect(try row.optionalTime("picture") == nil)
  }

  @Test("each writing has its entry, with the facts it noted, where it said it would stand")
  func entries() throws {
    let index = try records.write(.test("animal.add", ["id": "1"])) { transaction in
      try transaction.execute("INSERT INTO animal (id, name) VALUES (1, 'cat')")
      transaction.note("name", "cat")
      return transaction.auditIndex
    }
    #expect(index == 0)
    #expect(try records.audit.size == 1)
    #expect(
      try records.audit.entry(0) == Entry.test("animal.add", ["id": "1", "name": "cat"]))
    #expect(try records.write(.test()) { $0.auditIndex } == 1)
    #expect(try records.audit.entries(from: 1).map(\.index) == [1])
  }

  @Test("a closure that throws leaves neither rows nor an entry")
  func undone() throws {
    struct Reason: Error {}
    #expect(throws: Reason.self) {
      try records.write(.test()) { transaction in
        try transaction.execute("INSERT INTO animal (id, name) VALUES (1, 'cat')")
        throw Reason()
      }
    }
    #expect(try records.animals() == 0)
    #expect(try records.audit.size == 0)
    #expect(records.isWritable)
    try records.add(animal: 1)
    #expect(try records.audit.size == 1)
  }

  @Test("an entry over its limit undoes its writing")
  func entryTooLarge() throws {
    let large = String(repeating: "a", count: Entry.encodedOctetsMax)
    #expect(
      code {
        try records.write(.test()) { transaction in
          try transaction.execute("INSERT INTO animal (id, name) VALUES (1, 'cat')")
          transaction.note("large", large)
        }
      } == .entryRefused)
    #expect(try records.animals() == 0)
    #expect(records.isWritable)
  }

  @Test("constraints are told apart")
  func constraints() throws {
    try records.add(animal: 1, name: "cat")
    #expect(code { try records.add(animal: 1, name: "dog") } == .unique)
    #expect(code { try records.add(animal: 2, name: "cat") } == .unique)
    func keep(_ animal: Int?, _ age: Int) -> DatabaseError.Code? {
      code {
        _ = try records.write(.test()) {
          try $0.execute("INSERT INTO keeper (id, animal, age) VALUES (1, \(animal), \(age))")
        }
      }
    }
    #expect(keep(9, 1) == .foreignKey)
    #expect(keep(nil, 1) == .check)
    #expect(keep(1, 0) == .check)
    #expect(keep(1, 1) == nil)
    #expect(
      code { _ = try records.write(.test()) { try $0.execute("DELETE FROM animal") } }
        == .foreignKey)
    #expect(try records.audit.size == 2)
  }

  @Test("of many closures in one transaction those that fail are undone alone")
  func isolation() throws {
    struct Odd: Error {}
    let failures = Guarded(0)
    Self.threads(32) { thread in
      for turn in 0..<25 {
        let id = thread * 25 + turn
        do {
          try records.write(.test("add", ["id": "\(id)"])) { transaction in
            try transaction.execute("INSERT INTO animal (id, name) VALUES (\(id), \("n\(id)"))")
            if id % 2 == 1 { throw Odd() }
          }
        } catch is Odd {
          failures.change { $0 += 1 }
        } catch {
          Issue.record(error)
        }
      }
    }
    #expect(failures.value == 400)
    let ids = try records.read {
      try $0.query("SELECT id FROM animal ORDER BY id").map { try $0.int("id") }
    }
    #expect(ids == Array(stride(from: 0, to: 800, by: 2)))
    #expect(try records.audit.size == 400)
    let named = try records.audit.entries(from: 0).compactMap { Int($0.entry.facts["id"] ?? "") }
    #expect(named.sorted() == ids)
    #expect(try records.verifyAudit(keys: []).isSound)
  }

  @Test("what is written in bulk takes its turn behind what is not, and nothing is left at the end")
  func bulk() throws {
    let order = Guarded<[Int]>([])
    let began = Gate()
    let held = Gate()
    func write(_ animal: Int, isBulk: Bool, _ body: @escaping @Sendable () -> Void = {}) throws {
      try records.write(.test(), isBulk: isBulk) { transaction in
        body()
        try transaction.execute(
          "INSERT INTO animal (id, name) VALUES (\(animal), \("bulk"))")
      } finish: { _ in
        order.change { $0.append(animal) }
      }
    }
    try write(1, isBulk: false) {
      began.open()
      held.wait()
    }
    began.wait()
    for animal in [2, 3] { try write(animal, isBulk: true) }
    for animal in [4, 5] { try write(animal, isBulk: false) }
    held.open()
    records.close()
    #expect(order.value == [1, 4, 5, 2, 3])
  }

  @Test("a patient writing shares the commit of the next, or of a hastening")
  func patience() throws {
    let done = Guarded(0)
    func writePatiently(_ animal: Int) throws {
      try records.write(.test(), isPatient: true) { transaction in
        try transaction.execute(
          "INSERT INTO animal (id, name) VALUES (\(animal), \("patient"))")
      } finish: { _ in
        done.change { $0 += 1 }
      }
    }
    // The writer's thread is asleep by then.
    _ = Gate().wait(milliseconds: 50)
    try writePatiently(1)
    _ = Gate().wait(milliseconds: 50)
    #expect(done.value == 0)
    try records.add(animal: 2)
    #expect(done.wait { $0 == 1 ? $0 : nil } == 1)
    _ = Gate().wait(milliseconds: 50)
    try writePatiently(3)
    records.hasten()
    #expect(done.wait { $0 == 2 ? $0 : nil } == 2)
    try writePatiently(4)
    records.close()
    #expect(done.wait { $0 == 3 ? $0 : nil } == 3)
  }

  @Test("readers see whole transactions while others write")
  func snapshots() throws {
    try records.write(.test()) {
      try $0.execute("INSERT INTO animal (id, name) VALUES (1, 'a'), (2, 'b')")
    }
    let isDone = Guarded(false)
    let writer = Worker(name: "test-writer") { [records] in
      for turn in 0..<200 {
        try? records.write(.test()) { transaction in
          try transaction.execute("UPDATE animal SET name = \("x\(turn)") WHERE id = 1")
          try transaction.execute("UPDATE animal SET name = \("y\(turn)") WHERE id = 2")
        }
      }
      isDone.change { $0 = true }
    }
    Self.threads(4) { _ in
      while !isDone.value {
        do {
          try records.read { reading in
            let first = try reading.query("SELECT name FROM animal WHERE id = 1")[0].text("name")
            let second = try reading.query("SELECT name FROM animal WHERE id = 2")[0].text("name")
            if first != "a" { #expect(first.dropFirst() == second.dropFirst()) }
          }
        } catch {
          Issue.record(error)
        }
      }
    }
    writer.join()
  }

  @Test("a reading inside a writing sees the writing, and one inside a reading its moment")
  func nested() throws {
    try records.write(.test()) { [records] transaction in
      try transaction.execute("INSERT INTO animal (id, name) VALUES (1, 'cat')")
      #expect(try records.animals() == 1)
      #expect(try records.audit.size == 0)
    }
    try records.read { reading in
      #expect(try reading.query("SELECT id FROM animal").count == 1)
      try records.add(animal: 2)
      #expect(try records.animals() == 1)
    }
    #expect(try records.animals() == 2)
  }

  @Test("a writing inside a writing is refused instead of waiting for ever")
  func nestedWrite() throws {
    #expect(
      code { try records.write(.test()) { [records] _ in try records.add(animal: 1) } }
        == .nestedWrite)
    #expect(records.isWritable)
  }

  @Test("forty readings at once, each inside another, wait for nobody")
  func manyReadings() throws {
    try records.add(animal: 1)
    Self.threads(40) { _ in
      do {
        for _ in 0..<10 {
          try records.read { _ in
            let count = try records.animals()
            #expect(count == 1)
          }
        }
      } catch {
        Issue.record(error)
      }
    }
  }

  @Test("a long answer is handed over row by row, and its reader may ask again meanwhile")
  func streaming() throws {
    try records.write(.test()) { transaction in
      try transaction.execute(
        "INSERT INTO animal (id, name) VALUES ($1, $2)",
        each: (0..<1000).map { [.int($0), .text("n\($0)")] })
    }
    var count = 0
    try records.read { reading in
      try reading.each("SELECT id FROM animal WHERE id < \(10) ORDER BY id") { row in
        let inner = try reading.query("SELECT id FROM animal WHERE id < \(10) ORDER BY id")
        #expect(inner.count == 10)
        #expect(try row.int("id") == count)
        count += 1
      }
    }
    #expect(count == 10)
    #expect(try records.animals() == 1000)
  }

  @Test("a closed store refuses both, and may be closed again")
  func closed() throws {
    records.close()
    records.close()
    #expect(code { try records.add(animal: 1) } == .storeClosed)
    #expect(code { _ = try records.animals() } == .storeClosed)
    #expect(!records.isWritable)
  }

  @Test("the last owner may vanish inside a writing")
  func vanishing() throws {
    for _ in 0..<20 {
      let place = try Place()
      var records: Records? = try place.open()
      try records?.write(.test()) { [records] _ in _ = records }
      records = nil
    }
  }

  /// Runs a body on so many threads at once.
  static func threads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let workers = (0..<count).map { number in Worker(name: "test-\(number)") { body(number) } }
    for worker in workers { worker.join() }
  }
}
