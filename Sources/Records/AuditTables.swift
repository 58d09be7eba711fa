// SPDX-License-Identifier: Apache-2.0

import Audit

/// How the audit tree lies in the file.
///
/// An entry's row also holds its leaf hash. Of the inner nodes only those are kept that are a hash
/// in a tile above level 0, so one row in 256 entries; the rest is computed from at most 255 rows.
enum AuditTables {
  /// The position of an entry is SQLite's row number, so that each append goes to the end of the
  /// one tree that the table is; in another engine these tables are declared in its own words.
  static let statements: [SQL] = [
    """
    CREATE TABLE audit_entry (
      position INTEGER PRIMARY KEY, leaf BLOB NOT NULL CHECK (length(leaf) = 32),
      data BLOB NOT NULL)
    """,
    """
    CREATE TABLE audit_node (
      level BIGINT NOT NULL, position BIGINT NOT NULL,
      hash BLOB NOT NULL CHECK (length(hash) = 32), PRIMARY KEY (level, position))
    """,
    """
    CREATE TABLE audit_tree (
      id INTEGER PRIMARY KEY CHECK (id = 0), size BIGINT NOT NULL,
      root BLOB NOT NULL CHECK (length(root) = 32))
    """,
    """
    CREATE TABLE audit_checkpoint (
      position INTEGER PRIMARY KEY, size BIGINT NOT NULL, note TEXT NOT NULL)
    """,
    """
    INSERT INTO audit_tree (id, size, root)
    VALUES (0, 0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    """,
  ]

  /// The size and root that the last commit left.
  static func state(_ source: some Querying) throws -> (size: Int, root: MerkleTree.Hash) {
    guard let row = try source.first("SELECT size, root FROM audit_tree") else {
      throw DatabaseError(.auditDamaged, "no state of the tree")
    }
    return (try row.int("size"), try row.blob("root"))
  }

  /// The complete nodes of the tree, read where they are kept and computed where they are not.
  static func node(
    _ level: Int, _ index: Int, of source: some Querying
  ) throws -> MerkleTree.Hash {
    let (tileLevel, height) = level.quotientAndRemainder(dividingBy: Tile.height)
    let range = (index << height)..<((index + 1) << height)
    let hashes =
      tileLevel == 0
      ? try source.query(
        """
        SELECT leaf AS hash FROM audit_entry
        WHERE position >= \(range.lowerBound) AND position < \(range.upperBound) ORDER BY position
        """)
      : try source.query(
        """
        SELECT hash FROM audit_node WHERE level = \(tileLevel)
        AND position >= \(range.lowerBound) AND position < \(range.upperBound) ORDER BY position
        """)
    guard hashes.count == range.count else {
      throw DatabaseError(.auditDamaged, "nodes are missing: level \(level), index \(index)")
    }
    return MerkleTree.root(of: try hashes.map { try $0.blob("hash") })
  }

  /// The root over the first so many entries, computed from the nodes that are kept.
  static func root(size: Int, of source: some Querying) throws -> MerkleTree.Hash {
    try MerkleTree.root(size: size) { try node($0, $1, of: source) }
  }

  /// The edge of the stored tree, held against the stored root.
  ///
  /// - Throws: `auditDamaged` when they contradict each other.
  static func frontier(_ source: some Querying) throws -> Frontier {
    let (size, root) = try state(source)
    let last = try source.first("SELECT max(position) AS last FROM audit_entry")
    let frontier = try Frontier(size: size) { try node($0, $1, of: source) }
    guard frontier.root == root, try last?.optionalInt("last") ?? -1 == size - 1 else {
      throw DatabaseError(.auditDamaged, "the entries do not have the stored root of \(size)")
    }
    return frontier
  }
}
