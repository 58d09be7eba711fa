// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import FuzzProperties
import Testing
import X509

@Suite("Real certificates", .enabled(if: Samples.arePresent, Samples.absence))
struct RealCertificateTests {
  @Test("there are 33 certificates of organisations, Z1 and a device")
  func count() {
    #expect(Samples.certificateNames.count == 35)
  }

  @Test("each is written byte for byte from its values", arguments: Samples.certificateNames)
  func roundTrip(name: String) throws {
    let der = try Samples.certificate(name)
    let certificate = try Certificate(parsing: der)
    #expect(try Rebuilding.certificate(certificate) == der)
  }

  @Test("each key identifier is by method (2)", arguments: Samples.certificateNames)
  func keyIdentifiers(name: String) throws {
    let certificate = try Certificate(parsing: try Samples.certificate(name))
    let identifier = certificate.tbs.subjectPublicKeyInfo.keyIdentifier
    #expect(certificate.subjectKeyIdentifier == identifier)
    #expect(identifier.hasFormOfMethodTwo)
  }

  @Test("Z1 says what it says by hand (spec: certificate profiles, 5)")
  func issuingAuthority() throws {
    let certificate = try Certificate(pem: try Samples.text("issuing-oca-Z1.pem"))
    let tbs = certificate.tbs
    #expect(certificate.encoded.count == 420)
    #expect(tbs.serialNumber.description == "71872BDBC82789BC1401CE01BA06ADA3")
    #expect(tbs.issuer.description == "OU=00, CN=ZA")
    #expect(tbs.subject.description == "OU=07, CN=Z1")
    #expect(tbs.subject.organisationalUnit == "07")
    #expect(tbs.subject.commonName == "Z1")
    #expect(tbs.subject.uniqueIdentifier == nil)
    #expect(tbs.notBefore.rfc3339 == "2015-10-29T00:00:00.000Z")
    #expect(tbs.notAfter.rfc3339 == "2040-10-28T23:59:59.000Z")
    #expect(certificate.subjectKeyIdentifier?.description == "4F5688D7EC933BE2")
    #expect(certificate.authorityKeyIdentifier?.description == "48CF1B32697C4669")
    let usage = try #require(try tbs.extensions.value(of: KeyUsage.self))
    #expect(usage.uses == [.keyCertSign, .cRLSign])
    let constraints = try tbs.extensions.value(of: BasicConstraints.self)
    #expect(constraints == .authority(pathLength: 0))
    let policies = try tbs.extensions.value(of: CertificatePolicies.self)
    #expect(policies?.identifiers == ["1.2.826.0.1.8641679.1.2.1.4"])
    #expect(
      tbs.extensions.map(\.identifier) == [
        .keyUsage, .basicConstraints, .certificatePolicies, .subjectKeyIdentifier,
        .authorityKeyIdentifier,
      ])
    #expect(tbs.extensions.map(\.isCritical) == [true, true, true, false, false])
  }

  @Test("Z1 is built byte for byte from values written by hand")
  func issuingAuthorityBuilt() throws {
    let der = try Samples.certificate("issuing-oca-Z1.pem")
    let read = try Certificate(parsing: der)
    let point = try #require(read.tbs.subjectPublicKeyInfo.p256Point)
    let tbs = TBSCertificate(
      serialNumber: Integer(
        magnitude: try #require(Hex.decode("71872BDBC82789BC1401CE01BA06ADA3"))),
      issuer: try name("00", "ZA"),
      notBefore: try #require(Time(year: 2015, month: 10, day: 29)),
      notAfter: try #require(
        Time(year: 2040, month: 10, day: 28, hour: 23, minute: 59, second: 59)),
      subject: try name("07", "Z1"),
      subjectPublicKeyInfo: try #require(SubjectPublicKeyInfo(p256Point: point)),
      extensions: [
        Extension(KeyUsage([.keyCertSign, .cRLSign]), isCritical: true),
        Extension(BasicConstraints.authority(pathLength: 0), isCritical: true),
        Extension(CertificatePolicies("1.2.826.0.1.8641679.1.2.1.4"), isCritical: true),
        Extension(SubjectKeyIdentifier(try key("4F5688D7EC933BE2")), isCritical: false),
        Extension(AuthorityKeyIdentifier(try key("48CF1B32697C4669")), isCritical: false),
      ])
    #expect(tbs.encoded() == Array(read.signedBytes))
  }

  private func name(_ unit: String, _ common: String) throws -> Name {
    Name([
      try #require(.organisationalUnit(unit, .printable)),
      try #require(.commonName(common, .printable)),
    ])
  }

  private func key(_ hex: String) throws -> KeyIdentifier {
    let octets = try #require(Hex.decode(hex))
    return try #require(KeyIdentifier(octets))
  }

  @Test("the device's certificate says what it says by hand (spec: certificate profiles, 2)")
  func device() throws {
    let der = try Samples.certificate("test-device-00db1234567890a4.pem")
    let tbs = try Certificate(parsing: der).tbs
    #expect(tbs.subject.isEmpty)
    #expect(tbs.issuer.description == "CN=E357")
    #expect(tbs.notAfter == .noWellDefinedExpiry)
    let names = try tbs.extensions.value(of: SubjectAltName.self)?.names
    let serial = try #require(Hex.decode("00DB1234567890A4"))
    #expect(
      names == [
        .hardwareModule(
          HardwareModuleName(
            hardwareType: "1.2.826.0.1.8641679.1.2.2.1", serialNumber: serial))
      ])
    let encoded = try #require(tbs.extensions[.subjectAltName]?.value)
    #expect(
      Hex.encode(encoded)
        == "3029A02706082B06010505070804A01B3019060D2A863A0001848FB90F0102020104"
        + "0800DB1234567890A4")
  }

  @Test("a supplier's subject keeps its order and kinds (spec: certificate profiles, 4)")
  func supplier() throws {
    let der = try Samples.certificate("ks-90b3d51f30010000-role2-ds-Z1-supplier-ds.pem")
    let certificate = try Certificate(parsing: der)
    let identifier = try #require(Hex.decode("90B3D51F30010000"))
    let byHand = Name([
      try #require(.commonName("GITTESTSUPPLIER")), try #require(.organisationalUnit("02")),
      .uniqueIdentifier(identifier),
    ])
    #expect(certificate.subject == byHand)
    #expect(certificate.subject.uniqueIdentifier == identifier)
    #expect(
      Hex.encode(certificate.subject.encoded)
        == "303B3118301606035504030C0F47495454455354535550504C494552310B3009060355040B0C02303231"
        + "123010060355042D03090090B3D51F30010000")
  }

  @Test("25 of the 33 were signed by Z1 (decision 22)")
  func signedByZ1() throws {
    let issuer = try Certificate(parsing: try Samples.certificate("issuing-oca-Z1.pem"))
    let verdicts = try Samples.certificateNames.filter { $0.hasPrefix("ks-") }.map { name in
      let certificate = try Certificate(parsing: try Samples.certificate(name))
      return certificate.isSigned(by: issuer.tbs.subjectPublicKeyInfo)
    }
    #expect(verdicts.filter { $0 == .valid }.count == 25)
    #expect(verdicts.filter { $0 == .invalid }.count == 6)
    // The two of Z99 name their algorithm with NULL parameters, which RFC 5758, 3.2 forbids.
    #expect(verdicts.filter { $0 == .wrongAlgorithm }.count == 2)
  }

  @Test("a certificate of Z1 with its last octet changed is not valid")
  func wrongSignature() throws {
    let issuer = try Certificate(parsing: try Samples.certificate("issuing-oca-Z1.pem"))
    let key = issuer.tbs.subjectPublicKeyInfo
    var der = try Samples.certificate("ks-90b3d51f30010000-role2-ds-Z1-supplier-ds.pem")
    #expect(try Certificate(parsing: der).isSigned(by: key) == .valid)
    der[der.count - 1] ^= 1
    #expect(try Certificate(parsing: der).isSigned(by: key) == .invalid)
  }
}

