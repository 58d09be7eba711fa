// SPDX-License-Identifier: Apache-2.0

import Archive
import Batches
import Client
import DER
import Foundation
import Service
import Threads
import X509

extension Command {
  /// Measures batches as parties have them: over the network, from the last octet to the end.
  static let benchBatches = Command(
    name: "bench batches", summary: "measure batches over the network, and single requests beside",
    notes: """
      Makes a test estate of its own, serves it in a second process, and submits a batch by the \
      web service and one by archive. The time runs from the last octet of the upload to \
      COMPLETED, as the node's records have it. Each certificate is collected and checked against \
      its request. Then two batches of two parties run while single requests are asked for.
      """,
    options: [
      .value("--requests", "N", "requests of each batch; 50000 by default"),
      .value("--port", "PORT", "first of four ports on loopback; 28443 by default"),
    ], example: "smki bench batches --requests 5000"
  ) { invocation in
    let count = try invocation.number("--requests", in: 2...Batch.requestsMax) ?? 50_000
    let port = try invocation.number("--port", in: 1024...65_531) ?? 28_443
    let report = try BatchesBench(count: count, firstPort: UInt16(port)).run()
    try invocation.show(report) { report.text }
    return .done
  }
}

/// Everything that one bench of batches measured.
struct BatchesReport: Codable {
  /// One batch and its figures; times in seconds from the last octet of the upload.
  struct Line: Codable {
    let way: String
    let requests: Int
    let uploadMegabytes: Double
    let receiptSeconds: Double
    let firstSeconds: Double
    let completedSeconds: Double
    /// From asking for the result to having it whole, the first time.
    let resultSeconds: Double
    /// Microseconds of the node's CPU for each request, upload and reading included.
    let nodeMicroseconds: Double

    var rate: Double { Double(requests) / completedSeconds }
  }

  let limitPerSecond: Double
  let lines: [Line]
  let singles: LoadResult
  /// Requests of batches a second while single ones were asked for.
  let batchRateBesideSingles: Double
  let peakMegabytes: Double

  var text: String {
    let rows = lines.map { line in
      [
        line.way, "\(line.requests)", line.uploadMegabytes.formatted(decimals: 1),
        line.receiptSeconds.formatted(decimals: 2), line.firstSeconds.formatted(decimals: 2),
        line.completedSeconds.formatted(decimals: 2), "\(Int(line.rate))",
        "\(Int((line.rate / limitPerSecond * 100).rounded())) %",
        line.resultSeconds.formatted(decimals: 2), line.nodeMicroseconds.formatted(decimals: 0),
      ]
    }
    let headings = [
      "by", "requests", "MB", "receipt s", "first s", "completed s", "per second", "of the limit",
      "result s", "node µs",
    ]
    return Table.pairs([
      ("limit: verify, sign, verify", "\(Int(limitPerSecond)) per second"),
      (
        "single requests while two batches run",
        "p50 \(singles.median.formatted(decimals: 1)) ms, "
          + "p99 \(singles.percentile99.formatted(decimals: 1)) ms, "
          + "\(Int(singles.rate)) per second over 4 connections, "
          + "batches at \(Int(batchRateBesideSingles)) per second"
      ), ("peak memory of the node", "\(Int(peakMegabytes.rounded())) MB"),
    ]) + "\n\n" + Table(headings: headings, rows: rows).text()
  }
}

/// One bench of batches from its estate to its report.
struct BatchesBench {
  let count: Int
  let firstPort: UInt16

  /// The parties of the samples whose credentials are used.
  private static let parties = ["example-meters", "example-gas"]

  /// Measures the limit, and then everything beside it.
  func run() throws -> BatchesReport {
    try run(beside: PhysicalLimit.measure(seconds: BenchRun.limitSeconds).withSelfCheck)
  }

