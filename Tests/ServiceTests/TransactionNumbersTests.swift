// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Service
import Testing
import Threads

@Suite("An answer's number is positive and never given twice")
struct TransactionNumbersTests {
  private func numbers(_ estate: ServingEstate) -> TransactionNumbers {
    TransactionNumbers(records: estate.node.records, clock: { ServingEstate.founded })
  }

  @Test(
    "they ascend from 1, and after a restart they go on behind the block",
    .clause("M8-AppA-elements"))
  func ascend() throws {
    let estate = try ServingEstate()
    let first = numbers(estate)
    #expect(try (1...5).map { _ in try first.next() } == [1, 2, 3, 4, 5])
    let second = numbers(estate)
    #expect(try second.next() == TransactionNumbers.blockSize + 1)
    #expect(try first.next() == 6)
  }

  @Test("many threads over the end of a block get each number once", .clause("M8-AppA-elements"))
  func areUnique() throws {
    let estate = try ServingEstate()
    let numbers = numbers(estate)
    // Up to just before the end of the first block.
    for _ in 0..<(TransactionNumbers.blockSize - 100) { _ = try numbers.next() }
    let given = Guarded<[Int64]>([])
    Worker.onAllCores(8) { _ in
      let own = (0..<50).compactMap { _ in try? numbers.next() }
      given.change { $0 += own }
    }
    #expect(given.value.count == 400)
    #expect(Set(given.value).count == 400)
    #expect(given.value.min() == TransactionNumbers.blockSize - 99)
  }
}
