// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Keys
import Testing

/// The eight leaves of the reference implementation of RFC 6962, their roots and proofs.
enum Reference {
  static let leaves = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
  ].compactMap { Hex.decode($0) }

  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ].compactMap { Hex.decode($0) }

  static func hashes(_ text: String) -> [MerkleTree.Hash] {
    text.split(separator: " ").compactMap { Hex.decode($0) }
  }
}

/// Nodes from leaf hashes, by the definition: the slow way that the others are compared with.
func nodes(_ leaves: [MerkleTree.Hash]) -> MerkleTree.Nodes {
  { level, index in
    let range = (index << level)..<((index + 1) << level)
    guard range.upperBound <= leaves.count else {
      throw AuditError(.missingNode, "level \(level), index \(index)")
    }
    return definition(leaves[range])
  }
}

/// RFC 6962, 2.1, word by word.
func definition(_ leaves: ArraySlice<MerkleTree.Hash>) -> MerkleTree.Hash {
  guard leaves.count > 1 else { return leaves.first ?? Digest.sha256([]) }
  var split = 1
  while split * 2 < leaves.count { split *= 2 }
  return Digest.sha256(
    [1] + definition(leaves.prefix(split)) + definition(leaves.dropFirst(split)))
}

func someLeaves(_ count: Int) -> [MerkleTree.Hash] {
  (0..<count).map { MerkleTree.leafHash([UInt8($0 >> 8), UInt8($0 & 0xFF)]) }
}

@Suite("Merkle tree")
struct MerkleTreeTests {
  @Test("the roots are those of the reference implementation", arguments: 0...8)
  func roots(size: Int) throws {
    let leaves = Reference.leaves.prefix(size).map { MerkleTree.leafHash($0) }
    var frontier = Frontier()
    for leaf in leaves { frontier.append(leaf) }
    #expect(MerkleTree.root(of: leaves) == Reference.roots[size])
    #expect(frontier.root == Reference.roots[size])
    #expect(frontier.size == size)
    #expect(try MerkleTree.root(size: size, from: nodes(leaves)) == Reference.roots[size])
  }

  @Test(
    "inclusion proofs are those of the reference implementation",
    arguments: [
      (0, 1, ""),
      (
        0, 8,
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 "
          + "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e "
          + "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
      ),
      (
        5, 8,
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b "
          + "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 "
          + "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
      ),
    ])
  func inclusionVectors(index: Int, size: Int, proof: String) throws {
    let leaves = Reference.leaves.map { MerkleTree.leafHash($0) }
    let expected = Reference.hashes(proof)
    #expect(try MerkleTree.inclusionProof(index, size: size, from: nodes(leaves)) == expected)
    try MerkleTree.checkInclusion(
      leaf: leaves[index], index: index, size: size, root: Reference.roots[size], proof: expected)
  }

