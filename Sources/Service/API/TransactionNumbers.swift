// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
import SEC
import Threads

/// The numbers by which we find an answer of the Ad Hoc service again (M8-AppA-elements).
///
/// Positive, ascending, and never given twice: blocks of them are reserved in the records before
/// one is used, so that a process that dies loses numbers and repeats none.
package final class TransactionNumbers: Sendable {
  /// How many numbers are reserved at a time: one writing for so many answers.
  package static let blockSize: Int64 = 100_000

  /// The end of the last block that was reserved.
  package static let table = KeptTable(
    "transaction_number", key: ["name"], columns: ["reserved"], changesStanding: false)

  /// The table's definition.
  package static let migrations = [
    Migration(
      name: "service-1",
      statements: [
        """
        CREATE TABLE transaction_number (
          name TEXT NOT NULL PRIMARY KEY, reserved BIGINT NOT NULL)
        """
      ])
  ]

  private struct Block {
    var next: Int64 = 0
    var end: Int64 = 0

    /// The next number, or nil when the block is used up.
    mutating func take() -> Int64? {
      guard next < end else { return nil }
      next += 1
      return next
    }
  }

  private let records: Records
  private let clock: @Sendable () -> Time
  private let block = Guarded(Block())

  /// The numbers of one node over its records.
  package init(records: Records, clock: @escaping @Sendable () -> Time) {
    self.records = records
    self.clock = clock
  }

  /// A number that was never given before.
  ///
  /// - Throws: a failure of the store, when a new block cannot be reserved.
  package func next() throws -> Int64 {
    while true {
      if let number = block.change({ $0.take() }) { return number }
      let end = try reserve()
      block.change { block in
        // Another thread may have brought a block meanwhile; then this one stays unused.
        guard block.next == block.end, block.end < end else { return }
        block = Block(next: end - Self.blockSize, end: end)
      }
    }
  }

  /// Reserves the next block; returns its end.
  private func reserve() throws -> Int64 {
    let name = "ad-hoc"
    let entry = Entry(
      Actor(name: "smki", role: .node), "transaction-numbers-reserved",
      clause: "M8-AppA-elements", at: clock())
    return try records.write(entry) { transaction in
      let row = try transaction.first(
        "SELECT reserved FROM transaction_number WHERE name = \(name)")
      let end = try (row?.int64("reserved") ?? 0) + Self.blockSize
      transaction.note("up-to", String(end))
      try transaction.keep(Self.table, [.text(name), .int(end)])
      return end
    }
  }
}
