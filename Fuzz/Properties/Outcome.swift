// SPDX-License-Identifier: Apache-2.0

/// What a reader made of an input, where each property held.
package struct Outcome: Hashable, Sendable {
  /// The stable name of the refusal, or nil when the input was taken in.
  package let refusal: String?
  /// Whether the input is one whole element or, for texts, whether the reader saw more than its
  /// size: what the first length check lets through.
  package let isPastFirstLength: Bool
  /// Whether OpenSSL takes in what was refused here; one of `Peer.strictness`.
  package let isPeerLenient: Bool

  init(refusal: String? = nil, isPastFirstLength: Bool, isPeerLenient: Bool = false) {
    self.refusal = refusal
    self.isPastFirstLength = isPastFirstLength
    self.isPeerLenient = isPeerLenient
  }
}
