// SPDX-License-Identifier: Apache-2.0

/// Changes an input and keeps its form, so that the readers are reached behind their length checks.
package struct Mutator {
  /// Changes octets without regard to any form; given the most octets that may come back.
  package typealias Blind = (_ octets: [UInt8], _ countMax: Int) -> [UInt8]

  private var dice: Dice
  private let blind: Blind

  /// A mutator that does what the seed says; libFuzzer lends its own blind changes.
  package init(seed: UInt64, blind: Blind? = nil) {
    dice = Dice(seed: seed)
    var own = Dice(seed: ~seed)
    self.blind = blind ?? { Mutator.scatter($0, $1, &own) }
  }

  /// The input, changed, at most so many octets.
  ///
  /// One time in eight, and whenever the form allows no more, the change is blind.
  package mutating func change(_ input: [UInt8], for target: Target, countMax: Int) -> [UInt8] {
    guard !dice.hits(oneOf: 8), let shaped = shape(input, for: target), !shaped.isEmpty,
      shaped.count <= countMax
    else { return blind(input, countMax) }
    return shaped
  }

  private mutating func shape(_ input: [UInt8], for target: Target) -> [UInt8]? {
    let blindly = { [blind] (octets: [UInt8]) in blind(octets, octets.count + 8) }
    return switch target {
    case .der, .certificate, .request, .revocationList, .statusRequest:
      TreeMutation.change(input, &dice, blind: blindly)
    case .requestText: TextMutation.change(input, &dice, blind: blindly)
    case .xml: MarkupMutation.change(input, &dice, blind: blindly)
    case .archive: ArchiveMutation.change(input, &dice, blind: blindly)
    }
  }

  /// Blind changes without libFuzzer: an octet set, put in or taken out.
  private static func scatter(_ octets: [UInt8], _ countMax: Int, _ dice: inout Dice) -> [UInt8] {
    var changed = octets
    let octet = UInt8(truncatingIfNeeded: dice.next())
    switch changed.isEmpty ? 0 : dice.below(4) {
    case 0: changed.insert(octet, at: dice.below(changed.count + 1))
    case 1: changed.remove(at: dice.below(changed.count))
    case 2: changed[dice.below(changed.count)] ^= 1 << (octet & 7)
    default: changed[dice.below(changed.count)] = octet
    }
    return Array(changed.prefix(countMax))
  }
}
