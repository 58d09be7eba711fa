// SPDX-License-Identifier: Apache-2.0

import Audit
import Threads

/// The one thread that changes the store (decision 3).
///
/// It takes what waits, runs it in one transaction, each closure under a savepoint and with its own
/// audit entry, and wakes every caller after the one commit. Alone in the queue, a writing is
/// committed at once.
final class Writer: Sendable {
  /// A closure that waits for its turn.
  struct Job: Sendable {
    let entry: Entry
    /// Runs the caller's closure and keeps its result.
    let body: @Sendable (Transaction) throws -> Void
    /// Wakes the caller, after the commit or with what went wrong.
    let finish: @Sendable ((any Error)?) -> Void
  }

  /// The most closures that may wait: more threads than a node has.
  static let waitingMax = 4_096
  /// The most closures of one transaction.
  static let closuresMax = 512

  private let queue = BoundedQueue<Job>(limit: Writer.waitingMax)
  private let fault = Guarded<DatabaseError?>(nil)
  private let worker: Worker

  /// Starts the thread on a connection that nobody else uses.
  ///
  /// - Parameter owner: the pool of the same store, by which a closure's readings find it.
  init(_ connection: Connection, owner: ReaderPool) throws {
    let size = try connection.rows("SELECT count(*) AS size FROM audit_entry")[0].int("size")
    worker = Worker(name: "records-writer") { [queue, fault] in
      var round = Round(connection: connection, owner: owner, fault: fault, size: size)
      while case let jobs = queue.take(most: Self.closuresMax), !jobs.isEmpty {
        round.run(jobs)
      }
    }
  }

  /// What ended the writing, or nil while all is well.
  var failure: DatabaseError? { fault.value }

  /// Adds a closure to the queue.
  func add(_ job: Job) throws(DatabaseError) {
    if let failure { throw failure }
    guard queue.add(job) else {
      throw DatabaseError(.busy, "the store is closing, or \(Self.waitingMax) writings wait")
    }
  }

  /// Finishes what waits and ends the thread.
  func close() {
    queue.close()
    worker.join()
    fault.change { $0 = $0 ?? DatabaseError(.storeClosed, "the store is closed") }
  }
}

/// The writer's work on one transaction after another.
private struct Round {
  let connection: Connection
  let owner: ReaderPool
  let fault: Guarded<DatabaseError?>
  /// Entries that are committed.
  var size: Int

  /// One transaction: what is committed together is answered together.
  mutating func run(_ jobs: [Writer.Job]) {
    if let failure = fault.value {
      for job in jobs { job.finish(failure) }
      return
    }
    var outcomes: [(any Error)?] = []
    do {
      try connection.run("BEGIN IMMEDIATE")
      var next = size
      for job in jobs {
        let outcome = try perform(job, auditIndex: next)
        if outcome == nil { next += 1 }
        outcomes.append(outcome)
      }
      try connection.run(next == size ? "ROLLBACK" : "COMMIT")
      size = next
    } catch {
      fail(jobs, error)
      return
    }
    for (job, outcome) in zip(jobs, outcomes) { job.finish(outcome) }
  }

  /// One closure and its entry, under a savepoint.
  ///
  /// - Returns: why it was undone, or nil when it stands.
  /// - Throws: what ends the whole transaction.
  private func perform(_ job: Writer.Job, auditIndex: Int) throws -> (any Error)? {
    try connection.execute("SAVEPOINT closure")
    let transaction = Transaction(connection, auditIndex: auditIndex)
    do {
      defer { transaction.end() }
      let scope = Scope(owner: owner, connection: connection, isWriting: true)
      try Scope.$current.withValue(scope) { try job.body(transaction) }
      try append(job.entry.adding(transaction.facts), at: auditIndex)
    } catch {
      if let fault = fatal(error) { throw fault }
      try connection.execute("ROLLBACK TO closure")
      try connection.execute("RELEASE closure")
      return error
    }
    try connection.execute("RELEASE closure")
    return nil
  }

  private func append(_ entry: Entry, at index: Int) throws {
    let data: [UInt8]
    do {
      data = try entry.checked()
    } catch {
      throw DatabaseError(.entryRefused, error.description)
    }
    _ = try connection.rows(
      "INSERT INTO audit_entry (position, data) VALUES (\(index), \(data))")
  }

  /// A fault of the disk, or one after which SQLite has ended the transaction by itself.
  private func fatal(_ error: any Error) -> DatabaseError? {
    let error = error as? DatabaseError
    if let error, error.code == .fault { return error }
    guard !connection.isInTransaction else { return nil }
    return error ?? DatabaseError(.fault, "the transaction ended by itself")
  }

  /// Undoes the transaction and stops writing: what a failed commit left behind is not known until
  /// the store is opened again, and a failed flush is never tried twice.
  private func fail(_ jobs: [Writer.Job], _ error: any Error) {
    if connection.isInTransaction { try? connection.run("ROLLBACK") }
    let failure = DatabaseError(.storeUnavailable, "writing has ended: \(error)")
    fault.change { $0 = failure }
    for job in jobs { job.finish(failure) }
  }
}
