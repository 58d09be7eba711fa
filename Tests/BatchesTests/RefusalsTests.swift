// SPDX-License-Identifier: Apache-2.0

import Batches
import ClauseTrait
import SEC
import Testing

@Suite("Refusals of batches name what was expected and found")
struct RefusalsTests {
  @Test("too many and too few requests are told apart", .clause("L8.2"))
  func size() {
    #expect(Refusal.batchSize(50_001).code == "batch-too-large")
    #expect(Refusal.batchSize(1).code == "batch-too-small")
    #expect(Refusal.batchSize(50_001).clause == "L8.2")
  }

  @Test("long findings are cut", .clause("M8-AppC-submit", "M8-AppC-limits", "M8-2.5-batch-file"))
  func cut() {
    let long = String(repeating: "x", count: 1_000)
    #expect(Refusal.batchXML(long).found.count == 121)
    #expect(Refusal.batchReference(long).found == "1000 characters")
    #expect(Refusal.batchReference(nil).found == "none")
    #expect(
      Refusal.batchItemID(long, isDouble: true, line: 7).found.hasSuffix("…, twice in line 7"))
    #expect(Refusal.batchArchive(long).found.count == 121)
    #expect(Refusal.batchFileName(long, "a folder").field.count == 121)
  }

  @Test("a key twice and a number of nobody", .clause("ENG-refused-key", "M8-2.5-batch-own"))
  func others() {
    #expect(Refusal.keyTwiceInBatch("a").found == "the key of a")
    #expect(Refusal.batchUnknown("7").found == "7")
  }
}
