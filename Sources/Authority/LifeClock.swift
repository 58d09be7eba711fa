// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Records
import SEC
import Threads

/// C3-118-4a: the time by which the lives of keys are measured; it never goes backwards.
///
/// A clock that is put back gives no key a longer life: the latest time seen counts, and it is
/// found again after a restart from what was recorded and from a row that is written each hour.
package struct LifeClock: Hashable, Sendable {
  /// Seconds by which a clock may be put back before an authority that came on line later than now
  /// is taken for spent: nobody can then say how long it has been on line [assumed].
  package static let backSecondsMax: Int64 = 3_600
  /// Seconds after which the latest time is written down again [assumed].
  static let keptEverySeconds: Int64 = 3_600

  /// What the clock shows.
  package let now: Time
  /// The latest that it ever showed.
  package let latest: Time

  /// A moment, and the latest that was seen before.
  package init(now: Time, latest: Time) {
    self.now = now
    self.latest = max(now, latest)
  }
}

extension Authority {
  /// The life clock at this moment.
  package func lifeClock() -> LifeClock {
    let now = clock()
    return LifeClock(
      now: now,
      latest: latest.change { latest in
        latest = max(latest, now)
        return latest
      })
  }

  /// C3-118-4a: writes the latest time down when the last writing is too long ago.
  func keepLatest(_ life: LifeClock) throws {
    let kept = try records.read { try AuthorityRecords.latestKept(in: $0) }
    guard life.latest.seconds >= (kept?.seconds ?? 0) + LifeClock.keptEverySeconds else { return }
    let entry = Entry(Self.node, "life-clock", clause: "C3-118-4a", at: life.now)
    try records.write(entry) { transaction in
      try transaction.keep(
        AuthorityRecords.lifeClock, [.int(1), .int(life.latest.milliseconds)])
    }
  }
}
