// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import SEC
import Testing
import X509

/// A certification request that a test changes in one place before it is signed.
struct RequestDraft {
  var subject: Name
  var key: SubjectPublicKeyInfo
  var extensions: [Extension]
  var otherAttributes: [CertificationRequest.Attribute] = []
  var algorithm: AlgorithmIdentifier
  /// Who signs; the test's key pair unless changed.
  var signer: SoftwareKey

  static let hardwareType: ObjectIdentifier = "1.2.826.0.1.8641679.1.2.2.1"

  static func hardware(_ octets: [UInt8]) -> GeneralName {
    .hardwareModule(HardwareModuleName(hardwareType: hardwareType, serialNumber: octets))
  }

  static func device() throws -> RequestDraft {
    let signer = try Making.elliptic.get()
    return RequestDraft(
      subject: .empty, key: try Making.information(signer),
      extensions: [
        Extension(KeyUsage([.digitalSignature]), isCritical: true),
        Extension(
          SubjectAltName([hardware([0, 0xDB, 0x12, 0x34, 0x56, 0x78, 0x90, 0xA4])]),
          isCritical: true),
      ], algorithm: .ecdsaWithSHA256, signer: signer)
  }

  static func organisation() throws -> RequestDraft {
    let signer = try Making.elliptic.get()
    return RequestDraft(
      subject: try name(
        .commonName("GITTESTSUPPLIER"), .organisationalUnit("02"),
        .uniqueIdentifier([0x90, 0xB3, 0xD5, 0x1F, 0x30, 1, 0, 0])),
      key: try Making.information(signer),
      extensions: [Extension(KeyUsage([.digitalSignature]), isCritical: true)],
      algorithm: .ecdsaWithSHA256, signer: signer)
  }

  static func iki() throws -> RequestDraft {
    let signer = try Making.rsa.get()
    return RequestDraft(
      subject: try name(
        .organisation("Supplier Ltd"), .organisationalUnit("02"), .commonName("head end 1")),
      key: try Making.information(signer),
      extensions: [Extension(KeyUsage([.digitalSignature]), isCritical: true)],
      algorithm: .sha256WithRSA, signer: signer)
  }

  static func name(_ attributes: Name.Attribute?...) throws -> Name {
    Name(try attributes.map { try #require($0) })
  }

  mutating func put(_ value: some ExtensionValue, isCritical: Bool = true) {
    drop(type(of: value).identifier)
    extensions.append(Extension(value, isCritical: isCritical))
  }

  mutating func drop(_ identifier: ObjectIdentifier) {
    extensions.removeAll { $0.identifier == identifier }
  }

  /// The request as octets.
  func encoded() throws -> [UInt8] {
    let asked =
      extensions.isEmpty ? [] : [CertificationRequest.Attribute.extensionRequest(extensions)]
    let info = CertificationRequest.info(
      subject: subject, subjectPublicKeyInfo: key, attributes: asked + otherAttributes)
    return CertificationRequest.assemble(
      info: info, algorithm: algorithm, signature: try signer.sign(info))
  }

  /// A key that is encoded in some other way.
  static func key(_ algorithm: AlgorithmIdentifier, _ bits: [UInt8]) throws -> SubjectPublicKeyInfo
  {
    let encoded = Writer.write {
      $0.sequence {
        algorithm.write(into: &$0)
        $0.bitString(bits[...])
      }
    }
    return try Reader.read(encoded) { (reader) throws(DERError) in
      try SubjectPublicKeyInfo(from: &reader)
    }
  }
}