@Suite("Certificates")
struct CertificateTests {
  @Test("one made by OpenSSL is written byte for byte from its values")
  func roundTrip() throws {
    let certificate = try Certificate(parsing: Fixtures.tlsCertificate)
    #expect(try Rebuilding.certificate(certificate) == Fixtures.tlsCertificate)
    #expect(
      certificate.serialNumber.description == "30303380BC591CCCDA7A352E258EDD919EE2C777")
    #expect(certificate.subjectKeyIdentifier?.hasFormOfMethodTwo == false)
    #expect(certificate.isSigned(by: certificate.tbs.subjectPublicKeyInfo) == .valid)
    let names = try certificate.tbs.extensions.value(of: SubjectAltName.self)?.names
    let host = try #require(GeneralName.host("localhost"))
    #expect(names?.prefix(2) == [host, .iPAddress([127, 0, 0, 1])])
    #expect(names?.count == 5)
    let purposes = try certificate.tbs.extensions.value(of: ExtendedKeyUsage.self)?.purposes
    #expect(purposes == [.serverAuthentication, .clientAuthentication])
  }

  @Test("its text is read again")
  func text() throws {
    let certificate = try Certificate(parsing: Fixtures.tlsCertificate)
    #expect(try Certificate(pem: Array(certificate.pem.utf8)) == certificate)
  }

  /// Changes of one thing in a certificate that is otherwise proper, and how each is refused.
  static let changes: [(String, @Sendable (inout Draft) -> Void, DERError.Code)] = [
    ("version 2", { $0.version = Writer.write { $0.integer(1) } }, .badValue),
    ("no version", { $0.version = nil }, .badValue),
    ("serial number 0", { $0.serial = [0x02, 0x01, 0x00] }, .badValue),
    ("a negative serial number", { $0.serial = [0x02, 0x01, 0x80] }, .negativeInteger),
    ("21 octets of serial number", { $0.serial = [2, 21, 1] + zeros(20) }, .integerTooLarge),
    ("another algorithm outside", { $0.outer = .sha256WithRSA }, .badValue),
    ("a field more", { $0.more = [0x81, 0x02, 0x00, 0x00] }, .trailingBytes),
    ("no extension in the field", { $0.extensions = [0x30, 0x00] }, .empty),
    ("an extension twice", { $0.extensions = twice }, .duplicate),
    ("not critical written out", { $0.extensions = explicitFalse }, .defaultEncoded),
    ("33 extensions", { $0.extensions = many(33) }, .tooMany),
  ]

  @Test("a certificate that is proper but for one thing is refused", arguments: changes)
  func refused(
    what: String, change: @Sendable (inout Draft) -> Void, code: DERError.Code
  ) throws {
    var draft = Draft()
    #expect(throws: Never.self) { try Certificate(parsing: draft.encoded) }
    change(&draft)
    let error = #expect(throws: DERError.self) { try Certificate(parsing: draft.encoded) }
    #expect(error?.code == code, "\(what)")
  }

  @Test("32 extensions are read")
  func extensionsAtTheLimit() throws {
    var draft = Draft()
    draft.extensions = Self.many(32)
    #expect(try Certificate(parsing: draft.encoded).tbs.extensions.count == 32)
  }

  @Test("a certificate of more than 16 KiB is refused")
  func tooLong() {
    let bytes = [UInt8](repeating: 0x30, count: Certificate.octetsMax + 1)
    let error = #expect(throws: DERError.self) { try Certificate(parsing: bytes) }
    #expect(error?.code == .tooLong)
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  private static var twice: [UInt8] {
    let one = Extension(BasicConstraints.endEntity, isCritical: false)
    return Writer.write { [one, one].write(into: &$0) }
  }

  private static var explicitFalse: [UInt8] {
    Writer.write { writer in
      writer.sequence {
        $0.sequence {
          $0.objectIdentifier(.keyUsage)
          $0.boolean(false)
          $0.octetString([0x03, 0x02, 0x07, 0x80])
        }
      }
    }
  }

  private static func many(_ count: Int) -> [UInt8] {
    let extensions = (0..<count).compactMap { number in
      ObjectIdentifier("1.2.3.\(number)").map { Extension($0, isCritical: false, value: [5, 0]) }
    }
    return Writer.write { extensions.write(into: &$0) }
  }
}

