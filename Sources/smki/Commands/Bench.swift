// SPDX-License-Identifier: Apache-2.0

import Foundation
import Service

extension Command {
  /// Measures this machine's limit and how near the program comes to it, in one run.
  static let bench = Command(
    name: "bench", summary: "measure this machine's limit, and how near the program comes to it",
    notes: """
      Makes a test estate of its own in a temporary folder, serves it in a second process, asks \
      from a third with full TLS on connections that stay open, checks each certificate against \
      its request, and removes everything. The limit is what all cores can verify, sign and \
      verify again, with nothing else to do. At the end the node stops and a batch is issued \
      without a network, and then batches are run as parties send them: by the web service and as \
      an archive, alone and beside single requests (bench batches).
      """,
    options: [
      .value("--requests", "N", "certificates for each number of connections; 20000 by default"),
      .value("--fill", "N", "certificates in all before memory is read; 100000 by default"),
      .value("--batch", "N", "requests of the batch, 0 for none; 50000 by default"),
      .value("--port", "PORT", "first of four ports on loopback; 28443 by default"),
    ], example: "smki bench --requests 5000 --fill 10000"
  ) { invocation in
    let count = try invocation.number("--requests", in: 100...200_000) ?? 20_000
    let fill = try invocation.number("--fill", in: 0...1_000_000) ?? 100_000
    let batch = try invocation.number("--batch", in: 0...1_000_000) ?? 50_000
    let port = try invocation.number("--port", in: 1024...65_531) ?? 28_443
    let report = try BenchRun(count: count, fill: fill, batch: batch, firstPort: UInt16(port))
      .run()
    try invocation.show(report) { report.text }
    return .done
  }
}

/// Everything that one bench measured.
struct BenchReport: Codable {
  /// One load and its figures.
  struct Line: Codable {
    let load: String
    let connections: Int
    let result: LoadResult
    /// Microseconds of the node's CPU for each request.
    let serverMicroseconds: Double
  }

  let cores: Int
  let limitPerSecond: Double
  let limitWithoutSelfCheckPerSecond: Double
  /// With the self-check as we do it, by a table of the key's multiples.
  let limitWithTablePerSecond: Double
  let readySeconds: Double
  let lines: [Line]
  let certificates: Int
  let residentMegabytes: Double
  let mappedMegabytes: Double
  let batch: BatchReport?
  /// Batches over the network, beside the same limit.
  let batches: BatchesReport?

  /// The figures as a person reads them.
  var text: String {
    let rows = lines.map { line in
      [
        line.load, String(line.connections), String(line.result.requests),
        String(Int(line.result.rate)),
        line.load == "issue"
          ? "\(Int((line.result.rate / limitPerSecond * 100).rounded())) %" : "-",
        line.result.median.formatted(decimals: 2),
        line.result.percentile99.formatted(decimals: 2),
        line.serverMicroseconds.formatted(decimals: 0),
      ]
    }
    let batchText =
      batch.map { batch in
        let share = Int((batch.rate / limitPerSecond * 100).rounded())
        return "\(Int(batch.rate)) per second, \(share) % of the limit; the first "
          + "after \(batch.firstSeconds.formatted(decimals: 2)) s; "
          + "\(batch.microseconds.formatted(decimals: 0)) µs of CPU each"
      } ?? "-"
    let headings = [
      "load", "connections", "requests", "per second", "of the limit", "p50 ms", "p99 ms",
      "node µs",
    ]
    return Table.pairs([
      ("cores", String(cores)),
      ("limit: verify, sign, verify", "\(Int(limitPerSecond)) per second"),
      ("limit without self-check", "\(Int(limitWithoutSelfCheckPerSecond)) per second"),
      ("limit with our self-check", "\(Int(limitWithTablePerSecond)) per second"),
      ("ready after start", "\(readySeconds.formatted(decimals: 2)) s"),
      (
        "resident after \(certificates) certificates",
        "\(Int(residentMegabytes.rounded())) MB, "
          + "of which \(Int(mappedMegabytes.rounded())) MB are pages of files"
      ),
      ("batch of \(batch?.requests ?? 0), no network", batchText),
    ]) + "\n\n" + Table(headings: headings, rows: rows).text()
      + (batches.map { "\n\n" + $0.text } ?? "")
  }
}

