// SPDX-License-Identifier: Apache-2.0

import Archive
import Audit
package import Authority
package import DER
import Keys
package import Records
package import Registration
package import Repository
package import SEC
import Threads

/// Batches of requests for Device Certificates, from upload to collection (L8.2, M8-2.5).
///
/// A batch is durable before anybody is told so. One thread then takes it through its states and
/// hands its requests to the Authority chunk by chunk; the outcome of each chunk is recorded once.
/// After a crash a chunk without outcomes is asked again, and the same request of the same party
/// gets the certificate that it got before.
package final class Batches: Sendable {
  /// What is told about a failure of ours: an event and its detail.
  package typealias Complaint = @Sendable (String, [String: String]) -> Void
  /// Why a request was not granted, in the words of the interface.
  package typealias Classification = @Sendable (any Error) -> BatchOutcome

  let records: Records
  let registration: Registration
  let repository: Repository
  let authority: Authority
  /// How batches are run.
  package let rules: BatchRules
  let files: BatchFiles
  let clock: @Sendable () -> Time
  let classify: Classification
  let complain: Complaint
  let bell = Bell()
  let pace = Pace()
  let usage = Guarded<[UsageKey: Int]>([:])
  /// Failures of ours by batch and chunk.
  let tries = Guarded<[String: Int]>([:])
  private let running = Guarded<Worker?>(nil)
  /// Files that no batch wanted at the last look.
  let unwantedFiles = Guarded<Set<String>>([])
  private let isRendering = Guarded<Set<String>>([])

  /// Batches over these rooms.
  ///
  /// - Parameters:
  ///   - records: the store.
  ///   - registration: who may ask for what.
  ///   - repository: where certificates are found again.
  ///   - authority: issues.
  ///   - folder: where uploads, requests and results lie.
  ///   - rules: how they are run.
  ///   - clock: tells the time.
  ///   - classify: says a refusal or failure in the words of the interface.
  ///   - complain: is told what went wrong with us.
  package init(
    records: Records, registration: Registration, repository: Repository, authority: Authority,
    folder: String, rules: BatchRules, clock: @escaping @Sendable () -> Time,
    classify: @escaping Classification, complain: @escaping Complaint
  ) {
    self.records = records
    self.registration = registration
    self.repository = repository
    self.authority = authority
    self.rules = rules
    self.clock = clock
    self.classify = classify
    self.complain = complain
    files = BatchFiles(folder: folder)
  }

  /// Begins to work on what waits.
  package func start() throws {
    try files.prepare()
    try shareOwn()
    let worker = Worker(name: "batches") { [self] in BatchRunner(batches: self).run() }
    running.change { $0 = worker }
  }

  /// Finishes the chunks that are under way; the next start goes on behind them.
  package func stop() {
    let worker = running.change { running in
      defer { running = nil }
      return running
    }
    bell.close()
    worker?.join()
    flushUsage()
  }

  /// The folder into which uploads are written as they arrive.
  package var uploadFolder: String { files.incoming }

  // What can be asked.

  /// A batch of a party, or nil: another party's is as good as none (M8-2.5-batch-own).
  package func find(_ id: Int, of party: String) throws -> Batch? {
    try records.read { try BatchesRecords.find(id, in: $0) }.flatMap {
      $0.party == party ? $0 : nil
    }
  }

  /// A batch by number.
  package func find(_ id: Int) throws -> Batch? {
    try records.read { try BatchesRecords.find(id, in: $0) }
  }

  // What officers do.

  /// M8-2.5-batch-states: the Registration Authority says yes.
  package func approve(_ id: Int, by officer: Actor) throws -> Batch {
    try change(id, "batch-approved", "PENDING", by: officer) { batch in
      guard batch.state == .pending else { return false }
      batch.decidedBy = officer.name
      batch.state = .parsing
      return true
    }
  }

  /// M8-2.5-batch-states: the Registration Authority says no; final.
  package func reject(_ id: Int, because reason: String, by officer: Actor) throws -> Batch {
    let now = clock()
    return try change(id, "batch-rejected", "PENDING", by: officer) { batch in
      guard batch.state == .pending else { return false }
      batch.finished = now
      batch.decidedBy = officer.name
      batch.note = reason
      batch.state = .rejected
      return true
    }
  }

  /// M8-2.5-batch-states: an officer stops a batch; what is under way is finished.
  package func hold(_ id: Int, because reason: String, by officer: Actor) throws -> Batch {
    try change(id, "batch-paused", "QUEUED, PROCESSING or PAUSED, and not held", by: officer) {
      batch in
      guard [.queued, .processing, .paused].contains(batch.state), !batch.isHeld else {
        return false
      }
      batch.isHeld = true
      batch.note = reason
      if batch.state == .processing { batch.state = .paused }
      return true
    }
  }

  /// M8-2.5-batch-states: a batch that was held goes on when its turn comes.
  package func release(_ id: Int, by officer: Actor) throws -> Batch {
    try change(id, "batch-resumed", "held", by: officer) { batch in
      guard batch.isHeld else { return false }
      batch.isHeld = false
      batch.note = ""
      return true
    }
  }

  private func change(
    _ id: Int, _ action: String, _ expected: String, by officer: Actor,
    _ body: @escaping @Sendable (inout Batch) -> Bool
  ) throws -> Batch {
    guard officer.role == .registrationOfficer else {
      throw Refusal.notARegistrationOfficer(officer)
    }
    let entry = Entry(
      officer, action, clause: "M8-2.5-batch-states", at: clock(), facts: ["batch": "\(id)"])
    let batch = try records.write(entry) { transaction in
      guard var batch = try BatchesRecords.find(id, in: transaction) else {
        throw Refusal.noSuchBatch(id)
      }
      guard body(&batch) else { throw Refusal.batchStep(batch, expected) }
      if !batch.note.isEmpty { transaction.note("reason", batch.note) }
      try BatchesRecords.keep(batch, in: transaction)
      return batch
    }
    bell.ring()
    return batch
  }

  /// Has the batches looked at now: the clock was moved, or something else that they turn on.
  package func hurry() { bell.ring() }

  /// The actor of what the node does by itself.
  static var node: Actor { Actor(name: "smki", role: .node) }

  /// Runs a body for a name alone, the others of the same name behind it.
  func alone<Value>(_ name: String, _ body: () throws -> Value) rethrows -> Value {
    isRendering.wait { $0.insert(name).inserted ? () : nil }
    defer { isRendering.change { _ = $0.remove(name) } }
    return try body()
  }
}