/// A certificate in pieces, each of which can be spoilt.
struct Draft: Sendable {
  var version: [UInt8]? = Writer.write { $0.integer(2) }
  var serial: [UInt8] = [0x02, 0x01, 0x01]
  var outer = AlgorithmIdentifier.ecdsaWithSHA256
  var extensions = Writer.write { writer in
    [Extension(KeyUsage([.digitalSignature]), isCritical: true)].write(into: &writer)
  }
  var more: [UInt8] = []

  var encoded: [UInt8] {
    let tbs = Writer.write { writer in
      writer.sequence { writer in
        if let version { writer.element(.context(0, constructed: true)) { $0.raw(version) } }
        writer.raw(serial)
        AlgorithmIdentifier.ecdsaWithSHA256.write(into: &writer)
        Name.empty.write(into: &writer)
        writer.sequence {
          $0.time(Time(seconds: 0))
          $0.time(.noWellDefinedExpiry)
        }
        Name.empty.write(into: &writer)
        writer.raw(SubjectPublicKeyInfo.p256Prefix + [4] + [UInt8](repeating: 7, count: 64))
        writer.element(.context(3, constructed: true)) { $0.raw(extensions) }
        writer.raw(more)
      }
    }
    return Certificate.assemble(tbs: tbs, algorithm: outer, signature: [1, 2, 3])
  }
}
