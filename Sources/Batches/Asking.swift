// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Profiles
import Records
import Registration
import Repository
import SEC
import Threads
import X509

extension Batches {
  /// How often a failure of ours is tried again before it becomes an outcome.
  private static let triesMax = 3
  /// Milliseconds until a chunk is asked again after a failure, and when no authority can sign.
  private static let againMilliseconds = 1_000
  private static let stockMilliseconds = 60_000

  /// Has the requests of a chunk decided; `done` is told once, on a thread of the Authority.
  func ask(
    _ batch: Batch, _ chunk: Int, _ file: RequestFile.Reader, isResumed: Bool,
    done: @escaping @Sendable (ChunkDone) -> Void
  ) {
    do {
      // What the chunk got before a crash is its own, whatever has changed since.
      let before = isResumed ? try issuedBefore(batch, try file.items(ofChunk: chunk)) : [:]
      try authority.submit(
        count: batch.requests(ofChunk: chunk).count, inBatch: true,
        { [self] in
          let requests = try file.items(ofChunk: chunk).map(Self.request)
          return Authority.prepare(
            try registration.authorise(
              requests, inBatchOf: batch.party, submitter: batch.submitter, at: clock()))
        }
      ) { [self] result in
        done(self.outcome(of: result, before, batch, chunk))
      }
    } catch {
      done(outcome(of: .failure(error), [:], batch, chunk))
    }
  }

  /// The form of one request.
  private static func request(_ item: BatchItem) -> Result<DeviceRequest, Refusal> {
    switch item.content {
    case .request(let der):
      Result { () throws(Refusal) in try DeviceRequest(parsing: der) }
    case .unreadable(let problem): .failure(.malformedRequest(problem, at: 0))
    }
  }

  private func outcome(
    of result: Result<[Authority.Outcome], any Error>, _ before: [Int: [UInt8]], _ batch: Batch,
    _ chunk: Int
  ) -> ChunkDone {
    let count = batch.requests(ofChunk: chunk).count
    let all: [Authority.Outcome]
    switch result {
    case .success(let outcomes) where outcomes.count == count: all = outcomes
    case .success:
      all = Array(repeating: .failure(BatchesError.fileDamaged("requests")), count: count)
    case .failure(let error): all = Array(repeating: .failure(error), count: count)
    }
    let failure = all.lazy.compactMap { outcome -> (any Error)? in
      guard case .failure(let error) = outcome, !(error is Refusal) else { return nil }
      return error
    }.first
    if let failure, let again = again(after: failure, batch, chunk) {
      return ChunkDone(batch: batch.id, chunk: chunk, outcomes: [], again: again)
    }
    let outcomes = all.enumerated().map { place, outcome -> BatchOutcome in
      if let serial = before[place] { return BatchOutcome(serial: serial) }
      do {
        return BatchOutcome(serial: try Self.serial(of: try outcome.get()))
      } catch {
        return classify(error)
      }
    }
    return ChunkDone(batch: batch.id, chunk: chunk, outcomes: outcomes, again: nil)
  }

  /// Milliseconds after which a failure of ours is tried again; nil when that is enough.
  private func again(after error: any Error, _ batch: Batch, _ chunk: Int) -> Int? {
    switch error {
    case AuthorityError.busy: return 50
    case AuthorityError.stopping, AuthorityError.chunkVoided: return Self.againMilliseconds
    case AuthorityError.outOfStock:
      complain("batch-waits-for-stock", ["batch": "\(batch.id)"])
      return Self.stockMilliseconds
    case AuthorityError.signerDown(let reason):
      // The node tries the module by itself: the batch waits as long as that takes.
      complain("batch-waits-for-signer", ["batch": "\(batch.id)", "reason": reason])
      return Self.againMilliseconds
    case let error as DatabaseError where error.code != .other:
      complain("batch-chunk-failed", ["batch": "\(batch.id)", "error": "\(error)"])
      return Self.againMilliseconds
    default:
      complain("batch-chunk-failed", ["batch": "\(batch.id)", "error": "\(error)"])
      let tries = self.tries.change { tries in
        tries["\(batch.id)/\(chunk)", default: 0] += 1
        return tries["\(batch.id)/\(chunk)"] ?? 0
      }
      return tries < Self.triesMax ? Self.againMilliseconds : nil
    }
  }

  /// ENG-same-request: serial numbers that requests of a chunk got before the node was killed.
  private func issuedBefore(_ batch: Batch, _ items: [BatchItem]) throws -> [Int: [UInt8]] {
    var serials: [Int: [UInt8]] = [:]
    for (place, item) in items.enumerated() {
      guard case .request(let der) = item.content, let request = try? DeviceRequest(parsing: der)
      else { continue }
      serials[place] = try repository.serial(
        ofRequest: request.requestHash, by: batch.party,
        keyIdentifier: KeyIdentifier(methodTwoOf: request.key).octets)
    }
    return serials
  }

  private static func serial(of certificate: [UInt8]) throws -> [UInt8] {
    Array(try Certificate(parsing: certificate).serialNumber.magnitude)
  }
}
