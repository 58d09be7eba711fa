// SPDX-License-Identifier: Apache-2.0

import Archive
import Batches
import ClauseTrait
import Client
import DER
import Foundation
import SEC
import Service
import TestProcess
import Testing
import X509

@Suite("Batches by file: an archive of .csr files in, one of .crt files and a report out")
struct BatchArchiveTests {
  let setting: BatchSetting

  init() throws {
    setting = try BatchSetting.shared.get()
  }

  private func receipt(_ response: ClientResponse) throws -> BatchBody {
    try #require(response.status == 200, "\(response.status) \(response.text)")
    return try JSONDecoder().decode(BatchBody.self, from: Data(response.body))
  }

  private func unzip(_ octets: [UInt8]) throws -> [String: [UInt8]] {
    let path = NSTemporaryDirectory() + "smki-unzip-\(UUID().uuidString).zip"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(octets).write(to: URL(filePath: path))
    let reader = try ZipReader(
      path,
      limits: ZipLimits(entriesMax: 60_000, entryOctetsMax: 1 << 16, totalOctetsMax: 1 << 28))
    var files: [String: [UInt8]] = [:]
    while let entry = try reader.next() { files[entry.name] = entry.octets }
    return files
  }

  @Test(
    "each file gets its certificate under its name, and a line in the report",
    .clause(
      "M8-2.5-batch-file", "M8-AppF-batch-report", "M8-2.3-collection", "RFC7468-3", "L8.2"))
  func succeeds() throws {
    let requests = try BatchSetting.requests(3)
    let name = "meters \(UUID().uuidString)"
    let files: [(String, [UInt8])] = [
      ("a meter.csr", BatchSetting.file(requests[0])),
      ("b.csr", Array(Base64.encode(requests[1]).utf8)),
      ("empty.csr", []), ("c.x.csr", BatchSetting.file(requests[2])),
      ("broken.csr", Array("MIIB!".utf8)),
    ]
    let escaped = name.replacing(" ", with: "%20")
    let accepted = try receipt(
      setting.upload(BatchSetting.zip(files), name: "\(escaped).zip"))
    #expect(accepted.requests == 5)
    #expect(accepted.repeated == false)
    try setting.wait(accepted.batch, for: .completed)
    let progress = try receipt(setting.ask("", of: accepted.batch))
    #expect(progress.state == "COMPLETED")
    #expect(progress.done == 5)
    #expect(progress.success == 3)
    #expect(progress.error == 2)
    let archive = try setting.ask("/Certificates", of: accepted.batch)
    #expect(archive.header("content-type") == "application/zip")
    #expect(
      archive.header("content-disposition") == "attachment; filename=\"\(name)-response.zip\"")
    #expect(archive.header("smki-acceptance") == "deemed accepted unless rejected at once")
    let certificates = try unzip(archive.body)
    #expect(Set(certificates.keys) == ["a meter.crt", "b.crt", "c.x.crt"])
    for (file, request) in zip(["a meter.crt", "b.crt", "c.x.crt"], requests) {
      let certificate = try Certificate(pem: #require(certificates[file]))
      let asked = try CertificationRequest(parsing: request)
      #expect(certificate.tbs.subjectPublicKeyInfo == asked.subjectPublicKeyInfo)
    }
    let report = try setting.ask("/Report", of: accepted.batch)
    #expect(
      report.text == """
        1,a meter.csr,success,
        2,b.csr,success,
        3,empty.csr,error,CR:DER
        4,c.x.csr,success,
        5,broken.csr,error,CR:DER

        """)
    #expect(try setting.ask("/Certificates", of: accepted.batch).body == archive.body)
    // The web service knows only what came through it: file names are no IDs of XML.
    #expect(try setting.result("\(accepted.batch)").code == "FM:AA3")
    let list = try setting.estate.client(setting.one.portal).get(
      setting.estate.url(.service, "/1.0/DeviceBatch"))
    let bodies = try JSONDecoder().decode([BatchBody].self, from: Data(list.body))
    #expect(bodies.contains { $0.batch == accepted.batch })
    #expect(bodies.allSatisfy { $0.party == setting.one.id })
  }

  @Test(
    "what is no archive of .csr files in its root is refused, with the file's name",
    .clause("M8-2.5-batch-file"),
    arguments: [
      ("a.txt", "another extension"), ("d/a.csr", "a folder"), ("../a.csr", "a folder"),
      ("d\\a.csr", "a folder"), (".csr", "a folder"), ("a,b.csr", "a comma"),
      ("b.csr", "the name twice"), ("a.CSR", "another extension"), ("a\n.csr", "control"),
    ])
  func names(name: String, found: String) throws {
    let file = BatchSetting.file(try BatchSetting.requests(1)[0])
    let answer = try setting.upload(
      BatchSetting.zip([("b.csr", file), (name, file)]), name: "n-\(UUID().uuidString).zip")
    #expect(answer.status == 400)
    let body = try JSONDecoder().decode(ErrorBody.self, from: Data(answer.body))
    #expect(body.code == "batch-file-name")
    #expect(body.field == name.replacing("\\", with: "/"))
    #expect(body.found.contains(found))
  }

  @Test(
    "broken, encrypted and huge archives are refused", .clause("M8-2.5-batch-file", "L8.2"))
  func archives() throws {
    let file = BatchSetting.file(try BatchSetting.requests(1)[0])
    func code(_ archive: [UInt8]) throws -> String {
      let answer = try setting.upload(archive, name: "x-\(UUID().uuidString).zip")
      #expect(answer.status == 400)
      return try JSONDecoder().decode(ErrorBody.self, from: Data(answer.body)).code
    }
    let good = try BatchSetting.zip([("a.csr", file), ("b.csr", file)])
    #expect(try code([]) == "batch-archive")
    #expect(try code(Array(good.dropLast(1))) == "batch-archive")
    #expect(try code(Array(good.prefix(100))) == "batch-archive")
    #expect(try code(Array("text".utf8)) == "batch-archive")
    let large = [UInt8](repeating: 0x41, count: 16_385)
    #expect(try code(BatchSetting.zip([("a.csr", large), ("b.csr", file)])) == "batch-archive")
    #expect(try code(BatchSetting.zip([("a.csr", file)])) == "batch-too-small")
    #expect(
      try code(BatchSetting.zip((0..<50_001).map { ("\($0).csr", [0x41]) })) == "batch-too-large")
  }

  @Test(
    "a bomb is refused before it has grown",
    .clause("M8-2.5-batch-file", "ENG-http-limits"))
  func bomb() throws {
    let place = NSTemporaryDirectory() + "smki-bomb-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: place) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c",
      "mkdir \(place) && cd \(place) && head -c 16000 /dev/zero >0.csr && "
        + "for i in $(seq 400); do ln 0.csr $i.csr; done && zip -q -9 bomb.zip *.csr",
    ]
    try process.run()
    process.waitForEnd()
    try #require(process.terminationStatus == 0)
    let octets = [UInt8](try Data(contentsOf: URL(filePath: "\(place)/bomb.zip")))
    #expect(octets.count < 100_000)
    let answer = try setting.upload(octets, name: "bomb-\(UUID().uuidString).zip")
    #expect(answer.status == 400)
    let body = try JSONDecoder().decode(ErrorBody.self, from: Data(answer.body))
    #expect(body.code == "batch-archive")
    #expect(body.found.contains("octets out of"))
  }

  @Test("50,000 files are taken", .clause("L8.2", "M8-2.5-batch-count"))
  func many() throws {
    let answer = try setting.upload(
      BatchSetting.zip((0..<50_000).map { ("\($0).csr", [0x41]) }),
      name: "many-\(UUID().uuidString).zip")
    let accepted = try receipt(answer)
    try setting.wait(accepted.batch, for: .completed)
    let progress = try receipt(setting.ask("", of: accepted.batch))
    #expect(progress.error == 50_000)
  }

  @Test("an upload without a name, and a name too long, are refused", .clause("M8-AppC-limits"))
  func identifier() throws {
    let file = BatchSetting.file(try BatchSetting.requests(1)[0])
    let archive = try BatchSetting.zip([("a.csr", file), ("b.csr", file)])
    for name in ["", String(repeating: "n", count: 257)] {
      let answer = try setting.upload(archive, name: name)
      #expect(answer.status == 400)
      #expect(answer.text.contains("batch-reference"))
    }
  }

  @Test(
    "the same archive under its name again gets its receipt again", .clause("ENG-batch-receipt"))
  func again() throws {
    let file = BatchSetting.file(try BatchSetting.requests(1)[0])
    let archive = try BatchSetting.zip([("a.csr", file), ("b.csr", [0x41])])
    let name = "again-\(UUID().uuidString).zip"
    let first = try receipt(setting.upload(archive, name: name))
    let second = try receipt(setting.upload(archive, name: name))
    #expect(second.batch == first.batch)
    #expect(second.repeated == true)
    let other = try setting.upload(
      BatchSetting.zip([("a.csr", file), ("c.csr", [0x41])]), name: name)
    #expect(other.status == 409)
    #expect(other.text.contains("batch-identifier-taken"))
  }
}
