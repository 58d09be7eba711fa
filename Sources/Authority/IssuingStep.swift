// SPDX-License-Identifier: Apache-2.0

/// The steps of issuing, each told when it is done, so that a drill can stop a process between two.
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
}
