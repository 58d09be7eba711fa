// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Keys
package import Profiles
package import Records
package import Registration
import Repository
package import SEC
import Threads

/// The certification authorities of an estate, as far as they are on line.
///
/// Requests wait in one line. A few lanes, each a thread, take what waits, prove possession, record
/// it in one commit, sign, verify and compare, and lodge it in a second commit; only then is
/// anybody answered. What waits together shares both commits.
package final class Authority: Sendable {
  /// The most requests that may wait in the line; a further one is told to come again.
  package static let waitingMax = 4096
  /// The most certificates of one chunk.
  package static let chunkMax = 500
  /// The most requests, or certificates of a chunk, for which it pays to share a commit.
  static let companyMax = 64
  /// The certificates that are worth a second lane while one works on fewer.
  static let crowd = 24

  /// A certificate that was issued, now or before, or why it was not.
  package typealias Outcome = Result<[UInt8], any Error>

  let records: Records
  let signers: Signers
  let serials: SerialNumbers
  let clock: @Sendable () -> Time
  let inFlight = Guarded(InFlight())
  let elsewhere = WorkElsewhere()
  /// The latest time seen (C3-118-4a).
  let latest: Guarded<Time>
  /// Signatures that did not verify, since the start.
  let wrongSignatures = Guarded(0)
  /// Told of each step that was done, on the thread that did it.
  let reached: @Sendable (IssuingStep) -> Void
  private let line = BoundedQueue<WaitingRequest>(
    limit: Authority.waitingMax, crowd: Authority.crowd, weigh: { $0.count })
  /// Chunks of batches, on lanes of their own, so that a single request never waits for one.
  private let batchLine = BoundedQueue<WaitingRequest>(
    limit: Authority.waitingMax, weigh: { $0.count })
  private let lanes = Guarded<[Worker]>([])
  /// What is told to those who wait, in the order in which it became durable; no limit of its own,
  /// as each lane has but one first commit in the writer's line, and no answer may be lost.
  let answers = BoundedQueue<@Sendable () -> Void>(limit: .max)
  private let answering: Worker
  /// Chunks that are signed and not yet answered.
  let underWay = Guarded(0)

  /// Opens the authorities that these records know, and voids what a crash left open.
  ///
  /// - Parameters:
  ///   - records: the store.
  ///   - estate: whose policies and names the certificates carry.
  ///   - lifetimes: how long certificates are valid.
  ///   - shard: the shard in the serial numbers.
  ///   - lanes: how many threads issue.
  ///   - clock: tells the time.
  ///   - random: gives unpredictable octets.
  ///   - reached: is told of each step that was done; drills stop the process there.
  ///   - key: the private key of an authority.
  /// - Throws: `AuthorityError.keyNotOfCertificate`, or a failure of the store or the keys.
  package init(
    records: Records, estate: Estate, lifetimes: Lifetimes = Lifetimes(), shard: UInt16 = 0,
    lanes: Int, clock: @escaping @Sendable () -> Time,
    random: @escaping @Sendable (Int) -> [UInt8],
    reached: @escaping @Sendable (IssuingStep) -> Void = { _ in },
    key: @escaping @Sendable (IssuingAuthority) throws -> any SigningKey
  ) throws {
    self.records = records
    self.reached = reached
    self.clock = clock
    serials = SerialNumbers(shard: shard, random: random)
    latest = Guarded(try records.read { try AuthorityRecords.latest(in: $0) })
    signers = Signers(estate: estate, lifetimes: lifetimes, key: key)
    // A key that does not fit is found out now, not by whoever asks first.
    for authority in try records.read({ try AuthorityRecords.authorities(in: $0) })
    where authority.state != .spent {
      _ = try signers.signer(of: authority)
    }
    answering = Worker(name: "answering") { [answers] in
      let gate = Gate()
      while case let ready = answers.take(most: Self.chunkMax, sleepingAt: gate), !ready.isEmpty {
        for answer in ready { answer() }
      }
    }
    try voidOpenChunks()
    for number in 0..<max(1, lanes) {
      let lane = Lane(authority: Unowned(self), line: line)
      let worker = Worker(name: "issuing-\(number)") { lane.run() }
      self.lanes.change { $0.append(worker) }
    }
    // One more than the others: while one waits for a commit, another computes.
    for number in 0...max(1, lanes) {
      let lane = Lane(authority: Unowned(self), line: batchLine)
      let worker = Worker(name: "batch-\(number)") { lane.run() }
      self.lanes.change { $0.append(worker) }
    }
  }

  /// Ends the threads of an authority that was never closed, or whose opening failed.
  deinit {
    line.close()
    batchLine.close()
    answers.close()
  }

  /// Puts a request in line.
  ///
  /// - Parameters:
  ///   - count: how many certificates it asks for; many are best handed in as several requests of
  ///     up to `chunkMax`, some more of them at a time than there are lanes.
  ///   - isBatch: whether it is a chunk of a batch, for which nobody waits.
  ///   - prepare: runs on a lane: checks and authorises, and ends in `Authority.prepare`.
  ///   - answer: runs once, on a lane or on the thread that answers, with an outcome for each
  ///     request of the preparation, or a failure for all; it must be short.
  /// - Throws: `AuthorityError.busy` when the line is full; `answer` is then never called.
  package func submit(
    count: Int = 1, inBatch isBatch: Bool = false,
    _ prepare: @escaping @Sendable () throws -> Prepared,
    answer: @escaping @Sendable (Result<[Outcome], any Error>) -> Void
  ) throws(AuthorityError) {
    let request = WaitingRequest(count: max(1, count), prepare: prepare, answer: answer)
    guard isBatch ? batchLine.add(request) : line.add(request) else { throw .busy }
  }

  /// Issues and waits for the outcomes, for callers with a thread of their own.
  package func issue(_ prepare: @escaping @Sendable () throws -> Prepared) throws -> [Outcome] {
    let result = Guarded<Result<[Outcome], any Error>?>(nil)
    try submit(prepare) { outcomes in result.change { $0 = outcomes } }
    return try result.wait { $0 }.get()
  }

  /// OCP-possession: spends the authorisation and proves possession.
  package static func prepare(_ authorised: consuming Authorised) -> Prepared {
    Prepared(authorised)
  }

  /// Every issuing authority, by number.
  package func authorities() throws -> [IssuingAuthority] {
    try records.read { try AuthorityRecords.authorities(in: $0) }
  }

  /// ENG-self-check: signatures that were wrong and were caught, since the start.
  package var signaturesCaught: Int { wrongSignatures.value }

  /// How many requests wait.
  package var waiting: Int { line.count }

  /// Finishes what waits and stops the lanes; it may be called twice.
  package func close() {
    line.close()
    batchLine.close()
    let workers = lanes.change { workers in
      defer { workers = [] }
      return workers
    }
    for worker in workers { worker.join() }
    _ = underWay.wait { $0 == 0 ? true : nil }
    answers.close()
    answering.join()
  }
}

/// A request in line.
struct WaitingRequest: Sendable {
  let count: Int
  let prepare: @Sendable () throws -> Prepared
  let answer: @Sendable (Result<[Authority.Outcome], any Error>) -> Void
}

/// An authority that outlives whoever holds this: its lanes end before it does.
struct Unowned: Sendable {
  unowned let authority: Authority
  init(_ authority: Authority) { self.authority = authority }
}
