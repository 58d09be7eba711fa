// SPDX-License-Identifier: Apache-2.0

/// A growing tree of RFC 9162, 2.1: only the roots of its complete parts are kept.
struct HashTree {
  private(set) var size = 0
  private var parts: [(leaves: Int, hash: [UInt8])] = []

  /// Adds an entry, not its hash.
  mutating func append(_ entry: [UInt8]) {
    parts.append((1, SHA256.hash([0] + entry)))
    size += 1
    while parts.count > 1, parts[parts.count - 1].leaves == parts[parts.count - 2].leaves {
      let right = parts.removeLast()
      let left = parts.removeLast()
      parts.append((left.leaves * 2, SHA256.hash([1] + left.hash + right.hash)))
    }
  }

  var root: [UInt8] {
    guard var root = parts.last?.hash else { return SHA256.hash([]) }
    for part in parts.dropLast().reversed() { root = SHA256.hash([1] + part.hash + root) }
    return root
  }
}
