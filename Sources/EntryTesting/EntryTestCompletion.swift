// SPDX-License-Identifier: Apache-2.0

package import DER

/// L7.1: what a party has been tested for; each purpose opens its own gate.
package enum EntryTestPurpose: String, Hashable, Sendable, CaseIterable {
  case device
  case organisation
  case repository
}

/// L7.1: that a party has completed the tests for a purpose, and who confirmed it.
package struct EntryTestCompletion: Hashable, Sendable {
  /// The party that was tested.
  package let party: String
  /// What it was tested for.
  package let purpose: EntryTestPurpose
  /// When it was confirmed.
  package let confirmed: Time
  /// The officer who confirmed it.
  package let confirmedBy: String
  /// What shows it: the number of a test report.
  package let evidence: String
}
