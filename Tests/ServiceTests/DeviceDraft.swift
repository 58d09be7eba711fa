// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import SEC
import Testing
import X509

/// A request for a Device Certificate that a test changes in one place before it is signed.
struct DeviceDraft {
  var subject = Name.empty
  var key: SubjectPublicKeyInfo
  var extensions: [Extension]
  var otherAttributes: [CertificationRequest.Attribute] = []
  var algorithm = AlgorithmIdentifier.ecdsaWithSHA256
  var signer: SoftwareKey

  /// The type of the samples' hardware.
  static let hardwareType: ObjectIdentifier = "1.2.826.0.1.8641679.1.2.2.1"

  /// A good request for a device, with a key of its own.
  init(
    for device: EntityID, usage: KeyUsage.Use = .digitalSignature,
    key signer: SoftwareKey? = nil
  ) throws {
    let signer = try signer ?? SoftwareKey.generate(.p256)
    self.signer = signer
    key = try #require(SubjectPublicKeyInfo(signer.publicKey))
    extensions = [
      Extension(KeyUsage([usage]), isCritical: true),
      Extension(SubjectAltName([Self.name(device.octets)]), isCritical: true),
    ]
  }

  static func name(_ octets: [UInt8]) -> GeneralName {
    .hardwareModule(HardwareModuleName(hardwareType: hardwareType, serialNumber: octets))
  }

  mutating func put(_ value: some ExtensionValue) {
    drop(type(of: value).identifier)
    extensions.append(Extension(value, isCritical: true))
  }

  mutating func drop(_ identifier: ObjectIdentifier) {
    extensions.removeAll { $0.identifier == identifier }
  }

  /// The request in DER.
  func encoded() throws -> [UInt8] {
    let asked =
      extensions.isEmpty ? [] : [CertificationRequest.Attribute.extensionRequest(extensions)]
    let info = CertificationRequest.info(
      subject: subject, subjectPublicKeyInfo: key, attributes: asked + otherAttributes)
    return CertificationRequest.assemble(
      info: info, algorithm: algorithm, signature: try signer.sign(info))
  }

  /// A key in another encoding.
  static func key(
    _ algorithm: AlgorithmIdentifier, _ bits: [UInt8]
  ) throws -> SubjectPublicKeyInfo {
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
