// SPDX-License-Identifier: Apache-2.0

/// Changes of a ZIP archive by its records, after which the directory's end is mostly right again.
enum ArchiveMutation {
  /// The first octets of a record: an entry, its line in the directory, the directory's end, what
  /// follows an entry whose size was not known, and the ends of large archives.
  private static let signatures: [[UInt8]] = [
    [0x50, 0x4b, 3, 4], [0x50, 0x4b, 1, 2], [0x50, 0x4b, 5, 6], [0x50, 0x4b, 7, 8],
    [0x50, 0x4b, 6, 6], [0x50, 0x4b, 6, 7],
  ]
  /// Where numbers stand in an entry's record, and in octets how large they are.
  private static let fields = [
    (4, 2), (6, 2), (8, 2), (10, 4), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2),
  ]
  /// Numbers worth writing.
  private static let numbers = [
    0, 1, 2, 8, 9, 12, 20, 0x800, 0x808, 99, 0x1FF, 0x200, 0x201, 0xFFFF, 0x1_0000, 0x7FFF_FFFF,
    0xFFFF_FFFF,
  ]
  /// Names worth giving; some end a folder, leave one, or are no UTF-8.
  private static let names =
    ["a.csr", "d/", "d/a.csr", "../a", "/a", "", "é", "a\\b", String(repeating: "n", count: 41)]
    .map { Array($0.utf8) } + [[0x61, 0, 0x62], [0xFF, 0x61]]

  /// The input with one to three changes.
  static func change(
    _ input: [UInt8], _ dice: inout Dice, blind: ([UInt8]) -> [UInt8]
  ) -> [UInt8]? {
    var records = records(of: input)
    for _ in 0...min(dice.below(3), dice.below(3)) where !records.isEmpty {
      let index = dice.below(records.count)
      switch dice.below(9) {
      case 0: records.remove(at: index)
      case 1: records.insert(records[index], at: index)
      case 2: records.swapAt(index, dice.below(records.count))
      case 3: records[index].removeLast(dice.below(records[index].count))
      case 4: rename(&records[index], dice.pick(names))
      case 5: records[index] = blind(records[index])
      default:
        let (place, octets) = dice.pick(fields)
        set(&records[index], place, octets, dice.pick(numbers))
      }
    }
    if dice.hits(oneOf: 8) { return Array(records.joined()) }
    return Array(records.filter { !$0.starts(with: signatures[2]) }.joined()) + end(of: records)
  }

  /// The octets cut before each signature.
  private static func records(of input: [UInt8]) -> [[UInt8]] {
    var records: [[UInt8]] = []
    var start = 0
    for at in input.indices.dropFirst()
    where input[at] == 0x50 && signatures.contains(where: { input[at...].starts(with: $0) }) {
      records.append(Array(input[start..<at]))
      start = at
    }
    return records + (start < input.count ? [Array(input[start...])] : [])
  }

  /// An end of the directory that counts the entries that stand there.
  private static func end(of records: [[UInt8]]) -> [UInt8] {
    let count = records.count { $0.starts(with: signatures[0]) }
    let directory = records.filter { $0.starts(with: signatures[1]) }.joined().count
    var end = signatures[2] + [UInt8](repeating: 0, count: 18)
    set(&end, 8, 2, count)
    set(&end, 10, 2, count)
    set(&end, 12, 4, directory)
    return end
  }

  /// Gives an entry's record a name, with its length.
  private static func rename(_ record: inout [UInt8], _ name: [UInt8]) {
    guard record.starts(with: signatures[0]), record.count >= 30 else { return }
    let length = min(Int(record[26]) | Int(record[27]) << 8, record.count - 30)
    record.replaceSubrange(30..<(30 + length), with: name)
    set(&record, 26, 2, name.count)
  }

  /// Writes a number, the low octet first, where there is room.
  private static func set(_ record: inout [UInt8], _ place: Int, _ octets: Int, _ number: Int) {
    guard record.count >= place + octets else { return }
    for octet in 0..<octets {
      record[place + octet] = UInt8(truncatingIfNeeded: number >> (octet * 8))
    }
  }
}
