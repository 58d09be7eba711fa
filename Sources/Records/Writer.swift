// SPDX-License-Identifier: Apache-2.0

import Audit
import Threads

/// The one thread that changes the store (decision 3).
///
/// It takes what waits, runs it in one transaction, each closure under a savepoint and with its own
/// audit entry, and wakes every caller after the one commit. Alone in the queue, a writing is
/// committed at once. A closure in bulk has a transaction of its own, and others go before it.
final class Writer: Sendable {
  /// A closure that waits for its turn.
  struct Job: Sendable {
    /// What the closure does.
    enum Work: Sendable {
      /// A change with its reason.
      case logged(Entry, @Sendable (Transaction) throws -> Void)
      /// A change of the room's own that says nothing new, such as keeping a signed checkpoint.
      case unlogged(@Sendable (any Engine) throws -> Void)
    }

    let work: Work
    /// Whether it takes so long that others should not have to share its transaction.
    var isBulk = false
    /// Wakes the caller, after the commit or with what went wrong.
    let finish: @Sendable ((any Error)?) -> Void
  }

  /// Closures in bulk, which take turns with all the others: what waits for a chunk of 500 to be
  /// written waits for one, and not for as many as there are.
  private struct Line {
    private var jobs: [Job] = []

    var isEmpty: Bool { jobs.isEmpty }

    /// Keeps those in bulk and gives back the others.
    mutating func keep(_ taken: [Job]) -> [Job] {
      jobs += taken.filter(\.isBulk)
      return taken.filter { !$0.isBulk }
    }

    /// The one that waits longest, or nil.
    mutating func next() -> Job? { jobs.isEmpty ? nil : jobs.removeFirst() }
  }

  /// The most closures that may wait: more threads than a node has.
  static let waitingMax = 4_096

  private let queue = BoundedQueue<Job>(limit: Writer.waitingMax)
  private let fault = Guarded<DatabaseError?>(nil)
  private let worker: Worker

  /// True on the writer's own thread, which cannot wait for itself to end.
  @TaskLocal private static var isOnThread = false

  /// Starts the thread.
  ///
  /// - Parameters:
  ///   - place: where the store is.
  ///   - writing: the writer's own connection, closed by the thread when it ends, and the lock,
  ///     given back after that.
  ///   - owner: the pool of the same store, by which a closure's readings find it.
  /// - Throws: `auditDamaged` when the stored tree contradicts itself.
  init(_ place: StorePlace, _ writing: StorePlace.Writing, owner: ReaderPool) throws {
    let node = writing.coordination?.node
    // In one view: another node may be writing.
    try writing.connection.begin(.reading)
    let frontier = try AuditTables.frontier(Reading(writing.connection))
    try writing.connection.change("COMMIT")
    let held = Guarded<(connection: any Engine, lock: StoreLock?)?>(
      (writing.connection, writing.lock))
    worker = Worker(name: "records-writer") { [queue, fault] in
      // Taken out of the closure, which lives longer than this run of it.
      let taken = held.change { held in
        defer { held = nil }
        return held
      }
      guard let taken else { return }
      Self.$isOnThread.withValue(true) {
        var commits = Commits(
          place: place, node: node, connection: taken.connection, owner: owner, fault: fault,
          frontier: frontier)
        var bulk = Line()
        while true {
          let jobs =
            bulk.isEmpty
            ? queue.take(most: Self.waitingMax) : queue.takeWaiting(most: Self.waitingMax)
          guard !jobs.isEmpty || !bulk.isEmpty else { break }
          let quick = bulk.keep(jobs)
          if !quick.isEmpty { commits.run(quick) }
          if let next = bulk.next() { commits.run([next]) }
          if bulk.isEmpty, queue.count == 0 { commits.rest(isQuiet: true) }
        }
      }
    }
  }

  /// What ended the writing, or nil while all is well.
  var failure: DatabaseError? { fault.value }

  /// Adds a closure to the queue; a patient one does not wake the thread.
  func add(_ job: Job, isPatient: Bool = false) throws(DatabaseError) {
    if let failure { throw failure }
    guard queue.add(job, isWaking: !isPatient) else {
      throw DatabaseError(.busy, "the store is closing, or \(Self.waitingMax) writings wait")
    }
  }

  /// Sees to what waits patiently.
  func hasten() { queue.wake() }

  /// Finishes what waits and ends the thread.
  func close() {
    queue.close()
    if !Self.isOnThread { worker.join() }
    fault.change { $0 = $0 ?? DatabaseError(.storeClosed, "the store is closed") }
  }
}
