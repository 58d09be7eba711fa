// SPDX-License-Identifier: Apache-2.0

/// The steps of issuing and of an authority's end, each told when it is done, so that a drill can
/// stop a process between two.
package enum IssuingStep: String, Hashable, Sendable, CaseIterable {
  /// The requests are read, authorised and proven; nothing is written.
  case prepared
  /// The first commit is durable.
  case recorded
  /// Everything is signed, verified and compared; nobody has seen it.
  case signed
  /// The second commit is durable; nobody has been answered.
  case lodged
  /// Everybody has been answered.
  case answered
  /// The key of a spent authority is no longer in this process.
  case keyForgotten = "key-forgotten"
  /// It is destroyed; that is not recorded yet.
  case keyDestroyed = "key-destroyed"
  /// The record of it is durable.
  case destructionRecorded = "destruction-recorded"
}
