// SPDX-License-Identifier: Apache-2.0

import Audit
import Batches
import ClauseTrait
import Foundation
import Records
import Repository
import Service
import TestToken
import Testing
import Threads
import X509

@Suite("A batch while its signer comes and goes", .enabled(if: TestToken.isThere, "no SoftHSM"))
struct SignerBatchTests {
  @Test(
    "a module that fails in the middle of a batch holds it up: nothing is lost, nothing is twice",
    .clause("M8-2.5-batch-item-status", "ENG-two-commits", "ENG-self-check"),
    arguments: [
      ("taken out", "C_Sign answer 0x32 15\nC_OpenSession answer 0xE0\nC_GetSlotList none 0"),
      ("slow by 10 s", "C_Sign delay 10000 15"), ("garbling", "C_Sign garble 0 15 1"),
    ])
  func middle(fault: String, lines: String) throws {
    let module = try FaultyModule()
    let label = ["taken out": "faulty14", "slow by 10 s": "faulty15"][fault] ?? "faulty16"
    var hardware = HardwareModule(name: "hsm", path: module.path, tokens: [label])
    hardware.sessions = 4
    hardware.callMilliseconds = 2_000
    hardware.trialMilliseconds = 50
    let setting = try BatchSetting(module: hardware)
    let node = setting.estate.node
    let requests = try BatchSetting.requests(40)
    try module.fail(lines + "\nC_GetSessionInfo answer 0xB3")
    let accepted = try setting.submit(BatchSetting.xml(requests))
    let id = try #require(accepted.batch)
    // It was in the middle: a chunk was recorded, and given up.
    func isVoided() throws -> Bool {
      try node.records.read {
        try !$0.query("SELECT id FROM issuance_chunk WHERE state = 'voided'").isEmpty
      }
    }
    for _ in 0..<1_200 where try !isVoided() { usleep(25_000) }
    #expect(try isVoided(), "\(setting.estate.lines.value)")
    #expect(try setting.result(id).status != "COMPLETED" || fault == "garbling")
    try module.work()
    // It is asked again by the estate's clock, which stands still unless it is moved.
    var result = try setting.result(id)
    for _ in 0..<1_200 where result.status != "COMPLETED" {
      setting.estate.pass(seconds: 1)
      usleep(25_000)
      result = try setting.result(id)
    }
    #expect(result.itemStatuses == Array(repeating: "SUCCESS", count: 40))
    let serials = try result.certificates().compactMap { $0?.serialNumber }
    #expect(Set(serials).count == 40)
    #expect(try node.repository.counts()[.device] == 40)
    let report = try Verification(
      records: node.records, keys: [node.checkpointNoteKey], openChunks: .allowed
    ).run()
    #expect(report.isSound, "\(report.faults)")
  }
}
