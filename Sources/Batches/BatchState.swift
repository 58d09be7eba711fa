// SPDX-License-Identifier: Apache-2.0

/// M8-2.5-batch-states: where a batch stands; no other step than those of `next` exists.
package enum BatchState: String, Hashable, Sendable, CaseIterable {
  /// Uploaded and durable; waits for the Registration Authority.
  case pending = "PENDING"
  /// The Registration Authority said no; final.
  case rejected = "REJECTED"
  /// Approved; its content is compared with what was uploaded.
  case parsing = "PARSING"
  /// Its content changed between upload and parsing; final.
  case tampered = "TAMPERED"
  /// Waits for its turn.
  case queued = "QUEUED"
  /// Its requests are being decided.
  case processing = "PROCESSING"
  /// The window closed, the night's capacity is used up, or an officer stopped it.
  case paused = "PAUSED"
  /// Every request has its outcome; final.
  case completed = "COMPLETED"

  /// The states that may follow.
  package var next: Set<BatchState> {
    switch self {
    case .pending: [.rejected, .parsing]
    case .parsing: [.tampered, .queued]
    case .queued: [.processing]
    case .processing: [.paused, .completed]
    case .paused: [.processing]
    case .rejected, .tampered, .completed: []
    }
  }

  /// Whether nothing will change any more.
  package var isFinal: Bool { next.isEmpty }
}
