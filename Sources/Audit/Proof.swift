// SPDX-License-Identifier: Apache-2.0

/// Proofs that an entry is in a tree, and that a tree is the beginning of a larger one.
extension MerkleTree {
  /// The hashes that lead from the leaf of an index to the root of a size (RFC 9162, 2.1.3.1).
  ///
  /// - Throws: `outOfRange`, or what `nodes` throws.
  package static func inclusionProof(
    _ index: Int, size: Int, from nodes: Nodes
  ) throws -> [Hash] {
    guard index >= 0, index < size else {
      throw AuditError(.outOfRange, "no leaf \(index) in a tree of \(size)")
    }
    var proof: [Hash] = []
    var range = 0..<size
    while range.count > 1 {
      let middle = range.lowerBound + split(range.count)
      if index < middle {
        proof.append(try root(middle..<range.upperBound, nodes))
        range = range.lowerBound..<middle
      } else {
        proof.append(try root(range.lowerBound..<middle, nodes))
        range = middle..<range.upperBound
      }
    }
    return proof.reversed()
  }

  /// The hashes that show the tree of one size to begin the tree of another (RFC 9162, 2.1.4.1).
  ///
  /// Empty for equal sizes and, as there is nothing to show, for a first size of 0.
  ///
  /// - Throws: `outOfRange`, or what `nodes` throws.
  package static func consistencyProof(
    from first: Int, to second: Int, from nodes: Nodes
  ) throws -> [Hash] {
    guard first >= 0, first <= second else {
      throw AuditError(.outOfRange, "a tree of \(first) does not begin one of \(second)")
    }
    guard first > 0 else { return [] }
    var proof: [Hash] = []
    var range = 0..<second
    var isWhole = true
    while first != range.upperBound {
      let middle = range.lowerBound + split(range.count)
      if first <= middle {
        proof.append(try root(middle..<range.upperBound, nodes))
        range = range.lowerBound..<middle
      } else {
        proof.append(try root(range.lowerBound..<middle, nodes))
        range = middle..<range.upperBound
        isWhole = false
      }
    }
    // The root of the smaller tree itself is known to whoever checks, and left out.
    if !isWhole { proof.append(try root(range, nodes)) }
    return proof.reversed()
  }

  /// The root that an inclusion proof leads to (RFC 9162, 2.1.3.2).
  ///
  /// - Throws: `proofInvalid` when its length does not fit, `outOfRange`.
  package static func root(
    leaf: Hash, index: Int, size: Int, proof: [Hash]
  ) throws(AuditError) -> Hash {
    guard index >= 0, index < size else {
      throw AuditError(.outOfRange, "no leaf \(index) in a tree of \(size)")
    }
    var node = index
    var last = size - 1
    var hash = leaf
    for sibling in proof {
      guard last > 0, sibling.count == hashOctets else {
        throw AuditError(.proofInvalid, "a proof too long, or of hashes of another length")
      }
      if node & 1 == 1 || node == last {
        hash = nodeHash(sibling, hash)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = nodeHash(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    guard last == 0 else { throw AuditError(.proofInvalid, "a proof too short") }
    return hash
  }

  /// Checks that a leaf stands at an index of the tree with this root.
  ///
  /// - Throws: `proofInvalid`, `outOfRange`.
  package static func checkInclusion(
    leaf: Hash, index: Int, size: Int, root: Hash, proof: [Hash]
  ) throws(AuditError) {
    guard try self.root(leaf: leaf, index: index, size: size, proof: proof) == root else {
      throw AuditError(.proofInvalid, "leaf \(index) is not under this root of \(size)")
    }
  }

  /// Checks that the tree with the first root begins the tree with the second (RFC 9162, 2.1.4.2).
  ///
  /// - Throws: `proofInvalid`, `outOfRange`.
  package static func checkConsistency(
    from first: Int, root firstRoot: Hash, to second: Int, root secondRoot: Hash, proof: [Hash]
  ) throws(AuditError) {
    guard first >= 0, first <= second else {
      throw AuditError(.outOfRange, "a tree of \(first) does not begin one of \(second)")
    }
    if first == second || first == 0 {
      guard proof.isEmpty, first == 0 ? firstRoot == emptyRoot : firstRoot == secondRoot else {
        throw AuditError(
          .proofInvalid, "nothing to prove, yet the roots differ or a proof is there")
      }
      return
    }
    // A size that is a power of two is a node of the larger tree: its root begins the path.
    var path = (first & (first - 1) == 0 ? [firstRoot] : []) + proof
    guard !path.isEmpty, path.allSatisfy({ $0.count == hashOctets }) else {
      throw AuditError(.proofInvalid, "a proof too short, or of hashes of another length")
    }
    var node = first - 1
    var last = second - 1
    while node & 1 == 1 {
      node >>= 1
      last >>= 1
    }
    var old = path.removeFirst()
    var new = old
    for hash in path {
      guard last > 0 else { throw AuditError(.proofInvalid, "a proof too long") }
      if node & 1 == 1 || node == last {
        old = nodeHash(hash, old)
        new = nodeHash(hash, new)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        new = nodeHash(new, hash)
      }
      node >>= 1
      last >>= 1
    }
    guard last == 0, old == firstRoot, new == secondRoot else {
      throw AuditError(
        .proofInvalid, "the tree of \(first) with this root does not begin that of \(second)")
    }
  }
}
