// SPDX-License-Identifier: Apache-2.0

import Authority
import Batches
import ClauseTrait
import Client
import DER
import Foundation
import Parties
import Registration
import Repository
import SEC
import Service
import Testing
import Threads
import X509

@Suite("A batch goes through its states and no others", .serialized)
struct BatchStateTests {
  private func perform<Request: ControlRequest>(
    _ request: Request, _ setting: BatchSetting
  ) throws -> Request.Answer {
    try request.run(in: setting.estate.node, by: ServingEstate.officer)
  }

  private func decide(
    _ batch: Int, _ decision: DecideBatch.Decision, _ setting: BatchSetting
  ) throws -> BatchBody {
    try perform(DecideBatch(batch: batch, decision: decision, reason: "ticket 1"), setting)
  }

  private func submitted(_ setting: BatchSetting, _ count: Int = 3) throws -> Int {
    let reply = try setting.submit(BatchSetting.xml(try BatchSetting.requests(count)))
    return try #require(reply.batch.flatMap { Int($0) })
  }

  @Test(
    "without automatic approval it waits for an officer, who approves or rejects it",
    .clause("M8-2.5-batch-states"))
  func approval() throws {
    let setting = try BatchSetting { $0.automaticApproval = false }
    let (one, other) = (try submitted(setting), try submitted(setting))
    #expect(try setting.result("\(one)").status == "PENDING")
    try ExampleFile.expect("batch-waiting-answer.xml", setting.result("\(one)").body)
    #expect(try setting.ask("/Certificates", of: one).status == 409)
    #expect(try setting.ask("/Report", of: one).text.contains("batch-not-completed"))
    let rejected = try decide(other, .reject, setting)
    #expect(rejected.state == "REJECTED" && rejected.finished != nil)
    #expect(try setting.result("\(other)").names == ["Version", "Build", "BatchStatus", "BatchId"])
    #expect(try setting.result("\(other)").status == "REJECTED")
    #expect(try decide(one, .approve, setting).batch == one)
    #expect(try setting.wait("\(one)").itemStatuses == ["SUCCESS", "SUCCESS", "SUCCESS"])
    for decision in [DecideBatch.Decision.approve, .reject, .pause, .resume] {
      for batch in [one, other] {
        #expect(throws: Refusal.self) { try decide(batch, decision, setting) }
      }
    }
    let absent = #expect(throws: Refusal.self) { try decide(99, .approve, setting) }
    #expect(absent?.code == "batch-unknown")
    let step = #expect(throws: Refusal.self) { try decide(one, .approve, setting) }
    #expect(step?.code == "batch-step")
    // What was rejected goes after as many days as what was completed.
    setting.estate.pass(seconds: 30 * 86_400 + 1)
    #expect(try setting.estate.node.batches.putAway() == 2)
    let folder = "\(setting.estate.folder.batches)/uploads"
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    let operatorOfSystem = Actor(name: "Oscar", role: .operatorOfSystem)
    #expect(throws: Refusal.self) {
      try DecideBatch(batch: one, decision: .approve).run(
        in: setting.estate.node, by: operatorOfSystem)
    }
  }

  @Test(
    "content that changed after the upload is TAMPERED, and nothing is issued",
    .clause("M8-2.5-batch-tampered"), arguments: ["uploads", "requests"])
  func tampered(folder: String) throws {
    let setting = try BatchSetting { $0.automaticApproval = false }
    let batch = try submitted(setting)
    let place = "\(setting.estate.folder.batches)/\(folder)"
    for name in try FileManager.default.contentsOfDirectory(atPath: place) {
      var octets = try Data(contentsOf: URL(filePath: "\(place)/\(name)"))
      octets[octets.count / 2] ^= 1
      try octets.write(to: URL(filePath: "\(place)/\(name)"))
    }
    let before = try setting.estate.node.repository.counts()[.device]
    _ = try decide(batch, .approve, setting)
    try setting.wait(batch, for: .tampered)
    #expect(try setting.result("\(batch)").status == "TAMPERED")
    #expect(setting.estate.lines.value.contains { $0.contains("batch-tampered") })
    #expect(try setting.estate.node.repository.counts()[.device] == before)
  }

  @Test(
    "outside the window it waits, in the window it goes on", .clause("N4-3-window"))
  func window() throws {
    // The estate's clock stands at 08:00, when the window of the sources has just closed.
    let setting = try BatchSetting {
      $0.windowOpens = "20:00"
      $0.windowCloses = "08:00"
    }
    let batch = try submitted(setting)
    try setting.wait(batch, for: .queued)
    let waiting = try setting.estate.node.batches.progress(
      of: try #require(try setting.estate.node.batches.find(batch)))
    #expect(waiting.expected.map { $0 >= setting.estate.now.adding(seconds: 43_200) } == true)
    setting.pass(seconds: 43_199)
    setting.rest()
    #expect(try setting.result("\(batch)").status == "QUEUED")
    setting.pass(seconds: 1)
    #expect(try setting.wait("\(batch)").items.count == 3)
  }

  @Test(
    "the capacity of a night is kept, and the rest goes on in the next one",
    .clause("N4-3-capacity", "N4-3-window"))
  func capacity() throws {
    let setting = try BatchSetting {
      $0.windowOpens = "08:00"
      $0.windowCloses = "20:00"
      $0.capacityPerNight = 600
    }
    let text =
      "<SubmitCSRBatch ID=\"a\"><Version>1.0</Version>"
      + (0..<1_600).map { "<DeviceCSR ID=\"ID\($0)\">MAA=</DeviceCSR>" }.joined()
      + "</SubmitCSRBatch>"
    let batch = try #require(setting.submit(text).batch.flatMap { Int($0) })
    try setting.wait(batch, for: .paused)
    func shown() throws -> BatchBody {
      try JSONDecoder().decode(
        BatchBody.self, from: Data(setting.ask("", of: batch).body))
    }
    for _ in 0..<1_200 where try shown().done < 1_000 { usleep(25_000) }
    let paused = try shown()
    #expect(paused.done == 1_000)
    #expect(paused.note.contains("capacity"))
    // The night's capacity is used up: it ends in the next night, and says so.
    let night = setting.estate.now.adding(seconds: 86_400)
    let expected = try #require(paused.expected.flatMap { Time(rfc3339: $0) })
    #expect(expected >= night && expected < night.adding(seconds: 43_200))
    setting.pass(seconds: 86_400)
    #expect(try setting.wait("\(batch)").items.count == 1_600)
  }

  @Test("an officer stops a batch and lets it go on", .clause("M8-2.5-batch-states"))
  func held() throws {
    let setting = try BatchSetting {
      $0.windowOpens = "20:00"
      $0.windowCloses = "08:00"
    }
    let batch = try submitted(setting)
    try setting.wait(batch, for: .queued)
    #expect(try decide(batch, .pause, setting).held)
    setting.pass(seconds: 43_200)
    setting.rest()
    #expect(try setting.result("\(batch)").status == "QUEUED")
    #expect(!(try decide(batch, .resume, setting).held))
    #expect(try setting.wait("\(batch)").items.count == 3)
  }

  @Test(
    "results are there for 30 days, and gone after; the certificates stay",
    .clause("M8-2.3-collection"))
  func collection() throws {
    let setting = try BatchSetting()
    let batch = try submitted(setting)
    let result = try setting.wait("\(batch)")
    let archive = try setting.ask("/Certificates", of: batch).body
    setting.estate.pass(seconds: 30 * 86_400)
    #expect(try setting.result("\(batch)").body == result.body)
    #expect(try setting.ask("/Certificates", of: batch).body == archive)
    #expect(try setting.estate.node.batches.putAway() == 0)
    setting.estate.pass(seconds: 1)
    #expect(try setting.result("\(batch)").code == "FM:AA3")
    let gone = try setting.ask("/Certificates", of: batch)
    #expect(gone.status == 410)
    #expect(gone.text.contains("batch-put-away"))
    #expect(try setting.estate.node.batches.putAway() == 1)
    #expect(try setting.ask("/Report", of: batch).status == 410)
    let left = try FileManager.default.subpathsOfDirectory(atPath: setting.estate.folder.batches)
    #expect(left.filter { $0.contains("/") } == [])
    let serial = try #require(try result.certificates()[0]).serialNumber.magnitude
    #expect(try setting.estate.node.repository.certificate(serial: Array(serial)) != nil)
    let report = try Verification(
      records: setting.estate.node.records, keys: [setting.estate.node.checkpointNoteKey]
    ).run()
    #expect(report.faults.isEmpty, "\(report.faults)")
  }

  @Test(
    "a party that is suspended in the middle gets nothing more",
    .clause("L2.15", "M8-AppD-ineligible"))
  func suspended() throws {
    let setting = try BatchSetting { $0.automaticApproval = false }
    let batch = try submitted(setting)
    try setting.estate.node.registration.register.suspend(
      setting.one.id, from: setting.estate.now, under: "L2.15", evidence: "decision 1",
      by: ServingEstate.officer)
    _ = try decide(batch, .approve, setting)
    try setting.wait(batch, for: .completed)
    let asked = try setting.estate.client(setting.one.batched).get(
      setting.estate.url(.service, BatchSetting.resultPath) + "?BatchId=\(batch)")
    #expect(asked.status == 403)
    try setting.estate.node.registration.register.reinstate(
      setting.one.id, from: setting.estate.now.adding(seconds: 1), evidence: "decision 2",
      by: ServingEstate.officer)
    setting.estate.pass(seconds: 1)
    let result = try setting.result("\(batch)")
    #expect(result.itemStatuses == Array(repeating: "INELIGIBLE", count: 3))
    #expect(Set(result.itemCodes) == ["IN:SUSPEND"])
  }

  @Test(
    "a party that is suspended after its first requests keeps what it has and gets nothing more",
    .clause("L2.15", "M8-AppD-ineligible", "N4-3-capacity"))
  func suspendedInTheMiddle() throws {
    let setting = try BatchSetting {
      $0.windowOpens = "08:00"
      $0.windowCloses = "20:00"
      $0.capacityPerNight = 500
    }
    // The first chunk has three requests that are good, which is enough of them.
    let requests = try BatchSetting.requests(5)
    let bad = [[UInt8]](repeating: [0x30, 0], count: 497)
    let reply = try setting.submit(
      BatchSetting.xml(Array(requests[..<3]) + bad + requests[3...]))
    let batch = try #require(reply.batch.flatMap { Int($0) })
    try setting.wait(batch, for: .paused)
    let register = setting.estate.node.registration.register
    try register.suspend(
      setting.one.id, from: setting.estate.now, under: "L2.15", evidence: "decision 1",
      by: ServingEstate.officer)
    setting.pass(seconds: 86_400)
    try setting.wait(batch, for: .completed)
    try register.reinstate(
      setting.one.id, from: setting.estate.now.adding(seconds: 1), evidence: "decision 2",
      by: ServingEstate.officer)
    setting.estate.pass(seconds: 1)
    let statuses = try setting.result("\(batch)").itemStatuses
    #expect(statuses.count == 502)
    #expect(statuses.count { $0 == "SUCCESS" } == 3)
    #expect(statuses.suffix(2) == ["INELIGIBLE", "INELIGIBLE"])
  }

  @Test(
    "the hundred and first certificate of a device waits until an officer raises its limit",
    .clause("M8-2.3.1.8"))
  func anomaly() throws {
    let setting = try BatchSetting()
    let device = BatchSetting.newDevice()
    let requests = try (0..<102).map { _ in try DeviceDraft(for: device).encoded() }
    let first = try setting.submit(BatchSetting.xml(requests))
    let result = try setting.wait(try #require(first.batch))
    let statuses = result.itemStatuses
    #expect(statuses.filter { $0 == "SUCCESS" }.count == 100)
    #expect(statuses.filter { $0 == "ISSUANCE_ANOMALY" }.count == 2)
    #expect(Set(result.itemCodes.compactMap(\.self)) == ["CA:COUNT"])
    let left = zip(statuses, requests).filter { $0.0 == "ISSUANCE_ANOMALY" }.map(\.1)
    let waiting = try AuthorityRecords.anomalies(in: setting.estate.node.records)
    #expect(waiting.map(\.device) == [device] && waiting.map(\.party) == [setting.one.id])
    #expect(waiting.map(\.times) == [2] && waiting.map(\.certificates) == [100])
    #expect(waiting.map(\.isWaiting) == [true])
    let low = #expect(throws: Refusal.self) {
      try perform(
        RaiseDeviceLimit(device: "\(device)", certificates: 100, reason: "looked"), setting)
    }
    #expect(low?.code == "device-limit-too-low")
    _ = try perform(
      RaiseDeviceLimit(device: "\(device)", certificates: 101, reason: "looked"), setting)
    let raised = try AuthorityRecords.anomalies(in: setting.estate.node.records)
    #expect(raised.map(\.limit) == [101] && raised.map(\.isWaiting) == [false])
    let second = try setting.submit(BatchSetting.xml(left))
    #expect(
      try setting.wait(try #require(second.batch)).itemStatuses == ["SUCCESS", "ISSUANCE_ANOMALY"])
    let again = try AuthorityRecords.anomalies(in: setting.estate.node.records)
    #expect(again.map(\.times) == [3] && again.map(\.isWaiting) == [true])
  }

  @Test(
    "as many batches as may wait, and one more is told when to come again",
    .clause("ENG-http-limits"))
  func full() throws {
    let setting = try BatchSetting {
      $0.automaticApproval = false
      $0.waitingMax = 2
    }
    _ = try submitted(setting)
    _ = try submitted(setting)
    let answer = try setting.estate.client(setting.one.batched).post(
      setting.estate.url(.service, BatchSetting.submitPath), type: BatchSetting.mediaType,
      body: Array(BatchSetting.xml(try BatchSetting.requests(2)).utf8))
    #expect(answer.status == 503)
    #expect(answer.header("retry-after").flatMap { Int($0) } ?? 0 > 0)
  }

  @Test(
    "polls before their time and second fetches are answered and counted",
    .clause("N4-3-poll-before-20", "N4-3-poll-after-20", "N4-3-fetch-once"))
  func polls() throws {
    let setting = try BatchSetting { $0.automaticApproval = false }
    let batch = try submitted(setting)
    let party = setting.one.id
    func counts() throws -> [String: Int] {
      setting.estate.node.batches.flushUsage()
      return Dictionary(
        uniqueKeysWithValues: try BatchReading.excesses(in: setting.estate.node.records)
          .filter { $0.party == party }.map { ($0.rule, $0.count) })
    }
    // Submitted at 08:00: not before 08:00 next day.
    _ = try setting.result("\(batch)")
    #expect(try counts() == ["early-poll": 1])
    setting.estate.pass(seconds: 86_400)
    _ = try setting.result("\(batch)")
    #expect(try counts() == [:].merging(["early-poll": 1]) { $1 })
    setting.estate.pass(seconds: 3_599)
    _ = try setting.result("\(batch)")
    #expect(try counts()["frequent-poll"] == 1)
    setting.estate.pass(seconds: 3_600)
    _ = try setting.result("\(batch)")
    #expect(try counts()["frequent-poll"] == 1)
    _ = try decide(batch, .approve, setting)
    try setting.wait(batch, for: .completed)
    setting.estate.pass(seconds: 3_600)
    _ = try setting.result("\(batch)")
    #expect(try counts()["second-fetch"] == nil)
    _ = try setting.result("\(batch)")
    #expect(try counts()["second-fetch"] == 1)
  }

  @Test(
    "a batch of the evening is asked for from 22:00 of the next day on",
    .clause("N4-3-poll-after-20"))
  func eveningPolls() throws {
    let setting = try BatchSetting { $0.automaticApproval = false }
    // From 08:00 to 20:00.
    setting.estate.pass(seconds: 12 * 3_600)
    let batch = try submitted(setting)
    func early() throws -> Int {
      _ = try setting.result("\(batch)")
      setting.estate.node.batches.flushUsage()
      return try BatchReading.excesses(in: setting.estate.node.records)
        .first { $0.party == setting.one.id && $0.rule == "early-poll" }?.count ?? 0
    }
    setting.estate.pass(seconds: 26 * 3_600 - 1)
    #expect(try early() == 1)
    setting.estate.pass(seconds: 1)
    #expect(try early() == 1)
  }

  @Test(
    "a failure of ours is a WORKFLOW_ERROR of its own for each question, and tells nothing inner",
    .clause("M8-AppC-submit", "M8-AppE-result"))
  func failures() throws {
    let setting = try BatchSetting { $0.automaticApproval = false }
    let folder = setting.estate.folder.batches
    let batch = try submitted(setting)
    _ = try decide(batch, .approve, setting)
    try setting.wait(batch, for: .completed)
    for name in ["requests", "results"] {
      try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      try Data().write(to: URL(filePath: "\(folder)/\(name)"))
    }
    let result = try setting.result("\(batch)")
    #expect(result.status == "WORKFLOW_ERROR" && result.code == "WF:BB1")
    let receipt = try setting.submit(BatchSetting.xml(try BatchSetting.requests(2)))
    #expect(receipt.status == "WORKFLOW_ERROR" && receipt.code == "WF:BB2")
    #expect(!result.text.contains(folder) && !receipt.text.contains(folder))
    try ExampleFile.expect("batch-result-failure-answer.xml", result.body)
    try ExampleFile.expect("batch-failure-answer.xml", receipt.body)
  }
}
