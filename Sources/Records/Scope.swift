// SPDX-License-Identifier: Apache-2.0

/// What the running thread is doing with a store: a reading inside it uses the same view.
///
/// So a rule that reads inside a writing sees the writing, and a reading inside a reading neither
/// waits for a second connection nor sees another moment.
struct Scope: Sendable {
  // Task-local values belong to one thread here, as no room has tasks.
  @TaskLocal static var current: Scope?

  /// The pool of the store whose closure is running.
  let owner: ReaderPool
  /// The connection of that closure.
  let connection: any Engine
  let isWriting: Bool
}
