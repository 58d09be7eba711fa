// SPDX-License-Identifier: Apache-2.0

/// The checksum of ZIP entries (ISO 3309, reflected).
enum CRC32 {
  /// The checksum of all octets.
  static func of(_ octets: [UInt8]) -> UInt32 {
    let table = table
    var value: UInt32 = 0xffff_ffff
    for octet in octets { value = table[Int((value ^ UInt32(octet)) & 0xff)] ^ value >> 8 }
    return ~value
  }

  private static let table: [UInt32] = (0..<256).map { number in
    (0..<8).reduce(UInt32(number)) { value, _ in
      value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1
    }
  }
}
