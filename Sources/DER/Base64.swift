// SPDX-License-Identifier: Apache-2.0

/// Bytes written in the standard alphabet of Base64 with padding (RFC 4648, section 4).
package enum Base64 {
  /// One line, padded.
  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index + 2 < bytes.count {
      let group = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
      text.append(alphabet[group >> 18])
      text.append(alphabet[group >> 12 & 63])
      text.append(alphabet[group >> 6 & 63])
      text.append(alphabet[group & 63])
      index += 3
    }
    let left = bytes.count - index
    if left > 0 {
      let group = Int(bytes[index]) << 16 | (left == 2 ? Int(bytes[index + 1]) << 8 : 0)
      text.append(alphabet[group >> 18])
      text.append(alphabet[group >> 12 & 63])
      text.append(left == 2 ? alphabet[group >> 6 & 63] : UInt8(ascii: "="))
      text.append(UInt8(ascii: "="))
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Strict reading: no white space, whole groups of four, padding at the end, spare bits zero.
  ///
  /// - Returns: nil when the text is anything else; empty text is zero bytes.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var group = 0
    var digits = 0
    var padding = 0
    for character in text {
      if character == UInt8(ascii: "=") {
        padding += 1
        guard digits + padding <= 4, digits >= 2 else { return nil }
        continue
      }
      guard padding == 0, case let value = values[Int(character)], value >= 0 else { return nil }
      group = group << 6 | Int(value)
      digits += 1
      if digits == 4 {
        bytes.append(UInt8(group >> 16 & 0xFF))
        bytes.append(UInt8(group >> 8 & 0xFF))
        bytes.append(UInt8(group & 0xFF))
        group = 0
        digits = 0
      }
    }
    switch (digits, padding) {
    case (0, 0):
      break
    case (2, 2) where group & 0x0F == 0:
      bytes.append(UInt8(group >> 4))
    case (3, 1) where group & 0x03 == 0:
      bytes.append(UInt8(group >> 10))
      bytes.append(UInt8(group >> 2 & 0xFF))
    default:
      return nil
    }
    return bytes
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private static let values: [Int8] = {
    var table = [Int8](repeating: -1, count: 256)
    for (value, character) in alphabet.enumerated() { table[Int(character)] = Int8(value) }
    return table
  }()
}
