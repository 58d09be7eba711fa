// SPDX-License-Identifier: Apache-2.0

import DER
import X509

/// What holds for each text in which a request is handed in, and for texts of several parts.
enum RequestTextProperty {
  static func check(_ input: [UInt8]) throws(Violation) -> Outcome {
    try parts(of: input)
    let octets: [UInt8]
    do throws(DERError) {
      octets = try RequestText.read(input)
    } catch {
      try error.require(within: input)
      let isPast = ![.tooLong, .empty].contains(error.code)
      return Outcome(refusal: error.code.rawValue, isPastFirstLength: isPast)
    }
    try Violation.unless(!octets.isEmpty, "nothing was read")
    guard octets != input else { return Outcome(isPastFirstLength: true) }
    try peer(input, octets)
    // What begins with the digit of a SEQUENCE is taken for DER, not for text.
    for form in forms(of: octets) where form.first != Identifier.sequence.octet {
      try Violation.unless(
        (try? RequestText.read(form)) == octets, "a form of the same octets is read otherwise")
    }
    return Outcome(isPastFirstLength: true)
  }

  /// The texts in which people may hand in these octets.
  private static func forms(of octets: [UInt8]) -> [[UInt8]] {
    let line = Base64.encode(octets)
    let texts =
      RequestText.labels.map { PEM(label: $0, bytes: octets).text } + [line, " \(line)\r\n"]
    return texts.map { Array($0.utf8) }.filter { $0.count <= RequestText.octetsMax }
  }

  /// OpenSSL must read the same from the Base64 that the text is made of.
  private static func peer(_ input: [UInt8], _ octets: [UInt8]) throws(Violation) {
    let line = Array(Base64.encode(octets).utf8)
    try Violation.unless(Peer.base64(line) == octets, "OpenSSL reads other octets")
    // Every character of the Base64 stands in the input in this order.
    var rest = input[...]
    for character in line {
      guard let place = rest.firstIndex(of: character) else {
        throw Violation("Base64 that does not stand in the text")
      }
      rest = rest[(place + 1)...]
    }
  }

  private static func parts(of input: [UInt8]) throws(Violation) {
    let parts: [PEM]
    do throws(DERError) {
      parts = try PEM.read(input, textOctetsMax: 4096)
    } catch {
      return try error.require(within: input)
    }
    try Violation.unless((1...PEM.partsMax).contains(parts.count), "\(parts.count) parts")
    let text = parts.map(\.text).joined()
    let again = try? PEM.read(Array(text.utf8))
    // A label that is not UTF-8 is mended for people, and so longer when written.
    let areLabelsText = parts.allSatisfy { !$0.label.contains("\u{FFFD}") }
    try Violation.unless(again == parts || !areLabelsText, "parts change when they are written")
  }
}
