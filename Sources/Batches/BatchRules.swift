// SPDX-License-Identifier: Apache-2.0

/// How batches are run in an estate.
package struct BatchRules: Sendable {
  /// L8.11: in which order the capacity goes round when it does not do for all.
  package enum Prioritisation: String, Hashable, Sendable, CaseIterable {
    /// N4-3-window: in turn, as always.
    case inTurn = "in-turn"
    /// What is due first, first.
    case dueFirst = "due-first"
    /// The smallest batch first.
    case smallestFirst = "smallest-first"
  }

  /// Whether a batch is approved by its coming, without an officer.
  package var approvesAutomatically = false
  /// N4-3-window.
  package var window = BatchWindow.overnight
  /// N4-3-capacity: requests of all parties in one night.
  package var capacityPerNight = 375_000
  /// N4-3-portal-batch: requests of one party in 24 hours that are processed before those of
  /// parties over it.
  package var partyPerDay = 50_000
  /// M8-2.3-collection: days for which results can be collected.
  package var collectionDays = 30
  /// Batches that may wait; a further one is told to come again.
  package var waitingMax = 500
  /// L8.11.
  package var prioritisation = Prioritisation.inTurn
  /// Chunks that are decided at the same time.
  package var chunksUnderWay = 4

  /// The rules of the sources.
  package init() {}
}
