// SPDX-License-Identifier: Apache-2.0

import Audit

/// The audit tree of a store that several nodes write to.
///
/// Each writing transaction takes the tree's one row before anything else and keeps it to its end:
/// so the nodes write one after the other, what a closure checks is still so when it is committed,
/// and every rule holds for many nodes that holds for one (decision 0025).
enum SharedTree {
  /// Entries of other nodes that are followed one by one; more are read from the nodes of the tree.
  static let followedMax = 4_096

  /// Takes the tree for the transaction that is open.
  ///
  /// - Parameters:
  ///   - known: the edge that this node knows.
  ///   - connection: where a writing transaction was begun; it waits for that of another node.
  /// - Returns: the edge as it is now.
  /// - Throws: `auditDamaged` when the tree is not one that goes on from what was known.
  static func take(after known: Frontier, on connection: any Engine) throws -> Frontier {
    let row = try connection.rows("SELECT size, root FROM audit_tree FOR UPDATE", .writing).first
    guard let row else { throw DatabaseError(.auditDamaged, "no state of the tree") }
    let size = try row.int("size")
    let root = try row.blob("root")
    if size == known.size, root == known.root { return known }
    let edge = try edge(size, after: known, on: Reading(connection))
    guard edge.root == root else {
      throw DatabaseError(.auditDamaged, "the entries do not have the stored root of \(size)")
    }
    return edge
  }

  /// The edge as it is now, seen when no transaction of a lost connection is open any more.
  static func look(after known: Frontier, on connection: any Engine) throws -> Frontier {
    try connection.begin(.writing)
    let edge = try take(after: known, on: connection)
    try connection.change("ROLLBACK")
    return edge
  }

  /// The edge of the larger tree, which must begin with the known one.
  private static func edge(
    _ size: Int, after known: Frontier, on reading: Reading
  ) throws -> Frontier {
    let added = size - known.size
    guard added >= 0 else {
      throw DatabaseError(
        .auditDamaged, "the tree has \(size) entries, \(known.size) were committed")
    }
    guard added <= followedMax else {
      guard try AuditTables.root(size: known.size, of: reading) == known.root else {
        throw DatabaseError(.auditDamaged, "the tree does not begin with what was committed")
      }
      return try Frontier(size: size) { try AuditTables.node($0, $1, of: reading) }
    }
    var edge = known
    let leaves = try reading.query(
      """
      SELECT leaf FROM audit_entry WHERE position >= \(known.size) AND position < \(size)
      ORDER BY position
      """)
    for row in leaves { edge.append(try row.blob("leaf")) }
    guard edge.size == size else {
      throw DatabaseError(.auditDamaged, "\(leaves.count) entries where \(added) were added")
    }
    return edge
  }
}
