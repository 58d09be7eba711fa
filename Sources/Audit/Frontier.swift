// SPDX-License-Identifier: Apache-2.0

/// The right edge of a growing tree: enough to append leaves and to know the root.
///
/// It holds one complete node for each bit that is set in the size, the largest first.
package struct Frontier: Hashable, Sendable {
  /// A node over `2^level` leaves, all of them there.
  package struct Node: Hashable, Sendable {
    /// 0 for leaves.
    package let level: Int
    /// Its place among the nodes of its level, from 0.
    package let index: Int
    package let hash: MerkleTree.Hash
  }

  /// How many leaves there are.
  package private(set) var size = 0
  private var peaks: [MerkleTree.Hash] = []

  /// A tree without leaves.
  package init() {}

  /// The edge of a tree of this size, from its complete nodes.
  ///
  /// - Throws: `outOfRange`, or what `nodes` throws.
  package init(size: Int, from nodes: MerkleTree.Nodes) throws {
    guard size >= 0 else { throw AuditError(.outOfRange, "a tree of \(size)") }
    for level in (0..<Int.bitWidth).reversed() where size >> level & 1 == 1 {
      peaks.append(try nodes(level, (size >> level) - 1))
    }
    self.size = size
  }

  /// Adds a leaf.
  ///
  /// - Returns: the nodes that are complete now, from the leaf upwards.
  @discardableResult
  package mutating func append(_ leaf: MerkleTree.Hash) -> [Node] {
    var node = Node(level: 0, index: size, hash: leaf)
    var complete = [node]
    while node.index & 1 == 1, let left = peaks.popLast() {
      node = Node(
        level: node.level + 1, index: node.index >> 1, hash: MerkleTree.nodeHash(left, node.hash))
      complete.append(node)
    }
    peaks.append(node.hash)
    size += 1
    return complete
  }

  /// The root of the tree (RFC 9162, 2.1.1).
  package var root: MerkleTree.Hash {
    guard var root = peaks.last else { return MerkleTree.emptyRoot }
    for peak in peaks.dropLast().reversed() { root = MerkleTree.nodeHash(peak, root) }
    return root
  }
}
