// SPDX-License-Identifier: Apache-2.0

package import DER
import Synchronization

/// ENG-serial: the serial number of a certificate, always 16 octets.
///
/// Octet 0 is 0x40 plus the layout's version, so that the number is positive and never short;
/// octets 1–2 are the shard; octets 3–7 the time of issue in steps of 16 ms since 1970; octets
/// 8–15 are random. The layout can never change: routing and partitions read it.
package struct SerialNumber: Hashable, Sendable {
  /// Octets of every serial number: DCP-annex-B allows at most 16.
  package static let octetCount = 16
  /// Milliseconds of one step of the time in octets 3–7.
  package static let stepMilliseconds: Int64 = 16
  /// The version of the layout, in the low bits of octet 0.
  static let layoutVersion: UInt8 = 1

  /// The 16 octets as the certificate's INTEGER holds them.
  package let octets: [UInt8]

  /// Reads exactly 16 octets, whoever made them.
  package init?(octets: [UInt8]) {
    guard octets.count == Self.octetCount else { return nil }
    self.octets = octets
  }

  /// A number of this estate: the time already in steps, the random part 8 octets.
  init(shard: UInt16, step: UInt64, random: [UInt8]) {
    precondition(random.count == 8, "a serial number holds 64 random bits")
    precondition(step < 1 << 40, "the time of a serial number has 40 bits, enough until 2527")
    var octets: [UInt8] = [0x40 | Self.layoutVersion, UInt8(shard >> 8), UInt8(shard & 0xFF)]
    for position in (0..<5).reversed() {
      octets.append(UInt8(truncatingIfNeeded: step >> UInt64(position * 8)))
    }
    self.octets = octets + random
  }

  /// The shard that issued it: octets 1–2.
  package var shard: UInt16 { UInt16(octets[1]) << 8 | UInt16(octets[2]) }

  /// The step of 16 ms in which it was drawn: octets 3–7.
  package var step: UInt64 { octets[3..<8].reduce(0) { $0 << 8 | UInt64($1) } }
}

extension SerialNumber: CustomStringConvertible {
  /// 32 upper-case hexadecimal digits, the one form in which serial numbers are shown.
  package var description: String { Hex.encode(octets) }
}

/// Draws serial numbers whose time never goes backwards while the process lives.
package final class SerialNumbers: Sendable {
  private let shard: UInt16
  private let random: @Sendable (Int) -> [UInt8]
  private let lastStep = Mutex<UInt64>(0)

  /// Numbers of one shard; `random` gives so many unpredictable octets.
  package init(shard: UInt16, random: @escaping @Sendable (Int) -> [UInt8]) {
    self.shard = shard
    self.random = random
  }

  /// As many numbers as asked for, in ascending order of time.
  package func draw(_ count: Int, at moment: Time) -> [SerialNumber] {
    let now = UInt64(max(0, moment.milliseconds / SerialNumber.stepMilliseconds))
    let step = lastStep.withLock { last in
      last = max(last, now)
      return last
    }
    let octets = random(count * 8)
    return (0..<count).map {
      SerialNumber(shard: shard, step: step, random: Array(octets[($0 * 8)..<($0 * 8 + 8)]))
    }
  }
}
