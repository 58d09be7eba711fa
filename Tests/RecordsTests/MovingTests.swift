// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Keys
import Records
import TestStore
import Testing
import Threads

@Suite("A store is handed over as a file and taken in elsewhere")
struct MovingTests {
  let place: Place

  init() throws {
    place = try Place()
  }

  /// A store with values of every kind, entries and a checkpoint.
  private func filled() throws -> Records {
    let records = try place.open()
    for id in 0..<300 {
      try records.write(.test()) { transaction in
        try transaction.execute(
          """
          INSERT INTO animal (id, name, picture)
          VALUES (\(id), \("animal \(id) ü"), \(id.isMultiple(of: 3) ? nil : [UInt8](0...9)))
          """)
      }
    }
    _ = try records.audit.signCheckpoint(key: SoftwareKey.generate(.ed25519), origin: "test")
    return records
  }

  private func exported(_ records: Records) throws -> (octets: [UInt8], contents: StoreContents) {
    let octets = Guarded<[UInt8]>([])
    let contents = try records.export { piece in octets.change { $0 += piece } }
    return (octets.value, contents)
  }

  private func take(
    _ octets: [UInt8], into path: String, _ migrations: [Migration] = [.animals]
  ) throws -> StoreContents {
    let rest = Guarded(octets[...])
    return try Records.importing(
      path, clock: { Time(seconds: 1_900_000_000) }, migrations: migrations, file: { _, _, _ in }
    ) { most in
      rest.change { rest in
        defer { rest = rest.dropFirst(most) }
        return Array(rest.prefix(most))
      }
    }
  }

  @Test("counts and root come out the same, the file from the new store too, and writing goes on")
  func there() throws {
    let (octets, contents) = try exported(filled())
    #expect(contents.rows["animal"] == 300 && contents.size == 300)
    let other = TestStore.place(place.folder + "/other.db")
    #expect(try take(octets, into: other) == contents)
    let records = try Records.open(
      other, clock: { Time(seconds: 1_900_000_000) }, migrations: [.animals])
    #expect(try exported(records).octets == octets)
    try records.add(animal: 1_000)
    #expect(try records.audit.size == 301)
    #expect(try records.verifyAudit(keys: []).faultCount == 1, "the checkpoint's key is not known")
  }

  @Test("a file of one engine becomes a store on the other, and the file again", .onServer)
  func engines() throws {
    let (octets, contents) = try exported(filled())
    let file = place.folder + "/moved.sqlite"
    #expect(try take(octets, into: file) == contents)
    let moved = try Records.openReadOnly(file, migrations: [.animals])
    #expect(try exported(moved).octets == octets)
    let back = TestStore.place(place.folder + "/back.db")
    #expect(try take(octets, into: back) == contents)
    #expect(try exported(Records.openReadOnly(back, migrations: [.animals])).octets == octets)
  }

  @Test("a place that holds a store is refused and left alone")
  func taken() throws {
    let records = try filled()
    let (octets, _) = try exported(records)
    records.close()
    #expect(code { _ = try take(octets, into: place.path) } == .placeTaken)
    #expect(try place.open().animals() == 300)
  }

  @Test("a file that was changed, cut or is of another program makes no store")
  func spoilt() throws {
    let (octets, contents) = try exported(filled())
    let other = TestStore.place(place.folder + "/other.db")
    var changed = octets
    changed[octets.count / 2] ^= 1
    for spoilt in [changed, octets.dropLast(40), Array(octets.dropFirst()), []] {
      #expect(code { _ = try take(Array(spoilt), into: other) } != nil)
    }
    let more = Migration(name: "more-1", statements: ["CREATE TABLE more (id BIGINT PRIMARY KEY)"])
    #expect(code { _ = try take(octets, into: other, [.animals, more]) } == .auditDamaged)
    // Nothing of those was left behind.
    #expect(try take(octets, into: other) == contents)
  }
}
