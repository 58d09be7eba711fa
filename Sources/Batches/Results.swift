// SPDX-License-Identifier: Apache-2.0

import Archive
import Audit
import DER
import Keys
import Repository
import Records
import SEC
import Threads
import XML

/// The results of a batch as files that are the same octets each time they are made.
///
/// They are made from the recorded outcomes and the Repository when somebody first asks, and kept
/// for the days of collection: losing one loses nothing.
extension Batches {
  /// M8-AppE-result: `CSRBatchResult` with one `DeviceCertificate` for each request.
  ///
  /// - Parameters:
  ///   - batch: a completed batch.
  ///   - build: the version of the product, which stands in it.
  /// - Returns: the path of the file.
  /// - Throws: `batch-not-completed`, `batch-put-away`.
  package func resultXML(of batch: Batch, build: String) throws -> String {
    try result(of: batch, "xml") { file in
      var head = XMLWriter()
      head.start("CSRBatchResult", attributes: [("ID", batch.identifier)])
      head.element("Version", text: SubmissionReader.version)
      head.element("Build", text: build)
      head.element("BatchStatus", text: batch.state.rawValue)
      head.element("BatchId", text: String(batch.id))
      head.end()
      let end = "</CSRBatchResult>"
      try file.write(head.finished().dropLast(end.utf8.count))
      try each(of: batch) { _, name, outcome, certificate in
        var writer = XMLWriter(declaration: false)
        writer.start("DeviceCertificate", attributes: [("ID", name)])
        writer.element("Status", text: outcome.status.word)
        if let certificate {
          writer.element("Certificate", text: Base64.encode(certificate))
        } else {
          writer.start("Error")
          writer.element("ErrorCode", text: outcome.code)
          writer.element("ErrorText", text: outcome.text)
          writer.end()
        }
        writer.end()
        try file.write(writer.finished())
      }
      try file.write(end.utf8)
    }
  }

  /// M8-2.5-batch-file: an archive of the certificates, each under the name of its request.
  package func resultArchive(of batch: Batch) throws -> String {
    try result(of: batch, "zip") { file in
      // The moment of the batch's end, as the clock of Great Britain shows it.
      let end = batch.finished ?? batch.received
      let at = end.adding(seconds: UKTime.offset(at: end)).fields
      var archive = ZipWriter(
        into: file, year: at.year, month: at.month, day: at.day, hour: at.hour, minute: at.minute,
        second: at.second)
      try each(of: batch) { _, name, _, certificate in
        guard let certificate else { return }
        try archive.add(
          name + ArchiveReader.certificateExtension,
          Array(PEM(label: "CERTIFICATE", bytes: certificate).text.utf8))
      }
      try archive.finish()
    }
  }

  /// M8-AppF-batch-report: number, name, status and error code, one record a line.
  package func resultReport(of batch: Batch) throws -> String {
    let ending = batch.format == .zip ? ArchiveReader.requestExtension : ""
    return try result(of: batch, "txt") { file in
      try each(of: batch) { number, name, outcome, _ in
        let line = "\(number + 1),\(name)\(ending),\(outcome.status.reportWord),\(outcome.code)\n"
        try file.write(line.utf8)
      }
    }
  }

  /// M8-2.5-batch-file: how the archive of results is called.
  package static func archiveName(of batch: Batch) -> String {
    let name = batch.identifier
    let base = name.lowercased().hasSuffix(".zip") ? String(name.dropLast(4)) : name
    return "\(base)-response.zip"
  }

  /// The file of a kind, made now if it was not before.
  private func result(
    of batch: Batch, _ kind: String, _ write: (FileWriter) throws -> Void
  ) throws -> String {
    guard batch.state == .completed else { throw Refusal.batchNotCompleted(batch) }
    guard !batch.isPutAway, clock() <= collectable(batch) else {
      throw Refusal.batchPutAway(batch, days: rules.collectionDays)
    }
    let path = files.result(batch.id, kind)
    return try alone(path) {
      if FileSystem.size(path) != nil { return path }
      let draft = "\(files.incoming)/result-\(batch.id).\(kind)"
      try FileSystem.remove(draft)
      let file = try FileWriter(new: draft)
      try write(file)
      try file.sync()
      try FileSystem.move(draft, to: path)
      return path
    }
  }

