// SPDX-License-Identifier: Apache-2.0

package import Audit
package import DER
import Threads

/// The store of a node: rows that are only ever changed together with an audit entry.
///
/// SQLite in WAL mode with full synchronisation, or a schema on a PostgreSQL server that any number
/// of nodes share. One thread of a process writes, many read, each reading in its own snapshot.
/// After a fault of the disk writing ends until the store is opened again; reading goes on.
package final class Records: Sendable {
  /// Tells the time; tests hand in their own.
  package typealias Clock = @Sendable () -> Time

  /// Where the file is.
  package let path: String
  /// All steps that the program knows, its own first.
  let migrations: [Migration]
  private let readers: ReaderPool
  private let writer: Writer?
  /// What this process tells the other nodes of a store on a server; nil for a file.
  let coordination: Coordination?

  /// Opens the store for writing, makes it when there is none, and applies new migrations.
  ///
  /// - Throws: `DatabaseError`: `storeInUse`, `storeTooNew`, `migrationChanged`, `storeNotOpened`.
  package static func open(
    _ path: String, as node: NodeName = .unnamed, clock: @escaping Clock, migrations: [Migration]
  ) throws -> Records {
    let place = StorePlace(path)
    let writing = try place.connectWriter(as: node)
    do {
      try Schema.migrate(writing.connection, to: migrations, at: clock())
      return try Records(path, migrations, coordination: writing.coordination) {
        try Writer(place, writing, owner: $0)
      }
    } catch {
      writing.coordination?.close()
      throw error
    }
  }

  /// Opens the store for reading only, as an assessor does; another process may be writing.
  ///
  /// - Throws: `DatabaseError`: `storeNotOpened`, `storeTooNew`.
  package static func openReadOnly(_ path: String, migrations: [Migration]) throws -> Records {
    let connection = try StorePlace(path).connect(.reading)
    try Schema.check(Schema.rows(on: Reading(connection)), against: [Schema.ground] + migrations)
    return try Records(path, migrations, writer: nil)
  }

  /// Opens for reading a store that may be damaged, so that `verifyAudit` can say what is wrong:
  /// nothing is checked beforehand.
  ///
  /// - Throws: `DatabaseError`: `storeNotOpened`.
  package static func examine(_ path: String, migrations: [Migration]) throws -> Records {
    _ = try StorePlace(path).connect(.reading)
    return try Records(path, migrations, writer: nil)
  }

  /// Copies a store as it is at this moment into a new file, beside whoever has it open.
  ///
  /// - Throws: `DatabaseError`; `misuse` for a store on a server.
  package static func copy(_ path: String, to target: String) throws(DatabaseError) {
    try StorePlace(path).copy(to: target)
  }

  private init(
    _ path: String, _ migrations: [Migration], coordination: Coordination? = nil,
    writer: ((ReaderPool) throws -> Writer)?
  ) throws {
    self.path = path
    self.coordination = coordination
    self.migrations = [Schema.ground] + migrations
    readers = ReaderPool(StorePlace(path))
    self.writer = try writer?(readers)
  }

  deinit {
    close()
  }

  /// Whether a living process, this one or another, has the store open for writing.
  package var isHeld: Bool { StorePlace(path).isHeld }

  /// Whether a writing can be expected to succeed.
  package var isWritable: Bool { writer.map { $0.failure == nil } ?? false }

  /// Why writing has ended, or nil while `isWritable`.
  package var fault: DatabaseError? {
    guard let writer else { return DatabaseError(.storeReadOnly, "opened for reading") }
    return writer.failure
  }

  /// Runs a closure on the writer's thread and appends its entry, both or neither, and returns once
  /// they are durable.
  ///
  /// Other threads' closures may share the transaction; each is undone alone when it throws.
  ///
  /// - Parameters:
  ///   - entry: who does it and why; the closure may add facts with `note`.
  ///   - isBulk: whether it takes long, some milliseconds: others then go before it.
  ///   - body: the change. It must not write through `Records` again; it may read.
  /// - Returns: what the closure returns.
  /// - Throws: what the closure throws, or `DatabaseError`.
  @discardableResult
  package func write<Value: Sendable>(
    _ entry: Entry, isBulk: Bool = false,
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) throws -> Value {
    let value = Guarded<Value?>(nil)
    try perform(
      .logged(entry) { transaction in
        let result = try body(transaction)
        value.change { $0 = result }
      }, isBulk: isBulk)
    guard let result = value.value else { throw DatabaseError(.other, "a writing without result") }
    return result
  }

  /// The same without waiting: the closure and its entry are queued, and `finish` is told.
  ///
  /// A patient writing waits for the next that is not, and so costs no commit of its own; whoever
  /// queues one must see to it that another follows soon, or call `hasten`.
  ///
  /// - Parameters:
  ///   - entry: who does it and why.
  ///   - isPatient: whether it may wait for company.
  ///   - isBulk: as above.
  ///   - body: the change, as above.
  ///   - finish: runs once on the writer's thread, after the commit or with what went wrong; it
  ///     must be short and may not write.
  /// - Throws: `DatabaseError` when nothing was queued; `finish` is then never called.
  package func write<Value: Sendable>(
    _ entry: Entry, isPatient: Bool = false, isBulk: Bool = false,
    _ body: @escaping @Sendable (Transaction) throws -> Value,
    finish: @escaping @Sendable (Result<Value, any Error>) -> Void
  ) throws {
    guard let writer else { throw DatabaseError(.storeReadOnly, "opened for reading") }
    let value = Guarded<Value?>(nil)
    let work = Writer.Job.Work.logged(entry) { transaction in
      let result = try body(transaction)
      value.change { $0 = result }
    }
    let job =
      Writer.Job(work: work, isBulk: isBulk) { error in
        guard error == nil, let result = value.value else {
          finish(.failure(error ?? DatabaseError(.other, "a writing without result")))
          return
        }
        finish(.success(result))
      }
    try writer.add(job, isPatient: isPatient)
  }

  /// Commits what waits patiently, now.
  package func hasten() { writer?.hasten() }

  /// Runs a closure of the room's own that says nothing new, and appends no entry.
  func writeUnlogged(_ body: @escaping @Sendable (any Engine) throws -> Void) throws {
    try perform(.unlogged(body))
  }

  private func perform(_ work: Writer.Job.Work, isBulk: Bool = false) throws {
    guard let writer else { throw DatabaseError(.storeReadOnly, "opened for reading") }
    if let scope = Scope.current, scope.isWriting, scope.owner === readers {
      throw DatabaseError(.nestedWrite, "a writing inside a writing")
    }
    let failure = Guarded<(any Error)?>(nil)
    let gate = Gate()
    try writer.add(
      Writer.Job(work: work, isBulk: isBulk) { error in
        failure.change { $0 = error }
        gate.open()
      })
    gate.wait()
    if let failure = failure.value { throw failure }
  }

  /// The audit: what was written, in order, and the proof of it.
  package var audit: AuditLog { AuditLog(records: self) }

  /// Runs a closure in one consistent snapshot; inside a writing, in that writing's own view.
  ///
  /// - Throws: what the closure throws, or `DatabaseError`.
  package func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
    try readers.read(body)
  }

  /// Finishes the writings that wait and closes the file; it may be called twice.
  package func close() {
    writer?.close()
    coordination?.close()
    readers.close()
  }
}
