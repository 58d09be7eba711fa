// SPDX-License-Identifier: Apache-2.0

/// Changes of a text of Base64 by lines, as pasting, mail and editors make them.
enum TextMutation {
  /// Lines worth putting in.
  private static let lines = [
    "-----BEGIN CERTIFICATE REQUEST-----", "-----END CERTIFICATE REQUEST-----",
    "-----BEGIN NEW CERTIFICATE REQUEST-----", "-----END NEW CERTIFICATE REQUEST-----",
    "-----BEGIN CERTIFICATE-----", "-----BEGIN -----", "-----END", "", " ", "\t", "\r", "=", "AA==",
    "AAA=", "AAAA", "AB==", "AAB=", "A===", "====", "MIH=", "Proc-Type: 4", "# text", "0",
    String(repeating: "A", count: 64), String(repeating: "A", count: 76),
    String(repeating: "A", count: 65),
  ].map { Array($0.utf8) }

  /// Characters worth putting in.
  private static let characters = Array("AQgw+/=-_ \t\r\n09zZ.".utf8) + [0, 0x7F, 0x80, 0xEF, 0xFF]

  /// The input with one to three changes.
  static func change(
    _ input: [UInt8], _ dice: inout Dice, blind: ([UInt8]) -> [UInt8]
  ) -> [UInt8]? {
    var rows = input.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
    for _ in 0...min(dice.below(3), dice.below(3)) where !rows.isEmpty {
      let index = dice.below(rows.count)
      switch dice.below(12) {
      case 0: rows.insert(dice.pick(lines), at: index)
      case 1: rows.remove(at: index)
      case 2: rows.insert(rows[index], at: index)
      case 3: rows.swapAt(index, dice.below(rows.count))
      case 4: rows = rows.map { $0.last == 0x0D ? Array($0.dropLast()) : $0 + [0x0D] }
      case 5: rows = wrapped(rows, width: dice.pick([1, 63, 64, 65, 76, 4096]))
      case 6: rows[index] = dice.pick(lines)
      case 7: rows[index] += dice.pick([" ", "\r", "=", "==", "A", "AAAA"].map { Array($0.utf8) })
      case 8: rows += repeatElement(rows[index], count: dice.pick([1, 2, 8]))
      case 9 where rows[index].count > 1:
        // Four characters at a time keep the Base64 whole.
        let place = dice.below(rows[index].count) / 4 * 4
        rows[index].removeSubrange(place..<min(place + 4, rows[index].count))
      case 10 where !rows[index].isEmpty:
        rows[index][dice.below(rows[index].count)] = dice.pick(characters)
      default: rows[index] = blind(rows[index])
      }
    }
    return Array(rows.joined(separator: [0x0A]))
  }

  /// The lines between boundaries in lines of another width.
  private static func wrapped(_ rows: [[UInt8]], width: Int) -> [[UInt8]] {
    var done: [[UInt8]] = []
    var body: [UInt8] = []
    func cut(_ body: [UInt8]) -> [[UInt8]] {
      stride(from: 0, to: body.count, by: width).map {
        Array(body[$0..<min($0 + width, body.count)])
      }
    }
    for row in rows {
      if row.first == UInt8(ascii: "-") || row.isEmpty {
        done += cut(body) + [row]
        body = []
      } else {
        body += row.last == 0x0D ? row.dropLast() : row
      }
    }
    return done + cut(body)
  }
}
