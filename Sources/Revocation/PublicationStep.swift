// SPDX-License-Identifier: Apache-2.0

/// The steps of publishing a list, each told when it is done, so that a drill can stop a process
/// between two.
package enum PublicationStep: String, Hashable, Sendable, CaseIterable {
  /// The number of the list is durable; nothing is signed.
  case numbered = "list-numbered"
  /// The list is signed and verified; nobody has seen it.
  case signed = "list-signed"
  /// The gate has let it through.
  case checked = "list-checked"
  /// The list is durable; whoever asks gets it.
  case lodged = "list-lodged"
}
