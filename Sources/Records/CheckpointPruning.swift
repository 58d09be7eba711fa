// SPDX-License-Identifier: Apache-2.0

package import Audit
import DER

/// Which signed checkpoints stay: each second has one, and hardly any is asked for again.
///
/// A checkpoint that is gone takes no proof with it: roots and consistency proofs of every size are
/// computed from the tree, and whoever was given a checkpoint has it. What stays is the evidence,
/// day by day, that the node signed as it went.
extension AuditLog {
  /// The last ones that all stay: about the last quarter of an hour of a busy node [assumed].
  package static let checkpointsKept = 1_000
  /// The most that are looked at in one writing.
  package static let checkpointsLookedAtMax = 10_000
  /// What the entry is called by which checkpoints go.
  package static let pruningAction = "checkpoints-pruned"

  /// Removes checkpoints older than the last `keeping`, all but the last of each day.
  ///
  /// - Parameters:
  ///   - entry: who does it and when; which go is added to it.
  ///   - keeping: how many of the last ones stay.
  ///   - most: how many are looked at.
  /// - Returns: whether there may be more to remove.
  /// - Throws: what `write` throws.
  package func pruneCheckpoints(
    _ entry: Entry, keeping: Int = AuditLog.checkpointsKept,
    most: Int = AuditLog.checkpointsLookedAtMax
  ) throws -> Bool {
    precondition(most > 2, "two rows may be the last ones of two days, and then nothing goes")
    let rows = try records.read { try Self.candidates($0, keeping: keeping, most: most) }
    let kept = rows.indices.filter { $0 == rows.count - 1 || rows[$0].day != rows[$0 + 1].day }
      .map { rows[$0].position }
    guard kept.count < rows.count, let first = rows.first?.position, let last = rows.last?.position
    else { return false }
    let pruning = Pruning(range: first...last, kept: kept)
    _ = try records.write(entry.adding(pruning.facts)) { transaction in
      for range in pruning.dropped {
        try transaction.changeOwn(
          """
          DELETE FROM audit_checkpoint
          WHERE position >= \(range.lowerBound) AND position <= \(range.upperBound)
          """)
      }
    }
    return rows.count == most
  }

  /// The checkpoints from the last one that an earlier pruning kept, in their order, each with the
  /// day of the last entry under it.
  private static func candidates(
    _ reading: Reading, keeping: Int, most: Int
  ) throws -> [(position: Int, day: String)] {
    let bounds = try reading.first(
      """
      SELECT coalesce(max(c.position), 0) AS first,
        (SELECT max(position) FROM audit_checkpoint) AS last
      FROM audit_checkpoint c WHERE c.position > 0 AND NOT EXISTS
        (SELECT 1 FROM audit_checkpoint b WHERE b.position = c.position - 1)
      """)
    guard let bounds, let last = try bounds.optionalInt("last") else { return [] }
    let first = try bounds.int("first")
    return try reading.query(
      """
      SELECT c.position AS position, e.data AS data
      FROM audit_checkpoint c LEFT JOIN audit_entry e ON e.position = c.size - 1
      WHERE c.position >= \(first) AND c.position <= \(last - keeping)
      ORDER BY c.position LIMIT \(most)
      """
    ).map { row in
      guard case .blob(let data) = try row.value("data") else {
        return (try row.int("position"), "")
      }
      return (try row.int("position"), String(try Entry.decode(data).time.rfc3339.prefix(10)))
    }
  }
}

/// One removal of checkpoints, as its entry tells it.
struct Pruning {
  let range: ClosedRange<Int>
  /// Those that stay, in their order, the last one among them.
  let kept: [Int]

  init(range: ClosedRange<Int>, kept: [Int]) {
    self.range = range
    self.kept = kept
  }

  /// Reads the facts of an entry; nil when it is another one.
  init?(_ entry: Entry) {
    guard entry.action == AuditLog.pruningAction,
      let first = entry.facts["first"].flatMap({ Int($0) }),
      let last = entry.facts["last"].flatMap({ Int($0) }), first <= last
    else { return nil }
    range = first...last
    kept = (entry.facts["kept"] ?? "").split(separator: " ").compactMap { Int($0) }.sorted()
  }

  var facts: [String: String] {
    [
      "first": "\(range.lowerBound)", "last": "\(range.upperBound)",
      "kept": kept.map { "\($0)" }.joined(separator: " "),
    ]
  }

  /// The positions that go, as ranges.
  var dropped: [ClosedRange<Int>] {
    var dropped: [ClosedRange<Int>] = []
    var next = range.lowerBound
    for position in kept where range.contains(position) {
      if next < position { dropped.append(next...(position - 1)) }
      next = position + 1
    }
    if next <= range.upperBound { dropped.append(next...range.upperBound) }
    return dropped
  }
}

/// Rows that are not there, held against the removals that the audit knows.
struct CheckpointGaps {
  private var gaps: [(range: Range<Int>, next: Int, faults: Int)] = []
  private var dropped: [ClosedRange<Int>] = []

  /// Rows are missing before the row at `next`; so many faults were found until then.
  mutating func add(_ range: Range<Int>, before next: Int, behind faults: Int) {
    gaps.append((range, next, faults))
  }

  /// Takes an entry of the audit.
  mutating func visit(_ entry: Entry) {
    if let pruning = Pruning(entry) { dropped += pruning.dropped }
  }

  /// The first missing row of each gap that no removal explains, the row found instead, and how
  /// many faults came before it; the last gap first.
  func unexplained() -> [(missing: Int, found: Int, faults: Int)] {
    let sorted = dropped.sorted { $0.lowerBound < $1.lowerBound }
    return gaps.reversed().compactMap { gap in
      var next = gap.range.lowerBound
      for range in sorted where range.lowerBound <= next && range.upperBound >= next {
        next = range.upperBound + 1
      }
      return next < gap.range.upperBound ? (next, gap.next, gap.faults) : nil
    }
  }
}
