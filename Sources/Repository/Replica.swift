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

  /// Runs a closure in one snapshot of the standby, or of the primary.
  package func read<Value>(_ body: (Reading) throws -> Value) throws -> Value {
    guard let records = standby() else { return try primary.read(body) }
    do {
      return try records.read(body)
    } catch is DatabaseError {
      // It ended, or broke the reading off to go on replaying (PostgreSQL manual, 27.4.2).
      return try primary.read(body)
    }
  }

  /// Closes the connections to the standby.
  package func close() {
    state.change { state in
      defer { state.records = nil }
      return state.records
    }?.close()
  }

  /// The standby when it is fresh enough.
  private func standby() -> Records? {
    let now = clock()
    let isDue = state.change { state in
      guard state.rest.map({ now >= $0 }) ?? true else { return false }
      state.rest = now.adding(milliseconds: Self.lookMilliseconds)
      return true
    }
    if isDue { look(at: now) }
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
    let position: SQL = "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS position"
    let replayed: SQL = "SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint AS position"
    let mark = try? primary.read { try $0.first(position)?.int("position") }
    do {
      let records = try state.value.records ?? open()
      let place = try records.read { try $0.first(replayed)?.int("position") }
      state.change { state in
        state.records = records
        if let mark { state.marks.append(Mark(position: mark, at: now)) }
        guard let place else { return }
        state.fresh = state.marks.last { $0.position <= place }?.at ?? state.fresh
        state.marks.removeFirst(max(0, state.marks.count - Self.marksMax))
      }
    } catch {
      state.change { $0.rest = now.adding(milliseconds: Self.restMilliseconds) }
    }
  }
}
