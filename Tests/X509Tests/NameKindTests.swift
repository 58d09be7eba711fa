// SPDX-License-Identifier: Apache-2.0

import DER
import Testing
import X509

@Suite("What may stand in a name")
struct NameKindTests {
  /// A name of one commonName whose value is this element.
  private static func read(_ value: String) throws -> Name {
    let octets = Writer.write { writer in
      writer.sequence { names in
        names.element(.set) { set in
          set.sequence {
            $0.objectIdentifier(.commonName)
            $0.raw(Hex.decode(value) ?? [])
          }
        }
      }
    }
    let name = try Reader.read(octets) { (reader) throws(DERError) in try Name(from: &reader) }
    #expect(name.encoded == octets)
    return name
  }

  @Test(
    "strings of old kinds and structures are kept as they are",
    arguments: ["120131", "1401E9", "1C0400000041", "1E020041", "30040C024142"])
  func kept(value: String) throws {
    let name = try Self.read(value)
    #expect(name.values(of: .commonName) == [.other((Hex.decode(value) ?? [])[...])])
  }

  @Test(
    "what is no string is refused",
    arguments: ["020101", "0101FF", "0500", "06012A", "0A0101", "04024142", "3100", "80024142"])
  func refused(value: String) {
    let error = #expect(throws: DERError.self) { try Self.read(value) }
    #expect(error?.code == .wrongTag)
  }
}