  /// Everything beside a limit that was measured in the same run.
  func run(beside limit: Double) throws -> BatchesReport {
    let program =
      ProcessInfo.processInfo.arguments[0].contains("/")
      ? ProcessInfo.processInfo.arguments[0] : "/proc/self/exe"
    let path = FileManager.default.temporaryDirectory.appending(
      path: "smki-bench-batches-\(ProcessInfo.processInfo.processIdentifier)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let server = try BenchServer(program: program, folder: Folder(path), firstPort: firstPort)
    defer { server.stop() }
    let node = BatchesNode(server: server)
    let xml = try one("web service", from: 0, node)
    let zip = try one("archive", from: count, node)
    let (singles, rate) = try beside(node)
    return BatchesReport(
      limitPerSecond: limit, lines: [xml, zip], singles: singles,
      batchRateBesideSingles: rate, peakMegabytes: server.peakMegabytes)
  }

  /// One batch, alone.
  private func one(
    _ way: String, from first: Int, _ node: BatchesNode
  ) throws
    -> BatchesReport.Line
  {
    let made = try RequestForge.make(count, from: first)
    let isXML = way == "web service"
    let body = isXML ? BatchesNode.xml(made, id: way) : try BatchesNode.archive(made)
    let before = node.server.cpuSeconds
    let batch = try node.submit(body, isXML, party: Self.parties[0], name: way)
    let receipt = SystemClock.now()
    let party = Self.parties[0]
    let watcher = try HTTPClient(node.options(party, "portal-device"))
    var first: Time?
    var progress = try node.progress(batch, watcher)
    while progress.state != "COMPLETED" {
      if first == nil, progress.done > 0 { first = SystemClock.now() }
      Thread.sleep(forTimeInterval: 0.02)
      progress = try node.progress(batch, watcher)
    }
    guard let received = Time(rfc3339: progress.received),
      let finished = progress.finished.flatMap({ Time(rfc3339: $0) })
    else { throw BenchError.refused(200, "no times") }
    let cpu = node.server.cpuSeconds - before
    let asked = SystemClock.now()
    let certificates = try node.collect(batch, isXML, party)
    let had = SystemClock.now()
    try node.check(certificates, against: made)
    func seconds(_ from: Time, _ to: Time) -> Double {
      Double(to.milliseconds - from.milliseconds) / 1_000
    }
    return BatchesReport.Line(
      way: way, requests: count, uploadMegabytes: Double(body.count) / 1_000_000,
      receiptSeconds: seconds(received, receipt),
      firstSeconds: seconds(received, first ?? finished),
      completedSeconds: seconds(received, finished), resultSeconds: seconds(asked, had),
      nodeMicroseconds: cpu / Double(count) * 1_000_000)
  }

  /// Single requests over four connections while a batch of each of two parties runs.
  private func beside(_ node: BatchesNode) throws -> (LoadResult, Double) {
    var batches: [(Int, String)] = []
    for (number, party) in Self.parties.enumerated() {
      let made = try RequestForge.make(count, from: (2 + number) * count)
      let body = BatchesNode.xml(made, id: "beside \(party)")
      batches.append((try node.submit(body, true, party: party, name: ""), party))
    }
    let singles = max(100, count / 25)
    let made = try RequestForge.make(singles, from: 4 * count)
    let measured = try Load.issue(
      made, url: node.url, connections: 4,
      options: node.options("example-electricity", "portal-device")
    ).result
    var rates: [Double] = []
    for (batch, party) in batches {
      let watcher = try HTTPClient(node.options(party, "portal-device"))
      var progress = try node.progress(batch, watcher)
      while progress.state != "COMPLETED" {
        Thread.sleep(forTimeInterval: 0.05)
        progress = try node.progress(batch, watcher)
      }
      if let start = progress.started.flatMap({ Time(rfc3339: $0) }),
        let end = progress.finished.flatMap({ Time(rfc3339: $0) }),
        end > start
      {
        rates.append(Double(count) * 1_000 / Double(end.milliseconds - start.milliseconds))
      }
    }
    return (measured, rates.reduce(0, +))
  }
}

/// What a bench of batches asks of its node.
struct BatchesNode {
  let server: BenchServer

  var url: String { "https://127.0.0.1:\(server.configuration.doors.service)" }

  func options(_ party: String, _ interface: String) -> HTTPClient.Options {
    var options = HTTPClient.Options()
    let stem = "\(server.folder.parties)/\(party)/\(interface)"
    options.certificatePath = "\(stem).pem"
    options.keyPath = "\(stem).key"
    options.authoritiesPath = server.folder.serverAuthority
    options.totalSecondsMax = 600
    options.bodyOctetsMax = 1 << 28
    return options
  }

