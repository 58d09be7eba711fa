// SPDX-License-Identifier: Apache-2.0

import Archive
import Audit
import DER
import Keys
import Records
import Registration
package import SEC

/// What a party is told of a batch that is durable (ENG-batch-receipt).
package struct BatchReceipt: Hashable, Sendable {
  package let batch: Batch
  /// Whether the same file was submitted before under the same identifier.
  package let isRepeated: Bool
}

extension Batches {
  /// L8.2, M8-2.5-batch-count, ENG-batch-receipt: takes a batch that lies in a file; it is durable
  /// on return.
  ///
  /// The file is moved to its place; the caller forgets it.
  ///
  /// - Parameters:
  ///   - path: the upload, in the file system of the batches.
  ///   - format: how it came.
  ///   - identifier: the name of the archive; the XML has its own.
  ///   - party: for whom.
  ///   - submitter: who submits it.
  ///   - tell: is told the party's own reference as soon as it is known.
  /// - Returns: the receipt, which is the same for the same file again.
  /// - Throws: a refusal of the whole batch, or `BatchesError.full`.
  package func submit(
    _ path: String, _ format: Batch.Format, identifier: String?, for party: String,
    by submitter: Actor, tell: (String) -> Void = { _ in }
  ) throws -> BatchReceipt {
    let received = clock()
    let waiting = try records.read { try BatchesRecords.unfinished(in: $0).count }
    guard waiting < rules.waitingMax else {
      throw BatchesError.full(retryAfterSeconds: try secondsUntilRoom())
    }
    let digest = try Self.digest(of: path)
    let draft = path + ".requests"
    let read: (reference: String, digest: [UInt8], count: Int)
    do {
      read = try Self.read(path, format, into: draft, tell)
      guard let reference = format == .xml ? read.reference : identifier,
        (1...SubmissionReader.referenceCharactersMax).contains(reference.unicodeScalars.count)
      else { throw Refusal.batchReference(identifier) }
      guard (Batch.requestsMin...Batch.requestsMax).contains(read.count) else {
        throw Refusal.batchSize(read.count)
      }
      try FileSystem.move(draft, to: files.requests(read.digest))
      try FileWriter.sync(path)
      try FileSystem.move(path, to: files.upload(digest))
      let size = FileSystem.size(files.upload(digest)) ?? 0
      try share(.requests(read.digest))
      try share(.upload(digest))
      let receipt = try enter(by: submitter, for: party, at: received) { id in
        Batch(
          id: id, party: party, identifier: reference, format: format, submitter: submitter.name,
          digest: digest, octets: size, requestsDigest: read.digest, count: read.count,
          received: received, state: .pending)
      }
      bell.ring()
      return receipt
    } catch {
      try? FileSystem.remove(draft)
      throw error
    }
  }

  /// ENG-batch-receipt: enters a batch, unless its party has it already.
  private func enter(
    by submitter: Actor, for party: String, at moment: Time,
    _ make: @escaping @Sendable (Int) -> Batch
  ) throws -> BatchReceipt {
    let isApproved = rules.approvesAutomatically
    let entry = Entry(
      submitter, "batch-submitted", clause: "ENG-batch-receipt", at: moment,
      facts: ["party": party])
    return try records.write(entry) { transaction in
      var batch = make(try BatchesRecords.nextID(in: transaction))
      if let before = try BatchesRecords.find(
        party: batch.party, identifier: batch.identifier, in: transaction)
      {
        guard before.digest == batch.digest else { throw Refusal.batchIdentifierTaken(before) }
        transaction.note("again", "\(before.id)")
        return BatchReceipt(batch: before, isRepeated: true)
      }
      transaction.note("batch", "\(batch.id)")
      transaction.note("digest", Hex.encode(batch.digest))
      transaction.note("requests", "\(batch.count)")
      let receipt = BatchReceipt(batch: batch, isRepeated: false)
      if isApproved {
        batch.decidedBy = Self.node.name
        batch.state = .parsing
        transaction.note("approved", "automatically")
      }
      try BatchesRecords.keep(batch, in: transaction)
      return receipt
    }
  }

  /// Reads an upload into a file of requests; the first refusal of the whole ends it.
  private static func read(
    _ path: String, _ format: Batch.Format, into draft: String, _ tell: (String) -> Void
  ) throws -> (reference: String, digest: [UInt8], count: Int) {
    var writer = try RequestFile.Writer(draft)
    var reference = ""
    switch format {
    case .xml:
      try SubmissionReader.read(path) {
        reference = $0
        tell($0)
      } _: {
        try writer.add($0)
      }
    case .zip: try ArchiveReader.read(path) { try writer.add($0) }
    }
    let (digest, count) = try writer.finish()
    return (reference, digest, count)
  }

  /// SHA-256 of a file.
  static func digest(of path: String) throws -> [UInt8] {
    var digest = try RunningDigest(.sha256)
    try FileReader(path).each { digest.add($0) }
    return digest.finish()
  }
}
