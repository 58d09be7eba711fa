// SPDX-License-Identifier: Apache-2.0

package import DER
package import Records
import Threads

/// A standby of the server that keeps the records, read as long as it is known to be fresh enough.
///
/// How far it is behind is not taken from its own clock: the primary's place in its write-ahead log
/// is noted with the moment, and the standby holds everything up to the newest place that it has
/// replayed. When it is further behind than allowed, or does not answer, the primary is read.
package final class Replica: Sendable {
  /// Milliseconds after which it is looked again how far the standby is.
  static let lookMilliseconds: Int64 = 1_000
  /// Milliseconds for which a standby that did not answer is left alone.
  static let restMilliseconds: Int64 = 10_000
  /// Places of the primary that are remembered: what was noted before is too long ago.
  private static let marksMax = 600

  private struct Mark: Sendable {
    let position: Int
    let at: Time
  }

  private struct State: Sendable {
    var records: Records?
    /// Where the primary was, oldest first.
    var marks: [Mark] = []
    /// Before this moment nobody looks again.
    var rest: Time?
    /// The newest moment of the primary of which the standby has everything.
    var fresh: Time?
    var isUsed = false
    /// Whether somebody looks: nobody waits behind a look at a machine that is gone.
    var isLooking = false
    var isClosed = false
  }

  private let primary: Records
  private let open: @Sendable () throws -> Records
  private let secondsMax: Int64
  private let clock: @Sendable () -> Time
  private let tell: @Sendable (_ isUsed: Bool, _ lagMilliseconds: Int64?) -> Void
  private let state = Guarded(State())

  /// A standby.
  ///
  /// - Parameters:
  ///   - primary: the records themselves.
  ///   - secondsMax: how far behind it may be.
  ///   - clock: tells the time.
  ///   - open: opens the standby for reading; it is asked again when it has failed.
  ///   - tell: is told when reading goes over to the standby, or back.
  package init(
    of primary: Records, lagSecondsMax secondsMax: Int64, clock: @escaping @Sendable () -> Time,
    open: @escaping @Sendable () throws -> Records,
    tell: @escaping @Sendable (_ isUsed: Bool, _ lagMilliseconds: Int64?) -> Void = { _, _ in }
  ) {
    self.primary = primary
    self.open = open
    self.secondsMax = secondsMax
    self.clock = clock
    self.tell = tell
  }

  /// Milliseconds by which the standby is behind at most, as last looked; nil when nobody knows.
  package var lagMilliseconds: Int64? {
    let now = clock()
    return state.change { state in state.fresh.map { now.milliseconds - $0.milliseconds } }
  }

  /// How a standby stands.
  package struct Standing: Hashable, Sendable {
    /// Whether it is read.
    package let isRead: Bool
    /// Seconds by which it is behind at most; nil when nobody knows.
    package let lagSeconds: Double?
  }

  /// How it stands now; when the last look is too long ago it looks again.
  package var standing: Standing {
    let isRead = standby() != nil
    return Standing(isRead: isRead, lagSeconds: lagMilliseconds.map { Double($0) / 1_000 })
  }

  /// Measures how long a standby takes to reach where its server is now.
  ///
  /// - Parameters:
  ///   - standby: the standby's records.
  ///   - primary: the server's.
  ///   - secondsMax: how long is waited at most.
  /// - Returns: milliseconds; nil when it did not get there.
  /// - Throws: `DatabaseError` when one of the two does not answer.
  package static func measure(
    _ standby: Records, behind primary: Records, secondsMax: Int64
  ) throws -> Int64? {
    let start = ContinuousClock.now
    let aim = try primary.read { try $0.first(position)?.int("position") ?? 0 }
    while true {
      let place = try standby.read { try $0.first(replayed)?.optionalInt("position") ?? 0 }
      let passed = start.duration(to: .now).components
      let milliseconds = passed.seconds * 1_000 + passed.attoseconds / 1_000_000_000_000_000
      if place >= aim { return milliseconds }
      guard milliseconds < secondsMax * 1_000 else { return nil }
      _ = Gate().wait(milliseconds: 50)
    }
  }

  /// Where a server is in its write-ahead log, and how far a standby has replayed it.
  private static let position: SQL =
    "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS position"
  private static let replayed: SQL =
    "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint AS position"

  /// Runs a closure in one snapshot of the standby, or of the primary.
  package func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
    guard let records = standby() else { return try primary.read(body) }
    do {
      return try records.read(body)
    } catch is DatabaseError {
      // It ended, or broke the reading off to go on replaying (PostgreSQL manual, 27.4.2). Until
      // the next look has found it well nobody else tries.
      state.change { $0.fresh = nil }
      return try primary.read(body)
    }
  }

  /// Closes the connections to the standby.
  package func close() {
    state.change { state in
      defer { state.records = nil }
      state.isClosed = true
      return state.records
    }?.close()
  }

  /// The standby when it is fresh enough.
  private func standby() -> Records? {
    let now = clock()
    let (isDue, isOpen) = state.change { state in
      guard !state.isLooking, !state.isClosed, state.rest.map({ now >= $0 }) ?? true else {
        return (false, true)
      }
      state.rest = now.adding(milliseconds: Self.lookMilliseconds)
      state.isLooking = true
      return (true, state.records != nil)
    }
    if isDue, isOpen { look(at: now) }
    // To find out that a machine is gone takes seconds: the server is read meanwhile.
    if !isOpen { _ = Worker(name: "standby") { [self] in look(at: now) } }
    let (records, lag, isNews) = state.change { state -> (Records?, Int64?, Bool) in
      let lag = state.fresh.map { now.milliseconds - $0.milliseconds }
      let isUsed = state.records != nil && lag.map { $0 <= secondsMax * 1_000 } ?? false
      defer { state.isUsed = isUsed }
      return (isUsed ? state.records : nil, lag, isUsed != state.isUsed)
    }
    if isNews { tell(records != nil, lag) }
    return records
  }

  private func look(at now: Time) {
    let mark = try? primary.read { try $0.first(Self.position)?.int("position") }
    do {
      let records = try state.value.records ?? open()
      let place = try records.read { try $0.first(Self.replayed)?.optionalInt("position") }
      let isClosed = state.change { state in
        state.isLooking = false
        guard !state.isClosed else { return true }
        state.records = records
        if let mark { state.marks.append(Mark(position: mark, at: now)) }
        guard let place else { return false }
        state.fresh = state.marks.last { $0.position <= place }?.at ?? state.fresh
        state.marks.removeFirst(max(0, state.marks.count - Self.marksMax))
        return false
      }
      if isClosed { records.close() }
    } catch {
      state.change { state in
        state.isLooking = false
        state.fresh = nil
        state.rest = now.adding(milliseconds: Self.restMilliseconds)
      }
    }
  }
}
