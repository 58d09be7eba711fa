// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
import SEC
import Threads

/// What is counted of a party that goes over what the Code of Connection asks of it.
package struct UsageKey: Hashable, Sendable {
  /// The usage limits whose excess is counted and never refused.
  package enum Rule: String, Hashable, Sendable, CaseIterable {
    /// N4-3-poll-before-20, N4-3-poll-after-20: a result asked for before its time.
    case earlyPoll = "early-poll"
    /// N4-3-poll-before-20, N4-3-poll-after-20: asked for again within the hour.
    case frequentPoll = "frequent-poll"
    /// N4-3-fetch-once: a result fetched again over the web service.
    case secondFetch = "second-fetch"
    /// N4-3-portal-batch: requests of batches beyond those of 24 hours.
    case batchVolume = "batch-volume"
    /// N4-3-portal-adhoc: single requests beyond those of 24 hours.
    case adHocVolume = "ad-hoc-volume"
    /// N4-3-rate-core, N4-3-rate-other: the Ad Hoc service used faster than agreed.
    case adHocRate = "ad-hoc-rate"
  }

  let party: String
  /// Days since 1970, by the clock of Great Britain.
  let day: Int64
  let rule: Rule
}

/// One line of the list that the Service Desk looks at.
package struct UsageExcess: Hashable, Sendable {
  /// Who went over it.
  package let party: String
  /// The day's beginning.
  package let day: Time
  package let rule: String
  package let count: Int
}

extension Batches {
  /// Counts that a party went over a limit; it is written with the next look, not at once.
  package func countExcess(_ rule: UsageKey.Rule, of party: String, by count: Int = 1) {
    let now = clock()
    let day = (now.seconds + UKTime.offset(at: now)) / 86_400
    usage.change { $0[UsageKey(party: party, day: day, rule: rule), default: 0] += count }
  }

  /// Writes what was counted.
  package func flushUsage() {
    let counted = usage.change { usage in
      defer { usage = [:] }
      return usage
    }
    guard !counted.isEmpty else { return }
    let entry = Entry(Self.node, "usage-counted", clause: "N4-3-portal-batch", at: clock())
    do {
      try records.write(entry) { transaction in
        for (key, count) in counted {
          let before = try transaction.first(
            """
            SELECT count FROM usage_excess
            WHERE party = \(key.party) AND day = \(key.day) AND rule = \(key.rule.rawValue)
            """
          )?.int("count")
          try transaction.keep(
            BatchesRecords.usage,
            [
              .text(key.party), .int(key.day), .text(key.rule.rawValue),
              .int(Int64((before ?? 0) + count)),
            ])
        }
      }
    } catch {
      usage.change { $0.merge(counted) { $0 + $1 } }
    }
  }
}

extension BatchReading {
  /// Who went over which limit how often, newest day first.
  package static func excesses(in records: Records) throws -> [UsageExcess] {
    try records.read { reading in
      try reading.query(
        "SELECT party, day, rule, count FROM usage_excess ORDER BY day DESC, party, rule LIMIT 1000"
      ).map { row in
        UsageExcess(
          party: try row.text("party"), day: Time(seconds: try row.int64("day") * 86_400),
          rule: try row.text("rule"), count: try row.int("count"))
      }
    }
  }
}
