// SPDX-License-Identifier: Apache-2.0

import DER
import Profiles
import SEC

/// Numbers that look random and are the same in each run (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  mutating func serial() throws -> SerialNumber {
    let first = UInt8.random(in: 1...0x7F, using: &self)
    return try Some.value(SerialNumber(octets: [first] + bytes(15)))
  }

  /// An object identifier of 1 to 60 content octets.
  mutating func objectIdentifier() throws -> ObjectIdentifier {
    let arcs = Int.random(in: 0...6, using: &self)
    let numbers = (0..<arcs).map { _ in
      String(next() >> UInt64.random(in: 1...63, using: &self))
    }
    let second = String(Int.random(in: 0...39, using: &self))
    return try Some.value(ObjectIdentifier((["1", second] + numbers).joined(separator: ".")))
  }
}

/// A value that must be there, without a force unwrap.
enum Some {
  struct Missing: Error {}

  static func value<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
  }
}