/// One bench from its estate to its report.
struct BenchRun {
  /// Seconds that the limit is measured for.
  static let limitSeconds = 4.0

  let count: Int
  let fill: Int
  let batch: Int
  let firstPort: UInt16

  func run() throws -> BenchReport {
    let program =
      ProcessInfo.processInfo.arguments[0].contains("/")
      ? ProcessInfo.processInfo.arguments[0] : "/proc/self/exe"
    let path = FileManager.default.temporaryDirectory.appending(
      path: "smki-bench-\(ProcessInfo.processInfo.processIdentifier)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: path) }
    step("measuring the limit", 0)
    let limit = try PhysicalLimit.measure(seconds: Self.limitSeconds)
    step("starting a node", 1)
    let server = try BenchServer(program: program, folder: Folder(path), firstPort: firstPort)
    defer { server.stop() }
    var made = 0
    var lines: [BenchReport.Line] = []
    var serials: [String] = []

    func load(_ kind: String, _ connections: Int, _ requests: Int, input: String = "") throws {
      step("\(kind) over \(connections) connections", 2 + lines.count)
      let before = server.cpuSeconds
      let report = try ask(program, path, kind, connections, requests, from: made, input: input)
      let cpu = server.cpuSeconds - before
      lines.append(
        BenchReport.Line(
          load: kind, connections: connections, result: report.result,
          serverMicroseconds: cpu / Double(report.result.requests) * 1_000_000))
      if kind == "issue" {
        made += requests
        serials = report.serials
      }
    }
    try load("issue", 1, max(100, count / 10))
    try load("issue", 8, count)
    try load("issue", 32, count)
    try load("handshake", 8, min(count, 1000))
    try load("search", 8, count)
    try load("retrieve", 8, count, input: serials.joined(separator: "\n"))
    if made < fill { try load("issue", 32, fill - made) }
    let (resident, mapped) = (server.residentMegabytes, server.mappedMegabytes)
    step("a batch", 9)
    // Nobody may serve the estate meanwhile.
    server.stop()
    let batch = try batch == 0 ? nil : issueBatch(program, path, from: made)
    let batches =
      try self.batch < 2
      ? nil
      : BatchesBench(count: min(self.batch, 50_000), firstPort: firstPort)
        .run(beside: limit.withSelfCheck)
    step("done", 10)
    return BenchReport(
      cores: ProcessInfo.processInfo.activeProcessorCount, limitPerSecond: limit.withSelfCheck,
      limitWithoutSelfCheckPerSecond: limit.withoutSelfCheck,
      limitWithTablePerSecond: limit.withTable, readySeconds: server.readySeconds,
      lines: lines, certificates: made, residentMegabytes: resident, mappedMegabytes: mapped,
      batch: batch, batches: batches)
  }

  private func issueBatch(
    _ program: String, _ path: String, from first: Int
  ) throws -> BatchReport {
    let data = try BenchServer.run(
      program,
      [
        "bench", "batch", "--requests", "\(batch)", "--from", "\(first)", "--estate", path,
        "--json",
      ])
    return try JSONDecoder().decode(BatchReport.self, from: data)
  }

  private func step(_ what: String, _ done: Int) {
    Terminal.progress(what.padded(to: 32), done, of: 10)
  }

  private func ask(
    _ program: String, _ path: String, _ kind: String, _ connections: Int, _ requests: Int,
    from first: Int, input: String
  ) throws -> LoadReport {
    let data = try BenchServer.run(
      program,
      [
        "bench", "load", "--kind", kind, "--connections", "\(connections)", "--requests",
        "\(requests)", "--from", "\(first)", "--estate", path, "--json",
      ], input: input)
    return try JSONDecoder().decode(LoadReport.self, from: data)
  }
}
