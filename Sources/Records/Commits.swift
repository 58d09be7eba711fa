// SPDX-License-Identifier: Apache-2.0

import Audit
import Threads

/// The writer's work: one transaction after another, on the writer's thread.
struct Commits {
  /// After so long a transaction takes no further closure, so that the first is not kept waiting.
  static let transactionMax = Duration.milliseconds(50)
  /// How long a server that was lost is looked for: a failover takes less (14 s were measured).
  static let reconnectMax = Duration.seconds(60)
  /// How often a closure is run that meets a deadlock with somebody outside the program.
  static let triesMax = 3
  /// Milliseconds between two looks.
  static let reconnectMilliseconds = 250

  /// Where the store is, should its server have to be found again.
  let place: StorePlace
  /// The number of this node of a store on a server, which others write to; nil for a file.
  let node: Int?
  var connection: any Engine
  let owner: ReaderPool
  let fault: Guarded<DatabaseError?>
  /// For each closure of the transaction that was run why it was undone, or nil when it stands.
  private var outcomes: [(any Error)?] = []
  /// The edge of the audit tree as committed, or as it will be by the transaction that is open.
  var frontier: Frontier
  /// The edge at which the transaction began, or nil when it has not begun.
  private var began: Frontier?
  /// Whether the server stayed away when it was last looked for.
  private var isAway = false

  init(
    place: StorePlace, node: Int?, connection: any Engine, owner: ReaderPool,
    fault: Guarded<DatabaseError?>, frontier: Frontier
  ) {
    self.place = place
    self.node = node
    self.connection = connection
    self.owner = owner
    self.fault = fault
    self.frontier = frontier
  }

  /// Runs closures in as few transactions as their time allows.
  mutating func run(_ jobs: [Writer.Job]) {
    var waiting = jobs[...]
    while !waiting.isEmpty {
      if let failure = fault.value {
        for job in waiting { job.finish(failure) }
        return
      }
      outcomes = []
      began = nil
      do {
        if isAway { try findAgain() }
        try transaction(waiting)
      } catch {
        switch search(because: error) {
        case .found: break
        case .away:
          // Whoever waits is told so; the next writing looks again.
          for job in waiting { job.finish(error) }
          return
        case .damaged(let cause):
          fail(waiting, cause)
          return
        }
      }
      for (job, outcome) in zip(waiting, outcomes) { job.finish(outcome) }
      waiting = waiting.dropFirst(outcomes.count)
      rest(isQuiet: false)
    }
  }

  /// Looks once for a server that stayed away.
  private mutating func findAgain() throws {
    let away = DatabaseError(.connectionLost, "the server is away")
    switch reconnect(within: .zero, because: away) {
    case .found: isAway = false
    case .away: throw away
    case .damaged(let cause): throw cause
    }
    outcomes = []
  }

  /// What to do after a failure: look for the server when it was lost, for a minute.
  private mutating func search(because error: any Error) -> Search {
    guard !isAway else {
      return (error as? DatabaseError)?.code == .connectionLost ? .away : .damaged(error)
    }
    guard !connection.isUsable else { return .damaged(error) }
    let found = reconnect(within: Self.reconnectMax, because: error)
    if case .away = found {
      isAway = true
      frontier = began ?? frontier
    }
    // Nothing was begun, so nothing is in doubt: it is tried anew.
    if began == nil { outcomes = [] }
    return found
  }

  /// One transaction: what is committed together is answered together.
  ///
  /// - Throws: what ends the writing, or the loss of the connection.
  private mutating func transaction(_ jobs: ArraySlice<Writer.Job>) throws {
    let start = ContinuousClock.now
    do {
      try connection.begin(.writing)
      if node != nil { frontier = try SharedTree.take(after: frontier, on: connection) }
      began = frontier
    } catch let error as DatabaseError where error.code == .busy {
      // Somebody else's program holds the file: nothing was begun, so nothing is in doubt.
      if connection.isInTransaction { try connection.change("ROLLBACK") }
      outcomes = jobs.map { _ in error }
      return
    }
    let size = frontier.size
    for job in jobs {
      outcomes.append(try perform(job))
      if ContinuousClock.now - start > Self.transactionMax { break }
    }
    guard outcomes.contains(where: { $0 == nil }) else {
      try connection.change("ROLLBACK")
      return
    }
    if frontier.size > size {
      try connection.change(
        "UPDATE audit_tree SET size = \(frontier.size), root = \(frontier.root) WHERE id = 0")
    }
    try connection.change("COMMIT")
  }

