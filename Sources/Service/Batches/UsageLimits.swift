// SPDX-License-Identifier: Apache-2.0

package import Batches
import DER
import Threads

/// Counts single requests beyond what the Code of Connection asks of parties; all are answered.
package final class UsageLimits: Sendable {
  private struct Seen {
    /// When the party last asked the Ad Hoc service.
    var lastAdHoc: Time?
    /// When it asked the portal's device function, in the last 24 hours, oldest first.
    var portal: [Time] = []
  }

  private let batches: Batches
  private let settings: BatchSettings
  private let seen = Guarded<[String: Seen]>([:])

  /// The hours in which the Ad Hoc service may be used faster, in minutes of the day.
  private static let coreHours = 7 * 60..<20 * 60

  /// Limits as these settings say; `batches` keeps what is counted.
  package init(batches: Batches, settings: BatchSettings) {
    self.batches = batches
    self.settings = settings
  }

  /// N4-3-rate-core, N4-3-rate-other: a party asks the Ad Hoc service.
  package func adHoc(_ party: String) {
    let now = batches.now
    let isCore = Self.coreHours.contains(UKTime.minuteOfDay(at: now))
    let least = isCore ? settings.adHocMillisecondsCore : settings.adHocMillisecondsOther
    let isTooSoon = seen.change { seen in
      defer { seen[party, default: Seen()].lastAdHoc = now }
      guard let last = seen[party]?.lastAdHoc else { return false }
      return now.milliseconds - last.milliseconds < Int64(least)
    }
    if isTooSoon { batches.countExcess(.adHocRate, of: party) }
  }

  /// N4-3-portal-adhoc: a party asks the portal's device function for one certificate.
  package func portal(_ party: String) {
    let now = batches.now
    let since = now.adding(seconds: -86_400)
    let most = settings.adHocPerDay
    let isOver = seen.change { seen in
      var times = seen[party]?.portal ?? []
      if let first = times.first, first <= since { times.removeAll { $0 <= since } }
      // No more are remembered than tell whether the next one is over.
      let isOver = times.count >= most
      if isOver, !times.isEmpty { times.removeFirst() }
      times.append(now)
      seen[party, default: Seen()].portal = times
      return isOver
    }
    if isOver { batches.countExcess(.adHocVolume, of: party) }
  }
}
