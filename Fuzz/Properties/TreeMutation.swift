// SPDX-License-Identifier: Apache-2.0

/// Changes of a tree of elements whose lengths are put right again afterwards.
enum TreeMutation {
  /// Identifier octets worth trying, right ones and wrong ones.
  static let identifiers: [UInt8] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0A, 0x0C, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1C, 0x1E, 0x22,
    0x24, 0x30, 0x31, 0x10, 0x11, 0x1F, 0x00, 0x80, 0x81, 0x82, 0x86, 0x87, 0xA0, 0xA1, 0xA3, 0xA4,
    0x60, 0xC1, 0x28, 0x2C,
  ]

  /// Whole elements worth putting in: names, algorithms, extensions, times, edges of numbers.
  static let donors: [Node] = [
    "0500", "0101FF", "010100", "0200", "020100", "02017F", "02020080", "0201FF", "0202FF7F",
    "02087FFFFFFFFFFFFFFF", "0209008000000000000000", "0300", "030100", "03020780", "0302000F",
    "03020780", "0303070080", "0400", "0600", "06012A", "06092B8080808080808001",
    "060A2BFFFFFFFFFFFFFFFF7F", "06032A8001", "06022A86", "0C00", "0C0141", "0C02C3A9", "0C02C080",
    "0C03E28200", "130141", "13012A", "160140", "160180", "1E020041", "1E0141",
    "170D3439313233313"
      + "233353935395A", "170D3530303130313030303030305A", "170D3236303232393030303030305A",
    "180F32303530303130313030303030305A", "180F39393939313233313233353935395A",
    "180F32303439313233313233353935395A", "3000", "3100", "A000", "A003020102", "A003020100",
    // Names: organisational unit, common name, a unique identifier, an unknown one.
    "310B3009060355040B0C023032", "310B300906035504030C025A31",
    "3111300F060355042D030800"
      + "90B3D51F300100", "31093007060355040A0500",
    // Algorithms: ECDSA, RSA, Ed25519, P-256, P-384.
    "300A06082A8648CE3D040302", "300D06092A864886F70D01010B0500", "300506032B6570",
    "301306072A8648CE3D020106082A8648CE3D030107", "301006072A8648CE3D020106052B81040022",
    "300D06092A864886F70D0101010500", "300906072A8648CE3D0201", "300B06072A8648CE3D02010500",
    // Extensions: constraints, usage, policies, identifiers, purposes, names, a wrapped key.
    "30060603551D130400", "300C0603551D13040530030101FF", "300F0603551D130101FF040530030101FF",
    "30120603551D130101FF040830060101FF020100", "300B0603551D1304043002" + "0500",
    "300E0603551D0F0101FF040403020780", "300E0603551D0F0101FF040403020308",
    "300B0603551D0F040403020001", "300C0603551D0F04050303070080",
    "30110603551D20040A300830060604"
      + "2A030405", "30150603551D20040E300C300A06042A03040530020500",
    "30110603551D0E040A04084123456789ABCDEF", "30130603551D23040C300A80084123456789ABCDEF",
    "30180603551D230411300FA1068204782E6E31820500AABBCCDD",
    "30130603551D25040C300A06082B060105050"
      + "70301", "30110603551D11040A30088206612E62" + "2E63",
    "30110603551D11040A300887047F0000018200",
    "300F0603551D1104083006A004060055"
      + "00",
    "302F0603551D110428" + "3026A024" + "06082B06010505070804A018301606092A864886F70D01"
      + "0101040900112233445566778899", "301206082B0601050507011404063004300006" + "00",
    "301A06082B06010505070114040E300C300506032B65700403AABBCC",
    // extensionRequest with a usage; challengePassword.
    "301F06092A864886F70D01090E31123010300E0603551D0F0101FF040403020308",
    "301506092A864886F70D010907310813064142434445" + "46",
  ].compactMap { text in
    let octets = stride(from: 0, to: text.utf8.count - 1, by: 2).compactMap { place in
      UInt8(text.dropFirst(place).prefix(2), radix: 16)
    }
    return Node.row(octets[...])?.first
  }

  /// The input with one to four changes; nil when it is no row of elements.
  static func change(
    _ input: [UInt8], _ dice: inout Dice, blind: ([UInt8]) -> [UInt8]
  ) -> [UInt8]? {
    guard var row = Node.row(input[...]), !row.isEmpty else { return nil }
    for _ in 0...min(dice.below(3), dice.below(3)) where !row.isEmpty {
      let donor = dice.hits(oneOf: 4) ? node(of: row, &dice) : dice.pick(donors)
      visit(&row, depth: 0, &dice) { siblings, index, dice in
        change(&siblings, index, donor, &dice, blind)
      }
    }
    let isSorted = !dice.hits(oneOf: 8)
    var octets: [UInt8] = []
    for node in row { node.write(into: &octets, isSorted: isSorted) }
    return octets
  }

  /// One change at one place of a row.
  private static func change(
    _ row: inout [Node], _ index: Int, _ donor: Node, _ dice: inout Dice,
    _ blind: ([UInt8]) -> [UInt8]
  ) {
    switch dice.below(16) {
    case 0...4:
      if row[index].children == nil {
        row[index].content = blind(row[index].content)
      } else {
        row[index].children?.append(donor)
      }
    case 5: row.remove(at: index)
    case 6: row.insert(row[index], at: index)
    case 7: row.swapAt(index, dice.below(row.count))
    case 8, 9: row[index] = donor
    case 10: row.insert(donor, at: dice.hits(oneOf: 2) ? index : index + 1)
    case 11: row[index].identifier = dice.pick(identifiers)
    case 12:
      let outside = dice.pick([0x30, 0x31, 0xA0, 0xA3, 0x04] as [UInt8])
      row[index] = Node(outside, content: [], children: [row[index]])
    case 13: row.replaceSubrange(index...index, with: row[index].children ?? [])
    case 14:
      if dice.hits(oneOf: 2) { row[index].length = dice.pick(Node.Length.allCases) }
    default:
      if row[index].children == nil {
        row[index].content = donor.children == nil ? donor.content : []
      } else if let first = row[index].children?.first {
        // Many of the same, up to the limits of lists.
        row[index].children?.append(
          contentsOf: repeatElement(first, count: dice.pick([1, 3, 7, 15, 31])))
      }
    }
  }

  /// Whether to go on into what an element holds: nearly always near the top, where a change ruins
  /// all that is below.
  private static func descends(_ depth: Int, _ dice: inout Dice) -> Bool {
    !dice.hits(oneOf: depth < 2 ? 24 : 6)
  }

  /// An element somewhere in a row that is not empty.
  private static func node(of row: [Node], _ dice: inout Dice) -> Node {
    var node = dice.pick(row)
    while let children = node.children, !children.isEmpty, descends(1, &dice) {
      node = dice.pick(children)
    }
    return node
  }

  /// Hands over a row somewhere in a row that is not empty, and a place there.
  private static func visit(
    _ row: inout [Node], depth: Int, _ dice: inout Dice,
    _ body: (inout [Node], Int, inout Dice) -> Void
  ) {
    let index = dice.below(row.count)
    guard var children = row[index].children, !children.isEmpty, descends(depth, &dice) else {
      return body(&row, index, &dice)
    }
    row[index].children = []
    visit(&children, depth: depth + 1, &dice, body)
    row[index].children = children
  }
}
