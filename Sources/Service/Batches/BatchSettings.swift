// SPDX-License-Identifier: Apache-2.0

package import Batches

/// How batches are run, as estate.json says it; a setting that is missing has its default.
package struct BatchSettings: Codable, Sendable {
  /// Whether a batch is approved by its coming, without an officer [assumed: no].
  package var automaticApproval = false
  /// N4-3-window: the hours of processing by the clock of Great Britain; the same twice is always.
  package var windowOpens = "20:00"
  package var windowCloses = "08:00"
  /// N4-3-capacity: requests of all parties in one night.
  package var capacityPerNight = 375_000
  /// N4-3-portal-batch: requests of one party in 24 hours that go before those of parties over it.
  package var partyPerDay = 50_000
  /// N4-3-portal-adhoc: single requests of one party in 24 hours before they are counted.
  package var adHocPerDay = 150
  /// N4-3-rate-core, N4-3-rate-other: milliseconds between two requests of the Ad Hoc service from
  /// 07:00 to 20:00, and at other hours.
  package var adHocMillisecondsCore = 800
  package var adHocMillisecondsOther = 4_000
  /// M8-2.3-collection: days for which results can be collected.
  package var collectionDays = 30
  /// Batches that may wait; a further one is told to come again [assumed].
  package var waitingMax = 500
  /// L8.11: `in-turn`, `due-first` or `smallest-first`, when the demand cannot be met [assumed].
  package var prioritisation = "in-turn"

  /// The settings of the sources.
  package init() {}

  /// Reads what is there.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? usual
    }
    automaticApproval = try value(.automaticApproval, automaticApproval)
    windowOpens = try value(.windowOpens, windowOpens)
    windowCloses = try value(.windowCloses, windowCloses)
    capacityPerNight = try value(.capacityPerNight, capacityPerNight)
    partyPerDay = try value(.partyPerDay, partyPerDay)
    adHocPerDay = try value(.adHocPerDay, adHocPerDay)
    adHocMillisecondsCore = try value(.adHocMillisecondsCore, adHocMillisecondsCore)
    adHocMillisecondsOther = try value(.adHocMillisecondsOther, adHocMillisecondsOther)
    collectionDays = try value(.collectionDays, collectionDays)
    waitingMax = try value(.waitingMax, waitingMax)
    prioritisation = try value(.prioritisation, prioritisation)
  }

  /// The rules that these settings are, or nil when one of them is no time or word; `lanes` is how
  /// many threads issue.
  package func rules(lanes: Int) -> BatchRules? {
    guard let window = BatchWindow(opens: windowOpens, closes: windowCloses),
      let prioritisation = BatchRules.Prioritisation(rawValue: prioritisation)
    else { return nil }
    var rules = BatchRules()
    rules.approvesAutomatically = automaticApproval
    rules.window = window
    rules.capacityPerNight = capacityPerNight
    rules.partyPerDay = partyPerDay
    rules.collectionDays = collectionDays
    rules.waitingMax = waitingMax
    rules.prioritisation = prioritisation
    rules.chunksUnderWay = lanes + 2
    return rules
  }
}
