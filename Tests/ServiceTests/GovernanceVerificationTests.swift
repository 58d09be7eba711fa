// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import Governance
import Keys
import Records
import SEC
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
    #expect(code == 0 && output.contains("4 decisions, 1 elections"), "\(output)")
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
      ("UPDATE pma_direction SET key_name = 'contingency-key'", "not what vote v-4 directed"),
      ("UPDATE pma_direction SET incident = 'x'", "not what vote v-4 directed"),
      ("DELETE FROM pma_direction", "no direction came of it"),
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

  /// A signature that the room was told is right, so that the audit agrees with its row.
  private static func forge(
    as person: String, serial: String, in copy: String
  ) throws {
    let records = try Records.open(
      TestStore.place(copy + "/smki.sqlite"), clock: { TestEstate.beginning },
      migrations: Store.migrations)
    defer { records.close() }
    let votes = Votes(records: records)
    let by = Actor(name: "Sam Secretary", role: .secretariat)
    let now = TestEstate.beginning.adding(seconds: 86_400)
    try votes.enrol(credential: serial, of: person, at: now, by: by)
    let key = try SoftwareKey.generate(.p256)
    // The room checks it by the key that the door names.
    try votes.sign(
      "v-2", as: person, serial: serial, key.sign(Array(try votes.statement(of: "v-2").utf8)),
      key: key.publicKey, at: now, by: by)
  }

  @Test(
    "a signature that is not the Member's is found, though the audit agrees with its row",
    .clause("L1.15"))
  func signatures() throws {
    let store = try FullStore.once.get()
    let serials = try FullStore.sqlite(
      store.folder,
      "SELECT serial FROM pma_credential; SELECT serial FROM system_credential WHERE revoked > 0;"
    ).split(separator: "\n").map(String.init)
    try #require(serials.count > 1)
    for (serial, column) in [(serials[0], "octets"), (serials[1], "moment"), ("00", "serial")] {
      let copy = try store.copy()
      defer { try? FileManager.default.removeItem(atPath: copy) }
      try Self.forge(as: "p-technical", serial: serial, in: copy)
      let faults = try store.verify(copy).faults
      #expect(
        faults.map { "\($0.table) \($0.row) \($0.column ?? "")" }
          == ["pma_signature v-2/p-technical \(column)"], "\(serial): \(faults)")
    }
  }
}
