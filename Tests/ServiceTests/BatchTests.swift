// SPDX-License-Identifier: Apache-2.0

import Batches
import ClauseTrait
import Client
import DER
import Foundation
import HTTP
import Registration
import SEC
import Service
import TestEstate
import Testing
import X509
import XML

@Suite("Batches by the web service: submitted, decided one by one, fetched")
struct BatchTests {
  let setting: BatchSetting

  init() throws {
    setting = try BatchSetting.shared.get()
  }

  @Test(
    "each request gets its certificate under its ID, and the elements stand in their order",
    .clause(
      "M8-AppC-submit", "M8-AppE-result", "M8-2.5-batch-access", "M8-2.5-batch-states",
      "M8-2.5-batch-item-status", "M8-AppB-http", "L4.4(c)", "C3-116-4"))
  func succeeds() throws {
    let requests = try BatchSetting.requests(7)
    let id = "ref &lt;1&gt; &amp; “\(UUID().uuidString)”"
    let accepted = try setting.submit(BatchSetting.xml(requests, id: id))
    #expect(accepted.root.name == "SubmitCSRBatchStatus")
    #expect(accepted.names == ["Version", "Build", "BatchStatus", "BatchId"])
    #expect(accepted.status == "PENDING")
    #expect(accepted.root.attribute("ID")?.hasPrefix("ref <1> & “") == true)
    let result = try setting.wait(try #require(accepted.batch))
    #expect(result.root.name == "CSRBatchResult")
    #expect(result.root.attribute("ID") == accepted.root.attribute("ID"))
    #expect(
      result.names == ["Version", "Build", "BatchStatus", "BatchId"]
        + Array(repeating: "DeviceCertificate", count: 7))
    #expect(result.items.map { $0.attribute("ID") } == (0..<7).map { "ID\($0)" })
    #expect(result.itemStatuses == Array(repeating: "SUCCESS", count: 7))
    for (certificate, request) in zip(try result.certificates(), requests) {
      let asked = try CertificationRequest(parsing: request)
      #expect(certificate?.tbs.subjectPublicKeyInfo == asked.subjectPublicKeyInfo)
      #expect(
        certificate?.tbs.extensions[.subjectAltName]?.value
          == asked.extensions[.subjectAltName]?.value)
    }
    #expect(try setting.result(#require(accepted.batch)).body == result.body)
  }

  @Test(
    "a bad request costs only itself",
    .clause(
      "M8-AppD-ineligible", "M8-2.5-batch-item-status", "C3-116-2", "OCP-possession", "L3.16",
      "C3-80-dev-4"))
  func oneByOne() throws {
    var requests = try BatchSetting.requests(4)
    let commissioned = BatchSetting.newDevice()
    try setting.estate.node.registration.bring(
      commissioned, .esme, to: .commissioned, at: setting.estate.now,
      by: ServingEstate.officer)
    requests.append(try DeviceDraft(for: commissioned).encoded())
    var wrongSignature = try DeviceDraft(for: BatchSetting.newDevice())
    wrongSignature.signer = try DeviceDraft(for: BatchSetting.newDevice()).signer
    requests.append(try wrongSignature.encoded())
    var named = try DeviceDraft(for: BatchSetting.newDevice())
    named.subject = Name([try #require(Name.Attribute.commonName("meter"))])
    requests.append(try named.encoded())
    requests.append([0x30, 0x00])
    requests.append(requests[0])
    let text = BatchSetting.xml(requests).replacing(
      "</SubmitCSRBatch>",
      with: "<DeviceCSR ID=\"pem\">-----BEGIN-----</DeviceCSR><DeviceCSR ID=\"none\"/>"
        + "</SubmitCSRBatch>")
    let accepted = try setting.submit(text)
    let result = try setting.wait(try #require(accepted.batch))
    #expect(
      result.itemStatuses == [
        "SUCCESS", "SUCCESS", "SUCCESS", "SUCCESS", "INELIGIBLE", "CSR_ERROR", "CSR_ERROR",
        "CSR_ERROR", "SUCCESS", "CSR_ERROR", "CSR_ERROR",
      ])
    #expect(
      result.itemCodes == [
        nil, nil, nil, nil, "IN:L316", "CR:SIG", "CR:SUBJECT", "CR:DER", nil, "CR:DER", "CR:DER",
      ])
    let certificates = try result.certificates()
    #expect(certificates[8]?.encoded == certificates[0]?.encoded)
    let report = try setting.ask("/Report", of: #require(Int(accepted.batch ?? "")))
    let lines = report.text.split(separator: "\n").map(String.init)
    #expect(lines[0] == "1,ID0,success,")
    #expect(lines[4] == "5,ID4,ineligible,IN:L316")
    #expect(lines[10] == "11,none,error,CR:DER")
  }

  @Test(
    "a batch holds 2 to 50,000 requests",
    .clause("L8.2", "M8-2.5-batch-count"), arguments: [(0, false), (1, false), (2, true)])
  func few(count: Int, isTaken: Bool) throws {
    let reply = try setting.submit(BatchSetting.xml(BatchSetting.requests(count)))
    #expect(reply.status == (isTaken ? "PENDING" : "FORMAT_ERROR"))
    #expect(reply.code == (isTaken ? nil : "FM:AA4"))
  }

  @Test(
    "50,000 requests are taken, 50,001 are FM:AA2", .clause("L8.2", "M8-2.5-batch-count"),
    arguments: [50_000, 50_001])
  func many(count: Int) throws {
    let text =
      "<SubmitCSRBatch ID=\"\(UUID().uuidString)\"><Version>1.0</Version>"
      + (0..<count).map { "<DeviceCSR ID=\"ID\($0)\">MAA=</DeviceCSR>" }.joined()
      + "</SubmitCSRBatch>"
    let reply = try setting.submit(text)
    #expect(reply.code == (count == 50_000 ? nil : "FM:AA2"))
    guard let batch = reply.batch else { return }
    let result = try setting.wait(batch)
    #expect(result.items.count == 50_000)
    #expect(Set(result.itemCodes) == ["CR:DER"])
  }

  @Test(
    "what is not the schema's is FM:AA1, and says where",
    .clause("M8-AppC-limits", "M8-AppC-submit", "ENG-xml", "L4.1"),
    arguments: [
      ("<SubmitCSRBatch", "<SubmitBatch", nil),
      ("</SubmitCSRBatch>", "", nil),
      ("<Version>1.0</Version>", "<Version>1.1</Version>", "Version 1.1"),
      ("<Version>1.0</Version>", "", "no Version"),
      ("<DeviceCSR ID=\"ID1\"", "<DeviceCSR", "none in line"),
      ("ID=\"ID1\"", "ID=\"1\"", "1 in line"),
      ("ID=\"ID1\"", "ID=\"a b\"", "a b in line"),
      ("ID=\"ID1\"", "ID=\"ID0\"", "ID0, twice"),
      ("ID=\"ID1\"", "ID=\"ID1\" x=\"y\"", "x of DeviceCSR"),
      ("<DeviceCSR ID=\"ID1\">", "text<DeviceCSR ID=\"ID1\">", "text between"),
      ("<DeviceCSR ID=\"ID1\">", "<DeviceCSR ID=\"ID1\"><b/>", "b in DeviceCSR"),
      ("<DeviceCSR ID=\"ID1\">", "<Other/><DeviceCSR ID=\"ID1\">", "Other in line"),
      ("<SubmitCSRBatch", "<!DOCTYPE a [<!ENTITY b \"c\">]><SubmitCSRBatch", nil),
      ("<SubmitCSRBatch", "<?php x?><SubmitCSRBatch", nil),
      ("<Version>", "&lol;<Version>", nil),
    ])
  func schema(what: String, by: String, found: String?) throws {
    let text = BatchSetting.xml(try BatchSetting.requests(2)).replacing(what, with: by)
    let reply = try setting.submit(text)
    #expect(reply.root.name == "SubmitCSRBatchStatus")
    #expect(reply.names == ["Version", "Build", "BatchStatus", "Error"])
    #expect(reply.status == "FORMAT_ERROR")
    #expect(reply.code == "FM:AA1", "\(reply.text)")
    if let found { #expect(reply.text.contains(found), "\(reply.text)") }
  }

  @Test(
    "IDs have their lengths: at the limit taken, beyond refused", .clause("M8-AppC-limits"),
    arguments: [(256, 100, true), (257, 100, false), (256, 101, false), (0, 10, false)])
  func lengths(reference: Int, item: Int, isTaken: Bool) throws {
    let unique = String((UUID().uuidString + String(repeating: "r", count: 300)).prefix(reference))
    let text = BatchSetting.xml(try BatchSetting.requests(2), id: unique).replacing(
      "ID=\"ID0\"", with: "ID=\"\(String(repeating: "i", count: item))\"")
    let reply = try setting.submit(text)
    #expect((reply.code == nil) == isTaken, "\(reply.text)")
  }

  @Test("another media type is FM:AA1, and a body of nothing too", .clause("M8-AppB-http"))
  func mediaType() throws {
    let client = try setting.estate.client(setting.one.batched)
    let url = try setting.estate.url(.service, BatchSetting.submitPath)
    let text = Array(BatchSetting.xml(try BatchSetting.requests(2)).utf8)
    #expect(try BatchReply(client.post(url, type: "text/plain", body: text)).code == "FM:AA1")
    let empty = try BatchReply(client.post(url, type: BatchSetting.mediaType, body: []))
    #expect(empty.code == "FM:AA1")
    #expect(try BatchReply(client.post(url, type: "text/xml", body: text)).code == nil)
  }

  @Test(
    "the same batch again gets the same receipt, other content under its ID is refused",
    .clause("ENG-batch-receipt"))
  func receipt() throws {
    let id = UUID().uuidString
    let text = BatchSetting.xml(try BatchSetting.requests(2), id: id)
    let first = try setting.submit(text)
    #expect(try setting.submit(text).batch == first.batch)
    let changed = try setting.submit(BatchSetting.xml(try BatchSetting.requests(2), id: id))
    #expect(changed.status == "FORMAT_ERROR")
    #expect(changed.code == "FM:AA5")
    #expect(changed.root.attribute("ID") == id)
    // Another party's identifiers are its own.
    let others = try setting.submit(text, by: setting.other)
    #expect(others.batch != first.batch)
    #expect(others.status == "PENDING")
  }

  @Test("the same batch at the same time is one batch", .clause("ENG-batch-receipt"))
  func atOnce() throws {
    let text = BatchSetting.xml(try BatchSetting.requests(20))
    let found = Collected<String?>()
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      found.add((try? setting.submit(text))?.batch)
    }
    #expect(Set(found.all).count == 1)
    #expect(found.all.count == 6)
    _ = try setting.wait(#require(found.all[0]))
  }

  @Test(
    "a party sees its own batches only, and another's as if there were none",
    .clause("M8-2.5-batch-own"))
  func own() throws {
    let accepted = try setting.submit(BatchSetting.xml(try BatchSetting.requests(2)))
    let batch = try #require(accepted.batch)
    _ = try setting.wait(batch)
    let foreign = try setting.result(batch, by: setting.other)
    #expect(foreign.status == "FORMAT_ERROR")
    #expect(foreign.code == "FM:AA3")
    let absent = try setting.result("99999999", by: setting.other)
    #expect(absent.code == "FM:AA3")
    #expect(absent.text.replacing("99999999", with: batch) == foreign.text)
    for wrong in ["", "0", "-1", "01", "x", "1%201", "99999999999999999999999"] {
      #expect(try setting.result(wrong).code == "FM:AA3")
    }
    for path in ["", "/Certificates", "/Report"] {
      #expect(try setting.ask(path, of: Int(batch) ?? 0, by: setting.other).status == 404)
      #expect(try setting.ask(path, of: Int(batch) ?? 0).status == 200)
    }
  }

  @Test(
    "the credential of another interface is refused before anything is read",
    .clause("M8-2.5-batch-access", "M8-2.3-separate-credentials", "L4.1(a)"))
  func interface() throws {
    let text = Array(BatchSetting.xml(try BatchSetting.requests(2)).utf8)
    let estate = setting.estate
    let submit = try estate.url(.service, BatchSetting.submitPath)
    let wrong = try estate.client(setting.one.portal).post(
      submit, type: BatchSetting.mediaType, body: text)
    #expect(wrong.status == 403)
    #expect(wrong.text.contains("credential-for-other-interface"))
    #expect(try estate.client().post(submit, type: "text/xml", body: text).status == 403)
    let result = try estate.client(setting.one.portal).get(
      estate.url(.service, BatchSetting.resultPath) + "?BatchId=1")
    #expect(result.status == 403)
    for path in ["", "/Certificates", "/Report"] {
      let answer = try estate.client(setting.one.batched).get(
        estate.url(.service, "/1.0/DeviceBatch\(path)") + "?BatchId=1")
      #expect(answer.status == 403)
    }
    let upload = try estate.client(setting.one.batched).post(
      estate.url(.service, "/1.0/DeviceBatch") + "?name=a.zip", type: "application/zip",
      body: [1])
    #expect(upload.status == 403)
    let id = "nobody-\(UUID().uuidString.prefix(8).lowercased())"
    try estate.add(id, [.otherParty], subscribes: false)
    let nobody = try estate.credential(of: id, for: .batched)
    let refused = try estate.client(nobody).post(
      submit, type: BatchSetting.mediaType, body: text)
    #expect(refused.text.contains("not-an-authorised-subscriber"))
  }
}

/// Values that several threads bring.
final class Collected<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var values: [Value] = []

  func add(_ value: Value) { lock.withLock { values.append(value) } }
  var all: [Value] { lock.withLock { values } }
}