  static func xml(_ made: [RequestForge.Made], id: String) -> [UInt8] {
    var text = "<SubmitCSRBatch ID=\"\(id)\"><Version>1.0</Version>"
    for (number, one) in made.enumerated() {
      text += "<DeviceCSR ID=\"ID\(number)\">\(Base64.encode(one.request))</DeviceCSR>"
    }
    return Array((text + "</SubmitCSRBatch>").utf8)
  }

  static func archive(_ made: [RequestForge.Made]) throws -> [UInt8] {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "smki-bench-batches-\(ProcessInfo.processInfo.processIdentifier).zip"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try FileWriter(new: path)
    var archive = ZipWriter(
      into: file, year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0)
    for (number, one) in made.enumerated() {
      try archive.add(
        "ID\(number).csr",
        Array(PEM(label: "CERTIFICATE REQUEST", bytes: one.request).text.utf8))
    }
    try archive.finish()
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// The number of the batch that a body becomes.
  func submit(_ body: [UInt8], _ isXML: Bool, party: String, name: String) throws -> Int {
    let client = try HTTPClient(options(party, isXML ? "batched" : "portal-device"))
    let answer =
      try isXML
      ? client.post(
        "\(url)/1.0/PortalCSRBatch/SubmitCSRBatch", type: "application/xml;charset=UTF-8",
        body: body)
      : client.post(
        "\(url)/1.0/DeviceBatch?name=\(name).zip", type: "application/zip", body: body)
    let found =
      isXML
      ? answer.text.firstMatch(of: /<BatchId>(\d+)</).flatMap { Int($0.1) }
      : (try? JSONDecoder().decode(BatchBody.self, from: Data(answer.body)))?.batch
    guard let found else { throw BenchError.refused(answer.status, answer.text) }
    return found
  }

  /// Where a batch stands; over one connection, so that looking costs the node no handshakes.
  func progress(_ batch: Int, _ watcher: HTTPClient) throws -> BatchBody {
    let answer = try watcher.get("\(url)/1.0/DeviceBatch?BatchId=\(batch)")
    guard answer.status == 200 else { throw BenchError.refused(answer.status, answer.text) }
    return try JSONDecoder().decode(BatchBody.self, from: Data(answer.body))
  }

  /// The certificates of a batch by the numbers of their requests.
  func collect(_ batch: Int, _ isXML: Bool, _ party: String) throws -> [UInt8] {
    let client = try HTTPClient(options(party, isXML ? "batched" : "portal-device"))
    let path =
      isXML ? "PortalCSRBatch/CSRBatchResult" : "DeviceBatch/Certificates"
    let answer = try client.get("\(url)/1.0/\(path)?BatchId=\(batch)")
    guard answer.status == 200 else { throw BenchError.refused(answer.status, answer.text) }
    return answer.body
  }

  /// Checks each certificate of a result against its request.
  func check(_ result: [UInt8], against made: [RequestForge.Made]) throws {
    var certificates: [Int: [UInt8]] = [:]
    if result.first == 0x50 {
      let path = FileManager.default.temporaryDirectory.appending(
        path: "smki-bench-batches-\(ProcessInfo.processInfo.processIdentifier).zip"
      ).path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try Data(result).write(to: URL(filePath: path))
      for entry in try RequestFolder.entries(path, ".crt") {
        certificates[Int(entry.name.dropFirst(2)) ?? -1] =
          try Certificate(pem: entry.octets).encoded
      }
    } else {
      let text = String(decoding: result, as: UTF8.self)
      for part in text.components(separatedBy: "<DeviceCertificate ID=\"ID").dropFirst() {
        guard let number = Int(part.prefix { $0.isNumber }),
          let begin = part.range(of: "<Certificate>"), let end = part.range(of: "</Certificate>")
        else { continue }
        certificates[number] = Base64.decode(
          Array(part[begin.upperBound..<end.lowerBound].utf8))
      }
    }
    for (number, one) in made.enumerated() {
      guard let der = certificates[number] else {
        throw BenchError.wrongCertificate("none for request \(number)")
      }
      _ = try Load.check(der, against: one)
    }
  }
}
