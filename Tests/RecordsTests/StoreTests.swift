// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Records
import TestStore
import Testing
import Threads

@Suite("Stores")
struct StoreTests {
  let place: Place

  init() throws {
    place = try Place()
  }

  @Test("a store in a file has one writer, and a name one node; the second is told who that is")
  func lock() throws {
    let records = try place.open()
    let error = #expect(throws: DatabaseError.self) { try place.open() }
    #expect(error?.code == .storeInUse)
    #expect(error?.message.contains("\(ProcessInfo.processInfo.processIdentifier)") == true)
    try records.add(animal: 1)
    records.close()
    let next = try place.open()
    #expect(try next.animals() == 1)
  }

  @Test("a store open elsewhere can be read and not written")
  func readOnly() throws {
    let records = try place.open()
    try records.add(animal: 1)
    let reader = try place.openReadOnly()
    #expect(try reader.animals() == 1)
    try records.add(animal: 2)
    #expect(try reader.animals() == 2)
    #expect(try reader.audit.size == 2)
    #expect(try reader.verifyAudit(keys: []).isSound)
    #expect(!reader.isWritable)
    #expect(reader.fault?.code == .storeReadOnly)
    #expect(code { try reader.add(animal: 3) } == .storeReadOnly)
  }

  @Test("a store that is not there, or is no store, is not opened", .onFile)
  func missing() throws {
    #expect(code { _ = try place.openReadOnly() } == .storeNotOpened)
    #expect(
      code {
        _ = try Records.open(
          place.folder + "/none/store", clock: { Time(seconds: 0) }, migrations: [])
      } == .storeNotOpened)
    try Data(repeating: 7, count: 10_000).write(to: URL(fileURLWithPath: place.path))
    #expect(code { _ = try place.open() } != nil)
    #expect(code { _ = try place.openReadOnly() } != nil)
  }

  static let more = Migration(
    name: "animals-2", statements: ["ALTER TABLE animal ADD COLUMN legs BIGINT"])

  @Test("new migrations are applied once, in order, to a store with rows")
  func migrations() throws {
    var records = try place.open()
    try records.add(animal: 1)
    records.close()
    for _ in 0..<2 {
      records = try place.open([.animals, Self.more])
      #expect(try records.read { try $0.query("SELECT legs FROM animal").count } == 1)
      #expect(try records.verifyAudit(keys: []).isSound)
      records.close()
    }
  }

  @Test("a store of a newer program, or of another, is refused")
  func newer() throws {
    try place.open([.animals, Self.more]).close()
    let other = Migration(name: "other-1", statements: [])
    for list in [[.animals], [], [Self.more, .animals], [.animals, other]] as [[Migration]] {
      #expect(code { _ = try place.open(list) } == .storeTooNew)
      #expect(code { _ = try place.openReadOnly(list) } == .storeTooNew)
    }
    try place.open([.animals, Self.more, other]).close()
  }

  @Test("a migration whose words have changed is refused")
  func changedMigration() throws {
    try place.open().close()
    let changed = Migration(
      name: "animals-1", statements: Migration.animals.statements + ["SELECT 1"])
    #expect(code { _ = try place.open([changed]) } == .migrationChanged)
  }

  @Test("a migration that fails leaves nothing, and the store opens as before")
  func failedMigration() throws {
    let records = try place.open()
    try records.add(animal: 1)
    records.close()
    let wrong = Migration(
      name: "animals-2",
      statements: ["CREATE TABLE other (id BIGINT)", "CREATE TABLE animal (id BIGINT)"])
    #expect(code { _ = try place.open([.animals, wrong]) } == .misuse)
    let again = try place.open()
    #expect(try again.animals() == 1)
    #expect(try again.read { try $0.tables() }.contains { $0.name == "other" } == false)
  }

  @Test("two migrations of one name are a mistake of the program")
  func sameName() throws {
    #expect(code { _ = try place.open([.animals, .animals]) } != nil)
  }

  @Test(
    "after a fault of the disk writing ends with a reason, reading goes on, and reopening mends",
    .onFile)
  func diskFault() async throws {
    await #expect(processExitsWith: .success) {
      let place = try Place()
      let records = try place.open()
      try records.add(animal: 1)
      // The system refuses longer files from here on, as a full or failing disk would.
      signal(SIGXFSZ, SIG_IGN)
      let fileSize = __rlimit_resource_t(1)
      var limit = rlimit()
      _ = unsafe getrlimit(fileSize, &limit)
      let before = limit
      limit.rlim_cur = 600_000
      _ = unsafe setrlimit(fileSize, &limit)
      let codes = Guarded<[DatabaseError.Code?]>([])
      let written = Guarded(1)
      RecordsTests.threads(8) { thread in
        for turn in 0..<200 {
          let outcome = code { try records.add(animal: 1000 + thread * 1000 + turn) }
          codes.change { $0.append(outcome) }
          if outcome == nil { written.change { $0 += 1 } }
        }
      }
      let failures = Set(codes.value.compactMap(\.self))
      let animals = try records.animals()
      let isSound = try records.verifyAudit(keys: []).isSound
      guard failures == [.storeUnavailable], !records.isWritable, animals == written.value,
        records.fault?.code == .storeUnavailable, isSound
      else { exit(1) }
      records.close()
      limit = before
      _ = unsafe setrlimit(fileSize, &limit)
      let again = try place.open()
      try again.add(animal: 2)
      guard try again.animals() == animals + 1, try again.verifyAudit(keys: []).isSound
      else { exit(2) }
      exit(0)
    }
  }

  @Test(
    "a damaged page ends writing and is an error of reading",
    .onFile)
  func damagedFile() throws {
    var records = try place.open()
    for id in 0..<2000 { try records.add(animal: id) }
    records.close()
    // All but the first pages, which hold the schema, are overwritten.
    var bytes = try Data(contentsOf: URL(fileURLWithPath: place.path))
    bytes.replaceSubrange(
      (bytes.count / 3)..., with: Data(repeating: 0xEE, count: bytes.count - bytes.count / 3))
    try bytes.write(to: URL(fileURLWithPath: place.path))
    records = try Records.examine(place.path, migrations: [.animals])
    #expect(code { _ = try records.verifyAudit(keys: []) } == .fault)
    #expect(code { _ = try place.open().close() } != nil)
  }

  @Test(
    "a transaction that ends by itself is a fault, even when its closure passes over it",
    .onFile)
  func endedByItself() throws {
    let trap = Migration(
      name: "trap-1",
      statements: [
        """
        CREATE TRIGGER trap BEFORE INSERT ON animal WHEN new.id = 13
        BEGIN SELECT RAISE(ROLLBACK, 'trapped'); END
        """
      ])
    for passesOver in [true, false] {
      let place = try Place()
      let records = try place.open([.animals, trap])
      try records.add(animal: 1)
      #expect(
        code {
          try records.write(.test()) { transaction in
            do {
              try transaction.execute("INSERT INTO animal (id, name) VALUES (13, 'x')")
            } catch {
              if !passesOver { throw error }
            }
          }
        } == .storeUnavailable)
      #expect(!records.isWritable)
      #expect(try records.animals() == 1)
      #expect(try records.audit.size == 1)
      records.close()
      let again = try place.open([.animals, trap])
      try again.add(animal: 2)
      #expect(try again.verifyAudit(keys: []).isSound)
    }
  }

  @Test(
    "a lock of somebody else's program is an error that passes", .onFile)
  func foreignLock() throws {
    struct Enough: Error {}
    let records = try place.open()
    try records.add(animal: 1)
    // A program that does not ask for our lock: without its file, a second writer can be had.
    try FileManager.default.removeItem(atPath: place.path + ".lock")
    let foreign = try place.open()
    let isHeld = Gate()
    let isDone = Gate()
    let worker = Worker(name: "test-foreign") {
      _ = try? foreign.write(.test()) { _ in
        isHeld.open()
        isDone.wait()
        throw Enough()
      }
    }
    isHeld.wait()
    #expect(code { try records.add(animal: 2) } == .busy)
    #expect(records.isWritable)
    isDone.open()
    worker.join()
    try records.add(animal: 3)
    #expect(try records.animals() == 2)
    // What the other would append now does not follow on what it knew: the tree cannot fork.
    #expect(code { try foreign.add(animal: 4) } == .unique)
    #expect(try records.verifyAudit(keys: []).isSound)
  }

  @Test(
    "the check of the file finds references to nothing and indexes that lie", .onFile,
    arguments: [
      (
        [
          "CREATE TABLE cage (id BIGINT, animal BIGINT)", "INSERT INTO cage VALUES (1, 9)",
          "PRAGMA writable_schema = ON",
          """
          UPDATE sqlite_schema SET sql =
          'CREATE TABLE cage (id BIGINT, animal BIGINT REFERENCES animal (id))' WHERE name = 'cage'
          """,
        ], "cage, row 1: refers to nothing in animal"
      ),
      (
        [
          "CREATE TABLE cage (id BIGINT, size BIGINT)", "CREATE INDEX cages ON cage (id)",
          "INSERT INTO cage VALUES (1, 9)", "PRAGMA writable_schema = ON",
          "UPDATE sqlite_schema SET sql = 'CREATE INDEX cages ON cage (size)' WHERE name = 'cages'",
        ], "row 1 missing from index cages"
      ),
      ([], nil),
    ] as [([SQL], String?)])
  func fileCheck(statements: [SQL], complaint: String?) throws {
    let list = [Migration.animals, Migration(name: "cages-1", statements: statements)]
    try place.open(list).close()
    let records = try place.open(list)
    let complaints = try records.verifyFile()
    #expect(complaints.first == complaint)
    #expect(complaints.isEmpty == (complaint == nil))
  }

  @Test("what was answered is there after the process was killed in the midst of work")
  func killed() async throws {
    let place = try Place()
    let path = place.path
    let answers = place.file + ".answered"
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = path as String, answers = answers as String] in
      let records = try Records.open(
        path, clock: { Time(seconds: 0) }, migrations: [.animals])
      let answered = unsafe open(answers, O_CREAT | O_WRONLY | O_APPEND, 0o600)
      let count = Guarded(0)
      RecordsTests.threads(8) { thread in
        for turn in 0..<10_000 {
          let id = thread * 10_000 + turn
          guard (try? records.add(animal: id)) != nil else { return }
          let line = Array("\(id)\n".utf8)
          _ = unsafe write(answered, line, line.count)
          let reached = count.change { count in
            count += 1
            return count
          }
          if reached == 300 { kill(getpid(), SIGKILL) }
        }
      }
    }
    let answered = try String(contentsOfFile: answers, encoding: .utf8)
      .split(separator: "\n").compactMap { Int($0) }
    #expect(answered.count >= 299)
    let records = try place.open()
    let ids = try records.read {
      Set(try $0.query("SELECT id FROM animal").map { try $0.int("id") })
    }
    #expect(ids.isSuperset(of: answered))
    let report = try records.verifyAudit(keys: [])
    #expect(report.isSound && report.entries == ids.count)
  }
}
