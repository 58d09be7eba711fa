// SPDX-License-Identifier: Apache-2.0

import Keys

/// The hash tree of RFC 9162, 2.1 (the same as RFC 6962, 2.1), over SHA-256.
///
/// A node of level `l` and index `i` is complete when it covers the leaves from `i * 2^l` up to but
/// not including `(i + 1) * 2^l`. Roots and proofs of any size are made from complete nodes only.
package enum MerkleTree {
  /// 32 octets.
  package typealias Hash = [UInt8]
  /// Gives the complete node of a level (leaves are 0) and index; throws when it is not at hand.
  package typealias Nodes = (_ level: Int, _ index: Int) throws -> Hash

  /// The length of a hash in octets.
  package static let hashOctets = 32
  /// The root of no leaves: the hash of nothing (RFC 9162, 2.1.1).
  package static let emptyRoot = Digest.sha256([])

  /// The hash of an entry (RFC 9162, 2.1.1): of a zero octet and the entry.
  package static func leafHash(_ data: some Collection<UInt8>) -> Hash {
    var input: [UInt8] = []
    input.reserveCapacity(data.count + 1)
    input.append(0)
    input += data
    return Digest.sha256(input)
  }

  /// The hash of an inner node (RFC 9162, 2.1.1): of a one octet, the left and the right hash.
  package static func nodeHash(_ left: Hash, _ right: Hash) -> Hash {
    var input: [UInt8] = []
    input.reserveCapacity(1 + 2 * hashOctets)
    input.append(1)
    input += left
    input += right
    return Digest.sha256(input)
  }

  /// The root over these leaf hashes.
  package static func root(of leaves: some Collection<Hash>) -> Hash {
    var level = Array(leaves)
    guard !level.isEmpty else { return emptyRoot }
    while level.count > 1 {
      var above: [Hash] = []
      above.reserveCapacity(level.count / 2 + 1)
      for index in stride(from: 0, to: level.count - 1, by: 2) {
        above.append(nodeHash(level[index], level[index + 1]))
      }
      // The last of an odd number goes up as it is, which is the split of RFC 9162 seen from below.
      if !level.count.isMultiple(of: 2) { above.append(level[level.count - 1]) }
      level = above
    }
    return level[0]
  }

  /// The root over the first `size` leaves, from complete nodes.
  package static func root(size: Int, from nodes: Nodes) throws -> Hash {
    guard size >= 0 else { throw AuditError(.outOfRange, "a tree of \(size)") }
    return size == 0 ? emptyRoot : try root(0..<size, nodes)
  }

  /// The root over a range that begins where a complete node of its size would begin.
  static func root(_ range: Range<Int>, _ nodes: Nodes) throws -> Hash {
    if range.count & (range.count - 1) == 0 {
      let level = range.count.trailingZeroBitCount
      return try nodes(level, range.lowerBound >> level)
    }
    let middle = range.lowerBound + split(range.count)
    return nodeHash(
      try root(range.lowerBound..<middle, nodes), try root(middle..<range.upperBound, nodes))
  }

  /// The largest power of two smaller than a count above 1 (RFC 9162, 2.1.1).
  static func split(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }
}
