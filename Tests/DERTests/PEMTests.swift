// SPDX-License-Identifier: Apache-2.0

import DER
import Testing

@Suite("Textual encoding")
struct PEMTests {
  static let bytes = (0..<100).map { UInt8($0) }
  static let body = Base64.encode(bytes)

  /// The body in lines of so many characters.
  static func lines(_ width: Int, ending: String = "\n") -> String {
    let characters = Array(body.utf8)
    return stride(from: 0, to: characters.count, by: width).map {
      String(decoding: characters[$0..<min($0 + width, characters.count)], as: UTF8.self) + ending
    }.joined()
  }

  static func part(_ body: String, label: String = "X", end: String? = nil) -> [UInt8] {
    Array("-----BEGIN \(label)-----\n\(body)-----END \(end ?? label)-----\n".utf8)
  }

  @Test("what is written is read")
  func roundTrip() throws {
    let part = PEM(label: "CERTIFICATE", bytes: Self.bytes)
    #expect(try PEM.read(Array(part.text.utf8)) == [part])
    #expect(part.text.split(separator: "\n").dropFirst().first?.count == 64)
  }

  @Test(
    "lines of 64, of 76, one line, and both line ends are read",
    arguments: [
      lines(64), lines(76), lines(1000), lines(64, ending: "\r\n"), lines(76, ending: "\r\n"),
    ])
  func widths(body: String) throws {
    #expect(try PEM.readOne(Self.part(body), labels: ["X"]) == Self.bytes)
  }

  @Test("several parts are read in order, and explanations passed over")
  func several() throws {
    let text = Array("subject=Z1\n".utf8) + Self.part("AA==\n", label: "A") + Array("\n".utf8)
    let parts = try PEM.read(text + Self.part("AQ==\n", label: "B"))
    #expect(parts == [PEM(label: "A", bytes: [0]), PEM(label: "B", bytes: [1])])
  }

  @Test(
    "is refused",
    arguments: [
      ("lines of 65", part(lines(65)), DERError.Code.badText),
      ("lines of 4", part(lines(4)), .badText),
      ("a short line in the middle", part("AAAA\n" + lines(64)), .badText),
      (
        "a short line between full ones",
        part(lines(64).split(separator: "\n")[0] + "\nAAAA\n" + lines(64)), .badText
      ),
      ("no body", part(""), .badText),
      ("an empty line inside", part("\n" + lines(64)), .badText),
      ("a header of another format", part("Proc-Type: 4\n\nAA==\n"), .badText),
      ("spare bits that are set", part("AB==\n"), .badText),
      ("no padding", part("AA\n"), .badText),
      ("another label at the end", part("AA==\n", end: "Y"), .badText),
      ("no end", Array("-----BEGIN X-----\nAA==\n".utf8), .badText),
      ("an end alone", Array("-----END X-----\n".utf8), .badText),
      ("a part in a part", Array("-----BEGIN X-----\n".utf8) + part("AA==\n"), .badText),
      ("another label", part("AA==\n", label: "Y"), .badText),
      ("two parts", part("AA==\n") + part("AA==\n"), .tooMany),
      ("no part", Array("AA==\n".utf8), .empty),
      ("nothing", [], .empty),
      ("a text too long", [UInt8](repeating: 0x20, count: PEM.textOctetsMax + 1), .tooLong),
      (
        "parts too many", Array(repeatElement(part("AA==\n"), count: PEM.partsMax + 1).joined()),
        .tooMany
      ),
    ])
  func refused(what: String, text: [UInt8], code: DERError.Code) {
    let error = #expect(throws: DERError.self) { try PEM.readOne(text, labels: ["X"]) }
    #expect(error?.code == code, "\(what)")
  }
}
