// SPDX-License-Identifier: Apache-2.0

import Authority
import Batches
import DER
import FoundationEssentials
import Glibc
import Keys
import Records
import SEC
import Service

extension Command {
  private static let batch = Operand(name: "BATCH", summary: "the number of the batch")
  private static let reason = Option.required("--reason", "TEXT", "why, in words")

  static let batchSubmit = Command(
    name: "batch submit", summary: "hand in a batch for a party: a ZIP of .csr files, or XML",
    operands: [Operand(name: "FILE", summary: "the archive (.zip) or the XML (.xml)")],
    options: [.required("--party", "PARTY", "identifier of the party")],
    example: "smki batch submit meters.zip --party north-gas"
  ) { invocation in
    let file = URL(filePath: invocation.operands[0])
    let format = file.pathExtension.lowercased()
    guard ["zip", "xml"].contains(format) else {
      throw UsageError("\(file.lastPathComponent) is no .zip and no .xml", invocation.command)
    }
    guard FileManager.default.isReadableFile(atPath: file.path) else {
      throw Files.failure("reading", invocation.operands[0])
    }
    // A copy in the estate's folder, which becomes the batch's own.
    let incoming = "\(invocation.folder.batches)/incoming"
    try Files.makeFolder(incoming)
    let copy = "\(incoming)/command-\(getpid())-\(Hex.encode(Random.bytes(4)))"
    try FileManager.default.copyItem(atPath: file.path, toPath: copy)
    defer { try? FileManager.default.removeItem(atPath: copy) }
    let path = URL(filePath: copy).standardizedFileURL.path
    let body = try Channel(invocation: invocation).perform(
      SubmitBatch(
        party: invocation.required("--party"), path: path, format: format,
        identifier: file.lastPathComponent))
    return try invocation.tell(body)
  }

