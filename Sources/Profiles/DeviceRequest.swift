// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
package import SEC
package import X509

/// A request for a Device Certificate whose form was checked (M8-AppF-device-csr).
///
/// Who asks and for which device is not looked at here, and proof of possession is a step of its
/// own, because it costs a thousand times more than everything else.
package struct DeviceRequest: Hashable, Sendable {
  /// The device and the type of its hardware.
  package let subject: DeviceSubject
  /// The one usage of the key.
  package let usage: CertificateUsage
  /// The public key, 65 octets from 04; `checkPossession` finds whether it lies on the curve.
  package let point: [UInt8]
  /// The request as it was received.
  package let request: CertificationRequest

  /// The device that it is for.
  package var device: EntityID { subject.device }
  /// The public key as a certificate has it.
  package var key: SubjectPublicKeyInfo { request.subjectPublicKeyInfo }
  /// SHA-256 over the whole request: what makes two requests the same.
  package var requestHash: [UInt8] { Digest.sha256(request.encoded) }

  /// Reads and checks PKCS#10 in DER.
  ///
  /// - Throws: `malformed-request` and what the other initialiser throws.
  package init(parsing der: [UInt8]) throws(Refusal) {
    try self.init(try RequestForm.parse(der))
  }

  /// Checks a request.
  ///
  /// - Throws: `subject-not-empty`, `attribute-not-in-profile`, `extension-not-in-profile`,
  ///   `key-usage-missing`, `key-usage-not-one`, `subject-alt-name-missing`,
  ///   `subject-alt-name-form`, `hardware-serial-length`, `device-identifier-reserved`,
  ///   `public-key-algorithm`,
  ///   `public-key-curve`, `public-key-compressed`, `public-key-form`, `signature-algorithm`,
  ///   `signature-parameters`.
  package init(_ request: CertificationRequest) throws(Refusal) {
    try Self.checkSubject(of: request)
    try RequestForm.checkAttributes(of: request, .device)
    usage = try RequestForm.usage(of: request, .device)
    subject = try Self.subject(of: request)
    point = Array(try RequestForm.point(of: request, .device))
    try RequestForm.checkSignatureAlgorithm(of: request, .device)
    self.request = request
  }

  /// C3-116-2: the request is signed by the private key of its public key.
  ///
  /// - Throws: `public-key-not-on-curve`, `possession-not-proven`.
  package func checkPossession() throws(Refusal) {
    try RequestForm.checkPossession(of: request, point[...])
  }

  /// M8-AppF-device-csr: an empty subject.
  static func checkSubject(of request: CertificationRequest) throws(Refusal) {
    guard request.subject.isEmpty else { throw .subjectNotEmpty(found: "\(request.subject)") }
  }

  /// DCP-annex-B-subject-alt-name: one hardwareModuleName with an EUI-64.
  static func subject(of request: CertificationRequest) throws(Refusal) -> DeviceSubject {
    guard let found = request.extensions[.subjectAltName] else { throw .subjectAltNameMissing() }
    guard let names = try? found.value(as: SubjectAltName.self).names else {
      throw .subjectAltNameForm(found: Hex.encode(found.value))
    }
    guard names.count == 1, case .hardwareModule(let name) = names[0] else {
      throw .subjectAltNameForm(
        found: names.count == 1 ? "a name of another type" : "\(names.count) names")
    }
    guard let device = EntityID(octets: name.serialNumber) else {
      throw .hardwareSerialLength(name.serialNumber.count)
    }
    guard device.value != 0, device.value != .max else {
      throw .deviceIdentifierReserved(device)
    }
    return DeviceSubject(device: device, hardwareType: name.hardwareType)
  }
}
