// SPDX-License-Identifier: Apache-2.0

import DER
import FuzzProperties
import Testing
import X509

/// The value of an extension as octets, and what comes of reading it.
struct ExtensionCase: Sendable, CustomTestStringConvertible {
  let name: String
  let type: any ExtensionValue.Type
  let hex: String
  /// nil: read, and written again byte for byte.
  let code: DERError.Code?

  init(
    _ name: String, _ type: any ExtensionValue.Type, _ hex: String, _ code: DERError.Code? = nil
  ) {
    self.name = name
    self.type = type
    self.hex = hex
    self.code = code
  }

  var testDescription: String { name }
}

@Suite("Extensions")
struct ExtensionTests {
  static let device = "3029A02706082B06010505070804A01B3019060D2A863A0001848FB90F0102020104"

  static let cases: [ExtensionCase] = [
    ExtensionCase("digitalSignature", KeyUsage.self, "03020780"),
    ExtensionCase("decipherOnly", KeyUsage.self, "0303070080"),
    ExtensionCase("no use", KeyUsage.self, "030100", .empty),
    ExtensionCase("a tenth bit", KeyUsage.self, "0303060040", .badValue),
    ExtensionCase("trailing zeros of uses", KeyUsage.self, "03020080", .badBitString),
    ExtensionCase("uses and more", KeyUsage.self, "030207800500", .trailingBytes),
    ExtensionCase("end entity", BasicConstraints.self, "3000"),
    ExtensionCase("authority", BasicConstraints.self, "30030101FF"),
    ExtensionCase("path length 0", BasicConstraints.self, "30060101FF020100"),
    ExtensionCase("path length 255", BasicConstraints.self, "30070101FF020200FF"),
    ExtensionCase(
      "path length 256", BasicConstraints.self, "30070101FF02020100", .integerTooLarge),
    ExtensionCase("FALSE written out", BasicConstraints.self, "3003010100", .defaultEncoded),
    ExtensionCase("path length of nobody", BasicConstraints.self, "3003020100", .badValue),
    ExtensionCase("8 octets", SubjectKeyIdentifier.self, "04084F5688D7EC933BE2"),
    ExtensionCase("no octet", SubjectKeyIdentifier.self, "0400", .badValue),
    ExtensionCase("issuer's key", AuthorityKeyIdentifier.self, "300A80084F5688D7EC933BE2"),
    ExtensionCase("nothing of the issuer", AuthorityKeyIdentifier.self, "3000"),
    ExtensionCase("issuer and serial", AuthorityKeyIdentifier.self, "3007A1028200820101"),
    ExtensionCase(
      "another part of the issuer", AuthorityKeyIdentifier.self, "3003830101", .wrongTag),
    ExtensionCase("issuer's key of no octet", AuthorityKeyIdentifier.self, "30028000", .badValue),
    ExtensionCase("a policy", CertificatePolicies.self, "300630040602551D"),
    ExtensionCase("a qualified policy", CertificatePolicies.self, "300A30080602551D30020500"),
    ExtensionCase("no policy", CertificatePolicies.self, "3000", .empty),
    ExtensionCase("a policy without a name", CertificatePolicies.self, "30023000", .truncated),
    ExtensionCase(
      "a policy twice", CertificatePolicies.self, "300C30040602551D30040602551D", .duplicate),
    ExtensionCase(
      "qualifiers of none", CertificatePolicies.self, "300830060602551D3000", .wrongTag),
    ExtensionCase("a purpose", ExtendedKeyUsage.self, "300A06082B06010505070301"),
    ExtensionCase("no purpose", ExtendedKeyUsage.self, "3000", .empty),
    ExtensionCase("a device", SubjectAltName.self, device + "0800DB1234567890A4"),
    ExtensionCase("a host", SubjectAltName.self, "3003820161"),
    ExtensionCase("no name", SubjectAltName.self, "3000", .empty),
    ExtensionCase("a host without a name", SubjectAltName.self, "30028200", .badString),
    ExtensionCase("a host above ASCII", SubjectAltName.self, "3003820180", .badString),
    ExtensionCase("an address of 4", SubjectAltName.self, "300687047F000001"),
    ExtensionCase("an address of 5", SubjectAltName.self, "300787057F00000101", .badValue),
    ExtensionCase("mail and a directory name", SubjectAltName.self, "3007810161A4023000"),
    ExtensionCase("a ninth kind of name", SubjectAltName.self, "30028900", .wrongTag),
    ExtensionCase("another name", SubjectAltName.self, "3009A00706012AA0020500"),
    ExtensionCase(
      "another name cut short", SubjectAltName.self, "3008A00606012AA0010A", .truncated),
    ExtensionCase(
      "a device with more inside", SubjectAltName.self,
      "3018A01606082B06010505070804A00A300806012A0401000500", .trailingBytes),
    ExtensionCase(
      "a device beside more", SubjectAltName.self,
      "3018A01606082B06010505070804A008300606012A0401000500", .trailingBytes),
    ExtensionCase("a key announced", WrappedApexContingencyKey.self, "3000"),
    ExtensionCase(
      "a wrapped key", WrappedApexContingencyKey.self,
      "3011300B060960864801650304013004020102"),
    ExtensionCase(
      "a wrapping without a key", WrappedApexContingencyKey.self,
      "300D300B0609608648016503040130", .truncated),
  ]

