// SPDX-License-Identifier: Apache-2.0

package import Batches
import DER

/// How far a batch has come, for machines.
package struct BatchBody: Codable, Sendable {
  /// Number, party, the party's reference, and how it came.
  package let batch: Int
  /// Whose it is.
  package let party: String
  package let identifier: String
  /// `xml` or `zip`.
  package let format: String
  /// As the XML writes it.
  package let state: String
  package let requests: Int
  /// How many have their outcome, and which.
  package let done: Int
  package let success: Int
  package let error: Int
  package let anomaly: Int
  package let ineligible: Int
  /// RFC 3339, or nil.
  package let received: String
  package let started: String?
  package let finished: String?
  package let due: String
  /// When it is expected to end, or nil.
  package let expected: String?
  /// Requests a second.
  package let perSecond: Int?
  package let held: Bool
  package let note: String
  /// Whether the same file was submitted before; of submissions only.
  package var repeated: Bool?

  /// The parts of a progress.
  package init(_ progress: BatchProgress) {
    let batch = progress.batch
    self.batch = batch.id
    party = batch.party
    identifier = batch.identifier
    format = batch.format.rawValue
    state = batch.state.rawValue
    requests = batch.count
    done = progress.counts.total
    success = progress.counts.success
    error = progress.counts.error
    anomaly = progress.counts.anomaly
    ineligible = progress.counts.ineligible
    received = batch.received.rfc3339
    started = batch.started?.rfc3339
    finished = batch.finished?.rfc3339
    due = batch.due.rfc3339
    expected = progress.expected?.rfc3339
    perSecond = progress.perSecond.map { Int($0) }
    held = batch.isHeld
    note = batch.note
  }
}
