// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Service
import TestEstate
import TestProcess
import TestStore
import Testing

@Suite(
  "What the PMA decided is computed again by an evaluator that shares no code", .serialized,
  .onFile)
struct GovernanceVerificationTests {
  private static func assess(_ folder: String) throws -> (code: Int32, output: String) {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
    let process = Process()
    process.executableURL = URL(filePath: bundle ?? CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "smki-assess")
    process.arguments = [folder + "/smki.sqlite"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }

  @Test("votes and elections of a sound store come out the same", .clause("L1.15", "R2-42"))
  func sound() throws {
    let store = try FullStore.once.get()
    let copy = try store.copy()
    defer { try? FileManager.default.removeItem(atPath: copy) }
    let (code, output) = try Self.assess(copy)
    #expect(code == 0 && output.contains("3 decisions, 1 elections"), "\(output)")
  }

  @Test(
    "a wrong outcome, a vote that was not to be given and a wrong count are told",
    .clause("L1.13", "L1.15", "R2-29-v", "R2-42"),
    arguments: [
      ("UPDATE pma_vote SET outcome = 'lost'", "its votes say carried"),
      ("UPDATE pma_casting SET choice = 'against'", "its votes say lost"),
      ("UPDATE pma_cast SET choice = 'for' WHERE choice = 'abstain'", "a casting vote that nobody"),
      ("UPDATE pma_cast SET person = 'p-dcc' WHERE seat = 'security'", "not his or hers"),
      ("UPDATE pma_cast SET moment = 0 WHERE seat = 'security'", "not his or hers"),
      ("DELETE FROM pma_elector WHERE seat = 'chair'", "without a quorum"),
      ("UPDATE pma_presence SET came = came + 1", "was not there"),
      ("UPDATE pma_vote SET edition = '2014'", "another edition"),
      ("UPDATE pma_candidate SET elected = 1 - elected", "published ballots say otherwise"),
      ("UPDATE pma_published_ballot SET names = 'a-security'", "published ballots say otherwise"),
      ("DELETE FROM pma_ballot_box WHERE rowid = 1", "pma_ballot_box"),
      ("UPDATE pma_standard SET applies = applies + 1 WHERE applies > 0", "a day that nobody set"),
      ("UPDATE pma_standard SET vote = 'v-1' WHERE applies > 0", "a day that nobody set"),
      ("UPDATE pma_matter SET vote = 'v-1'", "not what vote v-1 decided"),
      ("UPDATE pma_matter SET state = 'open'", "do not fit"),
      ("UPDATE pma_proposal SET proposer = 'pma', vote = 'v-1'", "had no such vote"),
      ("UPDATE pma_proposal SET release_day = 1", "a release after its cut-off"),
      ("UPDATE pma_signature SET person = 'p-dcc'", "of no elector"),
    ])
  func spoilt(statement: String, finding: String) throws {
    let store = try FullStore.once.get()
    let copy = try store.copy()
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try FullStore.sqlite(copy, statement + ";")
    let (code, output) = try Self.assess(copy)
    #expect(code == 4 && output.contains(finding), "\(output)")
    #expect(try !store.verify(copy).isSound)
  }

  @Test("a ballot box that was changed is found by verify too", .clause("L1.9(a)@2014"))
  func box() throws {
    let store = try FullStore.once.get()
    for statement in [
      "UPDATE pma_ballot_box SET sealed = x'00' WHERE rowid = 1;",
      "UPDATE pma_ballot_box SET receipt = 'x' WHERE rowid = 1;",
      "UPDATE pma_ballot_box SET election = 'counted' WHERE rowid = 1;",
      "DELETE FROM pma_ballot_box WHERE rowid = 2;",
    ] {
      let copy = try store.copy()
      defer { try? FileManager.default.removeItem(atPath: copy) }
      try FullStore.sqlite(copy, statement)
      #expect(
        try store.verify(copy).faults.contains { $0.table == "pma_ballot_box" }, "\(statement)")
    }
  }
}
