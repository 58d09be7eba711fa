// SPDX-License-Identifier: Apache-2.0

/// A failure of ours with batches; never the Code saying no.
package enum BatchesError: Error, Hashable, Sendable {
  /// As many batches wait as are kept; try again in so many seconds.
  case full(retryAfterSeconds: Int)
  /// A file of a batch is gone or cannot be read.
  case fileDamaged(String)
}