  @Test("is read and written again, or refused", arguments: cases)
  func values(value: ExtensionCase) throws {
    let bytes = try #require(Hex.decode(value.hex))
    let entry = Extension(value.type.identifier, isCritical: false, value: bytes)
    var code: DERError.Code?
    do {
      #expect(try Rebuilding.entry(entry) == entry)
    } catch {
      code = error.code
    }
    #expect(code == value.code)
  }

  @Test("a wrapped contingency key keeps algorithm and octets (RFC 5934, 9)")
  func contingencyKey() throws {
    let value = WrappedApexContingencyKey(
      algorithm: AlgorithmIdentifier(.aes256WrapPad), wrappedKey: [1, 2, 3])
    let read = try Extension(value, isCritical: false).value(as: WrappedApexContingencyKey.self)
    #expect(read == value)
    #expect(read.wrapped?.algorithm.algorithm == .aes256WrapPad)
    #expect(read.wrapped?.key == [1, 2, 3])
  }

  @Test("absent parameters and NULL are not the same")
  func parameters() {
    #expect(
      AlgorithmIdentifier(.ecdsaWithSHA256)
        != AlgorithmIdentifier(.ecdsaWithSHA256, parameters: [0x05, 0x00]))
  }
}

@Suite("Names")
struct NameTests {
  private static func read(_ hex: String) throws(DERError) -> Name {
    try Reader.read(Hex.decode(hex) ?? []) { (reader) throws(DERError) in
      try Name(from: &reader)
    }
  }

  @Test(
    "is written as it was read",
    arguments: [
      "3000", "300D310B3009060355040B0C023032", "300D310B3009060355040313023032",
      "301A3118300A06035504031303616161300A06035504031303616162",
      "300D310B300906035504031E020041", "300F310D300B060355042D03040090B3D5",
    ])
  func roundTrip(hex: String) throws {
    #expect(Hex.encode(try Self.read(hex).encoded) == hex)
  }

  @Test(
    "is refused",
    arguments: [
      ("an empty string", "300B31093007060355040B0C00", DERError.Code.badString),
      ("an empty relative name", "30023100", .empty),
      ("an attribute without a value", "300931073005060355040B", .truncated),
      (
        "attributes out of order",
        "301A3118300A06035504031303616162300A06035504031303616161", .unsortedSet
      ),
      ("printable outside its alphabet", "300D310B3009060355040B13024040", .badString),
    ])
  func refused(what: String, hex: String, code: DERError.Code) {
    let error = #expect(throws: DERError.self) { try Self.read(hex) }
    #expect(error?.code == code, "\(what)")
  }

  @Test("17 relative names, or 5 attributes in one, are too many", arguments: [0, 1])
  func limits(beyond: Int) throws {
    let one = try #require(Name.Attribute.organisationalUnit("02"))
    let long = Name([Name.Attribute](repeating: one, count: Name.relativeNamesMax + beyond))
    let attribute = Array(Name([one]).encoded.dropFirst(4))
    let wide = Writer.write { writer in
      writer.sequence {
        $0.set(
          of: [[UInt8]](repeating: attribute, count: Name.attributesMax + beyond))
      }
    }
    for name in [long.encoded, wide] {
      let hex = Hex.encode(name)
      if beyond == 0 {
        #expect(Hex.encode(try Self.read(hex).encoded) == hex)
      } else {
        #expect(#expect(throws: DERError.self) { try Self.read(hex) }?.code == .tooMany)
      }
    }
  }

  @Test("an attribute that stands twice has no text")
  func twice() throws {
    let unit = try #require(Name.Attribute.organisationalUnit("02"))
    #expect(Name([unit]).organisationalUnit == "02")
    #expect(Name([unit, unit]).organisationalUnit == nil)
    #expect(Name([.uniqueIdentifier([1]), .uniqueIdentifier([2])]).uniqueIdentifier == nil)
    #expect(Name([]).commonName == nil)
  }

  @Test("names are equal when their encodings are")
  func equality() throws {
    let utf8 = Name([try #require(.commonName("Z1", .utf8))])
    let printable = Name([try #require(.commonName("Z1", .printable))])
    #expect(utf8 != printable)
    #expect(utf8.description == printable.description)
  }
}