  static let batchList = Command(
    name: "batch list", summary: "list batches, the newest first",
    options: [
      .value("--party", "PARTY", "only those of a party"),
      .value("--most", "N", "so many; 20 by default"),
    ], example: "smki batch list"
  ) { invocation in
    let most = try invocation.number("--most", in: 1...10_000) ?? 20
    let found = try invocation.batchReading().newest(most, of: invocation.value("--party"))
    try invocation.show(found.map(BatchBody.init)) {
      Table(
        headings: ["batch", "party", "identifier", "state", "done", "of", "end"],
        rows: found.map(BatchBody.init).map { body in
          [
            "\(body.batch)", body.party, body.identifier,
            body.held ? "\(body.state), held" : body.state, "\(body.done)", "\(body.requests)",
            body.finished ?? body.expected.map { "expected \($0)" } ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }

  static let batchShow = Command(
    name: "batch show", summary: "show where a batch stands and when it is expected to end",
    operands: [batch], example: "smki batch show 1"
  ) { invocation in
    try invocation.tell(invocation.batchBody())
  }

  static let batchWatch = Command(
    name: "batch watch", summary: "watch a batch until it ends, with a progress bar",
    notes: """
      Behind the bar stands when the batch is expected to end, or for what it waits. Ends with 1 \
      when the batch was rejected or its content changed.
      """,
    operands: [batch], example: "smki batch watch 1"
  ) { invocation in
    var body = try invocation.batchBody()
    while !["COMPLETED", "REJECTED", "TAMPERED"].contains(body.state) {
      Terminal.progress(
        body.state.padded(to: 10), min(body.done, body.requests - 1), of: body.requests,
        body.outlook(at: SystemClock.now()))
      usleep(250_000)
      body = try invocation.batchBody()
    }
    Terminal.progress(body.state.padded(to: 10), body.requests, of: body.requests)
    _ = try invocation.tell(body)
    return body.state == "COMPLETED" ? .done : .refused
  }

  static let batchApprove = Command(
    name: "batch approve", summary: "approve a batch that waits for the Registration Authority",
    operands: [batch], example: "smki batch approve 1"
  ) { invocation in
    try invocation.decide(.approve)
  }

  static let batchReject = Command(
    name: "batch reject", summary: "reject a batch for good",
    operands: [batch], options: [reason],
    example: "smki batch reject 1 --reason 'not announced'"
  ) { invocation in
    try invocation.decide(.reject)
  }

  static let batchPause = Command(
    name: "batch pause", summary: "stop a batch after the requests that are under way",
    operands: [batch], options: [reason], example: "smki batch pause 1 --reason 'asked by party'"
  ) { invocation in
    try invocation.decide(.pause)
  }

  static let batchResume = Command(
    name: "batch resume", summary: "let a batch that was paused go on",
    operands: [batch], example: "smki batch resume 1"
  ) { invocation in
    try invocation.decide(.resume)
  }

  static let batchResult = Command(
    name: "batch result", summary: "write the certificates and the report of a completed batch",
    notes: """
      The archive of certificates under the name that the sources give it, the text report, and \
      for a batch in XML the answer of the web service.
      """,
    operands: [batch],
    options: [.value("--out", "DIR", "the folder; by default the one where you are")],
    example: "smki batch result 1 --out results"
  ) { invocation in
    let number = try invocation.batchNumber()
    let answer = try Channel(invocation: invocation).perform(CollectBatch(batch: number))
    let out = invocation.value("--out") ?? "."
    try Files.makeFolder(out)
    let files =
      [
        (answer.archive, "\(out)/\(URL(filePath: answer.archiveName).lastPathComponent)"),
        (answer.report, "\(out)/batch-\(number).txt"),
      ] + (answer.xml.map { [($0, "\(out)/batch-\(number).xml")] } ?? [])
    for (from, to) in files { try keep(from, as: to) }
    try invocation.show(files.map(\.1)) { files.map(\.1).joined(separator: "\n") }
    return .done
  }

  /// Copies a result to where it is wanted; what is there already must be the same.
  private static func keep(_ from: String, as to: String) throws {
    guard FileManager.default.fileExists(atPath: to) else {
      return try FileManager.default.copyItem(atPath: from, toPath: to)
    }
    guard FileManager.default.contentsEqual(atPath: from, andPath: to) else {
      throw Failure.Message(
        .failed, "\(to) is there already, with other content",
        remedy: "Name another folder with --out.")
    }
  }

  static let capacity = Command(
    name: "capacity", summary: "compute when so many batched requests would be done",
    notes: """
      From the rate at which the last batches were processed, what waits now, the hours of \
      processing and the capacity of a night.
      """,
    operands: [Operand(name: "REQUESTS", summary: "how many; 50000 by default", isOptional: true)],
    example: "smki capacity 50000"
  ) { invocation in
    let text = invocation.operands.first ?? "50000"
    guard let count = Int(text), (1...100_000_000).contains(count) else {
      throw UsageError("\(text) is no number of requests", invocation.command)
    }
    let reading = try invocation.batchReading()
    let waiting = try reading.waiting()
    let end = try reading.end(of: waiting + count)
    let now = try invocation.now()
    let answer = Capacity(
      requests: count, waiting: waiting, perSecond: Int(reading.rate),
      seconds: Double(end.milliseconds - now.milliseconds) / 1_000, end: end.rfc3339)
    try invocation.show(answer) { answer.text }
    return .done
  }

  static let usageList = Command(
    name: "usage list", summary: "list who went over the usage limits, the newest day first",
    example: "smki usage list"
  ) { invocation in
    let opening = try Opening(invocation)
    defer { opening.records.close() }
    let found = try BatchReading.excesses(in: opening.records)
    try invocation.show(
      found.map {
        UsageLine(party: $0.party, day: $0.day.rfc3339, rule: $0.rule, count: $0.count)
      }
    ) {
      Table(
        headings: ["day", "party", "limit", "times"],
        rows: found.map { [String($0.day.rfc3339.prefix(10)), $0.party, $0.rule, "\($0.count)"] }
      ).text()
    }
    return .done
  }
}

/// What `smki usage list` tells machines.
private struct UsageLine: Codable {
  let party: String
  let day: String
  let rule: String
  let count: Int
}

/// What `smki capacity` computes.
private struct Capacity: Codable {
  let requests: Int
  let waiting: Int
  let perSecond: Int
  let seconds: Double
  let end: String

  var text: String {
    let time =
      seconds < 120
      ? "about \(max(1, Int(seconds.rounded(.up)))) s"
      : seconds < 7_200 ? "about \(Int(seconds / 60)) min" : "at \(end)"
    return "\(requests) now: \(time), at \(perSecond) a second, behind \(waiting) that wait"
  }
}

extension Invocation {
  /// The number that a command about one batch was given.
  fileprivate func batchNumber() throws -> Int {
    guard let number = Int(operands[0]), number > 0 else {
      throw UsageError("\(operands[0]) is no number of a batch", command)
    }
    return number
  }

  fileprivate func batchReading() throws -> BatchReading {
    let opening = try Opening(self)
    guard let rules = opening.configuration.batches.rules(lanes: 1) else {
      throw NodeError.unknownWord("batches")
    }
    return try BatchReading(
      records: opening.records, rules: rules, perSecond: nil, now: opening.now())
  }

  fileprivate func batchBody() throws -> BatchBody {
    let reading = try batchReading()
    let number = try batchNumber()
    guard let batch = try reading.find(number) else { throw Refusal.noSuchBatch(number) }
    return BatchBody(try reading.progress(of: batch))
  }

  fileprivate func decide(_ decision: DecideBatch.Decision) throws -> ExitCode {
    try tell(
      Channel(invocation: self).perform(
        DecideBatch(
          batch: batchNumber(), decision: decision, reason: value("--reason") ?? "")))
  }

  /// Shows one batch.
  fileprivate func tell(_ body: BatchBody) throws -> ExitCode {
    try show(body) {
      Table.pairs(
        [
          ("batch", "\(body.batch)"), ("party", body.party), ("identifier", body.identifier),
          ("state", body.held ? "\(body.state), held" : body.state),
          ("requests", "\(body.done) of \(body.requests) decided"),
          (
            "outcomes",
            "\(body.success) certificates, \(body.error) errors, \(body.anomaly) anomalies, "
              + "\(body.ineligible) ineligible"
          ), ("received", body.received), ("due", body.due),
          ("expected", body.expected ?? "-"), ("finished", body.finished ?? "-"),
        ] + (body.note.isEmpty ? [] : [("note", body.note)])
          + (body.repeated == true ? [("receipt", "the same file was submitted before")] : []))
    }
    return .done
  }
}