  /// M8-2.3-collection: the last moment at which a result can be collected.
  private func collectable(_ batch: Batch) -> Time {
    (batch.finished ?? batch.received).adding(seconds: Int64(rules.collectionDays) * 86_400)
  }

  /// Each request with its outcome and certificate, in the order of the batch.
  private func each(
    of batch: Batch,
    _ body: (_ number: Int, _ name: String, BatchOutcome, _ certificate: [UInt8]?) throws -> Void
  ) throws {
    let file = try RequestFile.Reader(local(.requests(batch.requestsDigest)))
    for chunk in 0..<batch.chunks {
      let outcomes = try records.read {
        try BatchesRecords.outcomes(ofChunk: chunk, batch: batch.id, in: $0)
      }
      let items = try file.items(ofChunk: chunk)
      guard let outcomes, outcomes.count == items.count else {
        throw BatchesError.fileDamaged("outcomes of batch \(batch.id), chunk \(chunk)")
      }
      let serials = outcomes.map(\.serial)
      let certificates = try repository.certificates(serials: serials)
      for (place, outcome) in outcomes.enumerated() {
        let certificate = outcome.status == .success ? certificates[place] : nil
        guard outcome.status != .success || certificate != nil else {
          throw BatchesError.fileDamaged("certificate \(Hex.encode(outcome.serial))")
        }
        try body(
          chunk * Batch.chunkSize + place, items[place].name, outcome, certificate)
      }
    }
  }

  /// M8-2.3-collection: puts away what was completed longer ago than it can be collected.
  ///
  /// The certificates stay in the Repository and the counts in the records.
  ///
  /// - Returns: how many batches were put away.
  @discardableResult
  package func putAway() throws -> Int {
    let limit = clock().adding(seconds: -Int64(rules.collectionDays) * 86_400)
    let old = try records.read { try BatchesRecords.toPutAway(before: limit, in: $0) }
    for batch in old {
      let entry = Entry(
        Self.node, "batch-put-away", clause: "M8-2.3-collection", at: clock(),
        facts: ["batch": "\(batch.id)"])
      try records.write(entry) { transaction in
        var batch = batch
        batch.isPutAway = true
        try BatchesRecords.putAway(batch, in: transaction)
        try BatchesRecords.keep(batch, in: transaction)
      }
      for kind in ["xml", "zip", "txt"] { try FileSystem.remove(files.result(batch.id, kind)) }
      try removeFiles(of: batch)
    }
    return old.count
  }

  /// M8-2.3-collection: removes this node's files of batches that were put away, by whichever node.
  package func tidy() throws {
    guard records.isShared else { return }
    for name in try files.resultNames() {
      guard let id = name.split(separator: ".").first.flatMap({ Int($0) }) else { continue }
      if try find(id)?.isPutAway ?? true { try files.removeResult(name) }
    }
    // What nobody wants may belong to a batch that is just being submitted: not at the first look.
    let unwanted = try files.contents().filter { path in
      let digest = Hex.decode(String(path.split(separator: "/").last ?? "")) ?? []
      return try !records.read { try BatchesRecords.isWanted(digest, in: $0) }
    }
    let before = unwantedFiles.change { before in
      defer { before = Set(unwanted) }
      return before
    }
    for path in unwanted where before.contains(path) { try FileSystem.remove(path) }
  }

  /// Removes upload and requests, unless another batch has the same.
  private func removeFiles(of batch: Batch) throws {
    let isShared = try records.read {
      try BatchesRecords.isShared(batch.digest, in: $0)
    }
    guard !isShared else { return }
    try remove([.upload(batch.digest), .requests(batch.requestsDigest)])
  }
}
