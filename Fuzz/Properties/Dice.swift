// SPDX-License-Identifier: Apache-2.0

/// Random numbers from a seed (SplitMix64): the same seed throws the same.
package struct Dice: RandomNumberGenerator {
  private var state: UInt64

  /// Dice that throw what this seed says.
  package init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number from 0 to below `count`, which is at least 1.
  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  /// Whether one of so many throws succeeds.
  mutating func hits(oneOf count: Int) -> Bool { below(count) == 0 }

  /// One of the members of a list that has some.
  mutating func pick<Member>(_ members: [Member]) -> Member { members[below(members.count)] }
}
