// SPDX-License-Identifier: Apache-2.0

/// N4-3-window, L8.11: whose batch is next.
///
/// Parties take turns, a chunk each; within a party the oldest batch goes first. Parties over their
/// daily limit come when no other party waits.
struct Turns: Sendable {
  /// A batch that could go on now.
  struct Waiting: Sendable {
    let id: Int
    let party: String
    let due: Int64
    let left: Int
    let isOverLimit: Bool
  }

  /// When each party had its last turn.
  private var lastTurns: [String: Int] = [:]
  private var turns = 0

  /// The batch whose chunk is decided next, or nil when none waits.
  ///
  /// - Parameters:
  ///   - waiting: every batch that could go on, oldest first.
  ///   - rule: in-turn, unless the demand cannot be met.
  /// - Returns: the first of the batches by that rule.
  mutating func next(
    of waiting: [Waiting], by rule: BatchRules.Prioritisation
  ) -> Waiting? {
    var oldest: [String: Waiting] = [:]
    for batch in waiting where oldest[batch.party] == nil { oldest[batch.party] = batch }
    let candidates =
      oldest.values.contains { !$0.isOverLimit }
      ? oldest.values.filter { !$0.isOverLimit } : Array(oldest.values)
    let chosen = candidates.min { left, right in
      switch rule {
      case .inTurn: break
      case .dueFirst where left.due != right.due: return left.due < right.due
      case .smallestFirst where left.left != right.left: return left.left < right.left
      case .dueFirst, .smallestFirst: break
      }
      let (one, other) = (lastTurns[left.party] ?? -1, lastTurns[right.party] ?? -1)
      return one == other ? left.id < right.id : one < other
    }
    guard let chosen else { return nil }
    turns += 1
    lastTurns[chosen.party] = turns
    return chosen
  }
}
