// SPDX-License-Identifier: Apache-2.0

/// SHA-256 (FIPS 180-4, 6.2) in plain Swift: an evaluator shares no code with what it evaluates.
enum SHA256 {
  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2).
  private static let constants: [UInt32] = roots(64) { x, p in x * x * x <= p }
  /// Those of the square roots of the first 8 primes (5.3.3).
  private static let initial: [UInt32] = roots(8) { x, p in x * x <= p }

  /// 32 octets.
  static func hash(_ message: [UInt8]) -> [UInt8] {
    var padded = message
    padded.append(0x80)
    padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
    padded += (0..<8).reversed().map { UInt8(truncatingIfNeeded: (message.count * 8) >> ($0 * 8)) }
    var state = initial
    for start in stride(from: 0, to: padded.count, by: 64) {
      compress(padded[start..<(start + 64)], &state)
    }
    return state.flatMap { word in
      (0..<4).reversed().map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
  }

  private static func compress(_ block: ArraySlice<UInt8>, _ state: inout [UInt32]) {
    var words: [UInt32] = []
    words.reserveCapacity(64)
    for start in stride(from: block.startIndex, to: block.endIndex, by: 4) {
      words.append(block[start..<(start + 4)].reduce(0) { $0 << 8 | UInt32($1) })
    }
    for t in 16..<64 {
      let (a, b) = (words[t - 15], words[t - 2])
      let small = rotated(a, 7) ^ rotated(a, 18) ^ a >> 3
      let large = rotated(b, 17) ^ rotated(b, 19) ^ b >> 10
      words.append(large &+ words[t - 7] &+ small &+ words[t - 16])
    }
    // Eight variables, because an array would be made anew in each of the 64 rounds.
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for t in 0..<64 {
      let sum = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      let choice = (e & f) ^ (~e & g)
      let first = h &+ sum &+ choice &+ constants[t] &+ words[t]
      let other = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ other &+ majority)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
  }

  private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word >> bits | word << (32 - bits)
  }

  /// For each of the first primes the largest x below 2^36 with `isBelow(x, prime)`, where x counts
  /// 32 binary places, without its whole part.
  private static func roots(
    _ count: Int, _ isBelow: (Wide, Wide) -> Bool
  ) -> [UInt32] {
    var primes: [UInt64] = []
    var candidate: UInt64 = 2
    while primes.count < count {
      if primes.allSatisfy({ !candidate.isMultiple(of: $0) }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map { prime in
      var x: UInt64 = 0
      for bit in (0..<36).reversed() where isBelow(Wide(x | 1 << UInt64(bit)), Wide(whole: prime)) {
        x |= 1 << UInt64(bit)
      }
      return UInt32(truncatingIfNeeded: x)
    }
  }

  /// A number with 32 binary places for each factor in it, exact in 128 bits.
  private struct Wide {
    let value: UInt128
    let places: Int

    init(_ value: UInt64) { (self.value, places) = (UInt128(value), 32) }
    init(whole: UInt64) { (value, places) = (UInt128(whole), 0) }
    private init(_ value: UInt128, _ places: Int) { (self.value, self.places) = (value, places) }

    static func * (left: Wide, right: Wide) -> Wide {
      Wide(left.value * right.value, left.places + right.places)
    }

    static func <= (left: Wide, right: Wide) -> Bool {
      left.value <= right.value << UInt128(left.places - right.places)
    }
  }
}