  /// What came of looking for a server that was lost.
  private enum Search {
    /// It is there, and it is known what became of the transaction.
    case found
    /// It is not there yet.
    case away
    /// It has lost what was committed before: nothing may be written any more.
    case damaged(any Error)
  }

  /// Finds the server again after it was lost in a transaction, and what became of that.
  ///
  /// The audit says it: the transaction stands when the tree has its root at its size, whatever
  /// other nodes have added since. Otherwise every closure that was run is told that nothing of it
  /// stands. Nothing is asked before the lost connection's work is over for certain: that
  /// connection had the tree, and the new one has to take it first.
  ///
  /// - Returns: `away` when the server stays away for so long.
  private mutating func reconnect(within time: Duration, because error: any Error) -> Search {
    guard let node else { return .damaged(error) }
    let gate = Gate()
    let end = ContinuousClock.now + time
    repeat {
      guard let found = try? place.reconnectWriter(of: node) else { continue }
      do {
        let edge = try SharedTree.look(after: began ?? frontier, on: found)
        let stands = try stands(before: edge, on: Reading(found))
        connection = found
        frontier = edge
        if !stands { outcomes = (0...outcomes.count).map { _ in error } }
        return .found
      } catch let lost as DatabaseError where lost.code == .auditDamaged {
        return .damaged(lost)
      } catch {
        continue
      }
    } while !gate.wait(milliseconds: Self.reconnectMilliseconds) && ContinuousClock.now < end
    return .away
  }

  /// Whether the transaction that was under way is in the tree whose edge is there now.
  private func stands(before edge: Frontier, on reading: Reading) throws -> Bool {
    guard let began, frontier.size > began.size, edge.size >= frontier.size else { return false }
    return try AuditTables.root(size: frontier.size, of: reading) == frontier.root
  }

  /// One closure and its entry, run again when the server broke it off for another's sake.
  private mutating func perform(_ job: Writer.Job) throws -> (any Error)? {
    for _ in 1..<Self.triesMax {
      let outcome = try attempt(job)
      guard node != nil, (outcome as? DatabaseError)?.code == .busy else { return outcome }
    }
    return try attempt(job)
  }

  /// One closure and its entry, under a savepoint.
  private mutating func attempt(_ job: Writer.Job) throws -> (any Error)? {
    try connection.change("SAVEPOINT closure")
    do {
      let scope = Scope(owner: owner, connection: connection, isWriting: true)
      switch job.work {
      case .unlogged(let body): try body(connection)
      case .logged(let entry, let body):
        let transaction = Transaction(connection, auditIndex: frontier.size, node: node)
        defer { transaction.end() }
        try Scope.$current.withValue(scope) { try body(transaction) }
        // A closure may have passed over a fault; the store may not.
        if let fault = transaction.fault { throw fault }
        guard connection.isInTransaction else {
          throw DatabaseError(.fault, "the transaction ended by itself")
        }
        try append(entry.adding(transaction.facts))
      }
    } catch {
      if let fault = fatal(error) { throw fault }
      try connection.change("ROLLBACK TO closure")
      try connection.change("RELEASE closure")
      return error
    }
    try connection.change("RELEASE closure")
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
    if connection.isInTransaction { try? connection.change("ROLLBACK") }
    let failure = DatabaseError(.storeUnavailable, "writing has ended: \(error)")
    fault.change { $0 = failure }
    for job in jobs { job.finish(failure) }
  }

  /// A moment between transactions, which the engine may use; quiet when nothing waits.
  func rest(isQuiet: Bool) {
    do {
      try connection.rest(isQuiet: isQuiet)
    } catch {
      let failure = DatabaseError(.storeUnavailable, "writing has ended: \(error)")
      fault.change { $0 = $0 ?? failure }
    }
  }
}
