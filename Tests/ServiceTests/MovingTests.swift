// SPDX-License-Identifier: Apache-2.0

import Foundation
import DER
import Records
import Service
import TestStore
import Testing
import Threads

@Suite("A whole estate is moved from one engine to the other", .onServer)
struct MovingTests {
  private func octets(of records: Records) throws -> ([UInt8], StoreContents) {
    let octets = Guarded<[UInt8]>([])
    let contents = try records.export { piece in octets.change { $0 += piece } }
    return (octets.value, contents)
  }

  private func take(_ octets: [UInt8], into path: String) throws -> StoreContents {
    let rest = Guarded(octets[...])
    return try Records.importing(
      path, clock: { Time(seconds: 0) }, migrations: Store.migrations, file: { _, _, _ in }
    ) { most in
      rest.change { rest in
        defer { rest = rest.dropFirst(most) }
        return Array(rest.prefix(most))
      }
    }
  }

  @Test("a store with something in every table: server to file and back, verified each time")
  func everyTable() throws {
    let store = try FullStore.once.get()
    let records = try Records.examine(
      TestStore.place(store.folder + "/smki.sqlite"), migrations: Store.migrations)
    let (whole, contents) = try octets(of: records)
    #expect(contents.rows.allSatisfy { $0.value > 0 })
    let file = store.folder + "/moved.sqlite"
    #expect(try take(whole, into: file) == contents)
    let back = TestStore.place(store.folder + "/back.sqlite")
    for place in [file, back] {
      if place == back { #expect(try take(whole, into: back) == contents) }
      let moved = try Records.examine(place, migrations: Store.migrations)
      // The files of batches lie in the folder of a node that is alone.
      if place == back { #expect(try octets(of: moved).0 == whole) }
      let report = try Verification(
        records: moved, keys: store.keys, origin: FullStore.origin, openChunks: .allowed
      ).run()
      #expect(report.faults == [])
      #expect(report.counts.certificates == contents.rows["certificate"])
    }
  }
}