  @Test(
    "consistency proofs are those of the reference implementation",
    arguments: [
      (1, 1, ""),
      (
        1, 8,
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 "
          + "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e "
          + "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
      ),
      (
        6, 8,
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a "
          + "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 "
          + "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
      ),
      (
        2, 5,
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e "
          + "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
      ),
    ])
  func consistencyVectors(first: Int, second: Int, proof: String) throws {
    let leaves = Reference.leaves.map { MerkleTree.leafHash($0) }
    let expected = Reference.hashes(proof)
    #expect(
      try MerkleTree.consistencyProof(from: first, to: second, from: nodes(leaves)) == expected)
    try MerkleTree.checkConsistency(
      from: first, root: Reference.roots[first], to: second, root: Reference.roots[second],
      proof: expected)
  }

  @Test("every inclusion proof of every tree up to 40 holds, and holds for nothing else")
  func inclusion() throws {
    let leaves = someLeaves(40)
    for size in 1...40 {
      let root = definition(leaves.prefix(size))
      for index in 0..<size {
        let proof = try MerkleTree.inclusionProof(index, size: size, from: nodes(leaves))
        try MerkleTree.checkInclusion(
          leaf: leaves[index], index: index, size: size, root: root, proof: proof)
        let other = leaves[(index + 1) % 40]
        #expect(throws: AuditError.self) {
          try MerkleTree.checkInclusion(
            leaf: other, index: index, size: size, root: root, proof: proof)
        }
        #expect(throws: AuditError.self) {
          try MerkleTree.checkInclusion(
            leaf: leaves[index], index: index, size: size, root: root, proof: proof + [root])
        }
        for place in proof.indices {
          var wrong = proof
          wrong[place][place % 32] ^= 1 << (index % 8)
          #expect(throws: AuditError.self) {
            try MerkleTree.checkInclusion(
              leaf: leaves[index], index: index, size: size, root: root, proof: wrong)
          }
          wrong.remove(at: place)
          #expect(throws: AuditError.self) {
            try MerkleTree.checkInclusion(
              leaf: leaves[index], index: index, size: size, root: root, proof: wrong)
          }
        }
      }
    }
  }

  @Test("every consistency proof up to 40 holds, and holds for nothing else")
  func consistency() throws {
    let leaves = someLeaves(41)
    for second in 1...40 {
      let secondRoot = definition(leaves.prefix(second))
      for first in 0...second {
        let firstRoot = definition(leaves.prefix(first))
        let proof = try MerkleTree.consistencyProof(from: first, to: second, from: nodes(leaves))
        try MerkleTree.checkConsistency(
          from: first, root: firstRoot, to: second, root: secondRoot, proof: proof)
        let other = definition(leaves.prefix(second + 1))
        #expect(throws: AuditError.self) {
          try MerkleTree.checkConsistency(
            from: first, root: other, to: second, root: secondRoot, proof: proof)
        }
        #expect(throws: AuditError.self) {
          try MerkleTree.checkConsistency(
            from: first, root: firstRoot, to: second, root: secondRoot, proof: proof + [other])
        }
        for place in proof.indices {
          var wrong = proof
          wrong[place][0] ^= 0x80
          #expect(throws: AuditError.self) {
            try MerkleTree.checkConsistency(
              from: first, root: firstRoot, to: second, root: secondRoot, proof: wrong)
          }
          wrong.remove(at: place)
          #expect(throws: AuditError.self) {
            try MerkleTree.checkConsistency(
              from: first, root: firstRoot, to: second, root: secondRoot, proof: wrong)
          }
        }
      }
    }
  }

  @Test("positions and sizes outside the tree are refused")
  func outside() {
    let leaves = someLeaves(4)
    for (index, size) in [(4, 4), (-1, 4), (0, 0)] {
      #expect(throws: AuditError.self) {
        try MerkleTree.inclusionProof(index, size: size, from: nodes(leaves))
      }
      #expect(throws: AuditError.self) {
        try MerkleTree.root(leaf: leaves[0], index: index, size: size, proof: [])
      }
    }
    for (first, second) in [(3, 2), (-1, 2)] {
      #expect(throws: AuditError.self) {
        try MerkleTree.consistencyProof(from: first, to: second, from: nodes(leaves))
      }
      #expect(throws: AuditError.self) {
        try MerkleTree.checkConsistency(
          from: first, root: leaves[0], to: second, root: leaves[0], proof: [])
      }
    }
    #expect(throws: AuditError.self) { try MerkleTree.root(size: -1, from: nodes(leaves)) }
    #expect(throws: AuditError.self) { try Frontier(size: -1, from: nodes(leaves)) }
    #expect(throws: AuditError.self) { try Frontier(size: 5, from: nodes(leaves)) }
  }

  @Test("a frontier taken up at any size goes on like the one that was there from the start")
  func resumed() throws {
    let leaves = someLeaves(300)
    var whole = Frontier()
    for size in 0..<300 {
      let resumed = try Frontier(size: size, from: nodes(leaves))
      #expect(resumed == whole)
      for node in whole.append(leaves[size]) {
        #expect(try nodes(leaves)(node.level, node.index) == node.hash)
      }
      if size.isMultiple(of: 37) { #expect(whole.root == definition(leaves.prefix(size + 1))) }
    }
  }
}
