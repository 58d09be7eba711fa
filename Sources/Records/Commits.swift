// SPDX-License-Identifier: Apache-2.0

import Audit
import Threads

/// The writer's work: one transaction after another, on the writer's thread.
struct Commits {
  /// After so long a transaction takes no further closure, so that the first is not kept waiting.
  static let transactionMax = Duration.milliseconds(50)
  /// Pages in the write-ahead log after which a quiet moment is used to empty it.
  static let restPages = 4_000
  /// Pages after which it is emptied even in the midst of work.
  static let busyPages = 20_000

  let connection: Connection
  let owner: ReaderPool
  let fault: Guarded<DatabaseError?>
  /// The edge of the audit tree as committed, or as it will be by the transaction that is open.
  var frontier: Frontier
  /// Whether the write-ahead log may still hold what was erased.
  var holdsErased = false

  /// Runs closures in as few transactions as their time allows.
  mutating func run(_ jobs: [Writer.Job]) {
    var waiting = jobs[...]
    while !waiting.isEmpty {
      if let failure = fault.value {
        for job in waiting { job.finish(failure) }
        return
      }
      var outcomes: [(any Error)?] = []
      do {
        outcomes = try transaction(waiting)
      } catch {
        fail(waiting, error)
        return
      }
      for (job, outcome) in zip(waiting, outcomes) { job.finish(outcome) }
      waiting = waiting.dropFirst(outcomes.count)
      if connection.logPages >= Self.busyPages { checkpoint() }
    }
  }

  /// A quiet moment: pages move from the log to the file when there are many.
  mutating func rest() {
    if connection.logPages >= Self.restPages { checkpoint() }
    if holdsErased { holdsErased = !connection.emptyLog() }
  }

  /// One transaction: what is committed together is answered together.
  ///
  /// - Returns: for each closure that was run why it was undone, or nil when it stands.
  /// - Throws: what ends the writing.
  private mutating func transaction(
    _ jobs: ArraySlice<Writer.Job>
  ) throws -> [(any Error)?] {
    let start = ContinuousClock.now
    let size = frontier.size
    var outcomes: [(any Error)?] = []
    do {
      try connection.execute("BEGIN IMMEDIATE")
    } catch let error as DatabaseError where error.code == .busy {
      // Somebody else's program holds the file: nothing was begun, so nothing is in doubt.
      return jobs.map { _ in error }
    }
    for job in jobs {
      outcomes.append(try perform(job))
      if ContinuousClock.now - start > Self.transactionMax { break }
    }
    guard outcomes.contains(where: { $0 == nil }) else {
      try connection.execute("ROLLBACK")
      return outcomes
    }
    if frontier.size > size {
      try connection.change(
        "UPDATE audit_tree SET size = \(frontier.size), root = \(frontier.root) WHERE id = 0")
    }
    try connection.execute("COMMIT")
    return outcomes
  }

  /// One closure and its entry, under a savepoint.
  private mutating func perform(_ job: Writer.Job) throws -> (any Error)? {
    try connection.execute("SAVEPOINT closure")
    do {
      let scope = Scope(owner: owner, connection: connection, isWriting: true)
      switch job.work {
      case .unlogged(let body): try body(connection)
      case .logged(let entry, let body):
        let transaction = Transaction(connection, auditIndex: frontier.size)
        defer { transaction.end() }
        try Scope.$current.withValue(scope) { try body(transaction) }
        // A closure may have passed over a fault; the store may not.
        if let fault = transaction.fault { throw fault }
        if transaction.hasErased { holdsErased = true }
        guard connection.isInTransaction else {
          throw DatabaseError(.fault, "the transaction ended by itself")
        }
        try append(entry.adding(transaction.facts))
      }
    } catch {
      if let fault = fatal(error) { throw fault }
      try connection.execute("ROLLBACK TO closure")
      try connection.execute("RELEASE closure")
      return error
    }
    try connection.execute("RELEASE closure")
    return nil
  }

  /// Adds an entry to the tree; the edge moves only when all its rows are written.
  private mutating func append(_ entry: Entry) throws {
    let data: [UInt8]
    do {
      data = try entry.checked()
    } catch {
      throw DatabaseError(.entryRefused, error.description)
    }
    let leaf = MerkleTree.leafHash(data)
    var edge = frontier
    let complete = edge.append(leaf)
    try connection.change(
      "INSERT INTO audit_entry (position, leaf, data) VALUES (\(frontier.size), \(leaf), \(data))")
    for node in complete where node.level > 0 && node.level.isMultiple(of: Tile.height) {
      try connection.change(
        """
        INSERT INTO audit_node (level, position, hash)
        VALUES (\(node.level / Tile.height), \(node.index), \(node.hash))
        """)
    }
    frontier = edge
  }

  /// A fault of the disk, or one after which SQLite has ended the transaction by itself.
  private func fatal(_ error: any Error) -> DatabaseError? {
    let error = error as? DatabaseError
    if let error, error.code == .fault { return error }
    guard !connection.isInTransaction else { return nil }
    return error ?? DatabaseError(.fault, "the transaction ended by itself")
  }

  /// Undoes the transaction and stops writing.
  ///
  /// What a failed commit left behind is not known until the store is opened again, and a failed
  /// flush is never tried twice.
  private func fail(_ jobs: ArraySlice<Writer.Job>, _ error: any Error) {
    if connection.isInTransaction { try? connection.run("ROLLBACK") }
    let failure = DatabaseError(.storeUnavailable, "writing has ended: \(error)")
    fault.change { $0 = failure }
    for job in jobs { job.finish(failure) }
  }

  private func checkpoint() {
    do {
      try connection.checkpoint()
    } catch {
      let failure = DatabaseError(.storeUnavailable, "writing has ended: \(error)")
      fault.change { $0 = $0 ?? failure }
    }
  }
}
