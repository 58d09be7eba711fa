// SPDX-License-Identifier: Apache-2.0

package import DER
package import Profiles
import Threads

/// ENG-serial: draws the serial numbers of one shard; the layout can never change.
///
/// Octet 0 is 0x40 plus the layout's version, so that the number is positive and never short;
/// octets 1–2 are the shard; octets 3–7 the time of issue in steps of 16 ms since 1970, which never
/// goes backwards while the process lives; octets 8–15 are random.
package final class SerialNumbers: Sendable {
  /// Milliseconds of one step of the time in octets 3–7.
  package static let stepMilliseconds: Int64 = 16
  /// The version of the layout, in the low bits of octet 0.
  static let layoutVersion: UInt8 = 1
  /// Random octets of each number: 64 bits that nobody can foresee.
  static let randomOctets = 8

  private let shard: UInt16
  private let random: @Sendable (Int) -> [UInt8]
  private let lastStep = Guarded<Int64>(0)

  /// Numbers of one shard; `random` gives so many unpredictable octets.
  package init(shard: UInt16, random: @escaping @Sendable (Int) -> [UInt8]) {
    self.shard = shard
    self.random = random
  }

  /// As many numbers as asked for, with one time.
  package func draw(_ count: Int, at moment: Time) -> [SerialNumber] {
    let now = max(0, moment.milliseconds / Self.stepMilliseconds)
    let step = lastStep.change { last in
      last = max(last, now)
      return last
    }
    precondition(step < 1 << 40, "the time of a serial number has 40 bits, enough until 2527")
    var prefix: [UInt8] = [0x40 | Self.layoutVersion, UInt8(shard >> 8), UInt8(shard & 0xFF)]
    prefix += (0..<5).reversed().map { UInt8(truncatingIfNeeded: step >> ($0 * 8)) }
    let octets = random(count * Self.randomOctets)
    precondition(octets.count == count * Self.randomOctets, "too few random octets")
    return (0..<count).compactMap {
      SerialNumber(
        octets: prefix + octets[($0 * Self.randomOctets)..<(($0 + 1) * Self.randomOctets)])
    }
  }
}

extension SerialNumber {
  /// ENG-serial: the shard that issued it, by which requests find their node.
  package var shard: UInt16 { UInt16(octets[1]) << 8 | UInt16(octets[2]) }

  /// ENG-serial: when it was drawn, to 16 ms.
  package var drawn: Time {
    let step = octets[3..<8].reduce(Int64(0)) { $0 << 8 | Int64($1) }
    return Time(milliseconds: step * SerialNumbers.stepMilliseconds)
  }
}
