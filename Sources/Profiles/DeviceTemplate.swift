// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC
package import X509

/// The Device Certificates of one issuing authority, encoded as far as they are alike.
///
/// A batch makes tens of thousands of certificates that differ in seven values. Here these are
/// written between octets that were encoded once; a test holds the result against the general
/// encoder of `DeviceProfile`, which says in words what the octets mean.
package struct DeviceTemplate: Sendable {
  /// From the version to the issuer, without the serial number between them.
  private let issuerPart: [UInt8]
  /// The extensions after subjectAltName: certificatePolicies and authorityKeyIdentifier.
  private let lastExtensions: [UInt8]

  /// Encodes what all certificates of this profile have in common.
  package init(_ profile: DeviceProfile) {
    issuerPart = Self.signatureAlgorithm + profile.issuer.name.encoded
    let policy = profile.policy.content
    let count = UInt8(policy.count)
    lastExtensions =
      [0x30, count + 16, 0x06, 0x03, 0x55, 0x1D, 0x20, 0x01, 0x01, 0xFF, 0x04, count + 6]
      + [0x30, count + 4, 0x30, count + 2, 0x06, count] + policy
      + [0x30, 0x13, 0x06, 0x03, 0x55, 0x1D, 0x23, 0x04, 0x0C, 0x30, 0x0A, 0x80, 0x08]
      + profile.issuer.keyIdentifier.octets
  }

  /// DCP-annex-B-not-before: the to-be-signed certificate for a checked request.
  package func toBeSigned(
    serial: SerialNumber, notBefore: Time, request: DeviceRequest
  ) -> [UInt8] {
    toBeSigned(
      serial: serial, notBefore: notBefore, subject: request.subject, usage: request.usage,
      point: request.point, keyIdentifier: KeyIdentifier(methodTwoOf: request.point))
  }

  /// The to-be-signed certificate with these values.
  ///
  /// - Parameters:
  ///   - serial: its serial number.
  ///   - notBefore: the time of issue, of which the milliseconds are dropped.
  ///   - subject: the device and the type of its hardware.
  ///   - usage: the one usage of the key.
  ///   - point: the public key, 65 octets from 04.
  ///   - keyIdentifier: the identifier of that key.
  /// - Returns: the octets to be signed.
  package func toBeSigned(
    serial: SerialNumber, notBefore: Time, subject: DeviceSubject, usage: CertificateUsage,
    point: [UInt8], keyIdentifier: KeyIdentifier
  ) -> [UInt8] {
    precondition(point.count == 65, "an uncompressed point of P-256 has 65 octets")
    let type = subject.hardwareType.content
    let fields = notBefore.fields
    let isLate = fields.year >= 2050
    // The lengths from the inside out: hardwareModuleName, subjectAltName, extensions, all.
    let moduleName = UInt8(type.count) + 12
    let subjectAltNameCount = Int(moduleName) + 30
    let extensions = Self.keyUsageCount + 19 + subjectAltNameCount + lastExtensions.count
    let tagged = 1 + Self.lengthCount(extensions) + extensions
    let validity = isLate ? 36 : 34
    let all =
      Self.version.count + 18 + issuerPart.count + validity + 2 + Self.keyPrefix.count + 65
      + 1 + Self.lengthCount(tagged) + tagged

    var bytes: [UInt8] = []
    bytes.reserveCapacity(all + 4)
    bytes.append(0x30)
    Self.append(length: all, to: &bytes)
    bytes.append(contentsOf: Self.version)
    bytes.append(contentsOf: [0x02, 0x10])
    bytes.append(contentsOf: serial.octets)
    bytes.append(contentsOf: issuerPart)
    Self.append(notBefore: fields, isLate: isLate, to: &bytes)
    bytes.append(contentsOf: Self.notAfterAndSubject)
    bytes.append(contentsOf: Self.keyPrefix)
    bytes.append(contentsOf: point)
    bytes.append(0xA3)
    Self.append(length: tagged, to: &bytes)
    bytes.append(0x30)
    Self.append(length: extensions, to: &bytes)
    bytes.append(contentsOf: usage == .digitalSignature ? Self.signing : Self.agreement)
    bytes.append(contentsOf: Self.keyIdentifierPrefix)
    bytes.append(contentsOf: keyIdentifier.octets)
    Self.append(subjectAltName: subject, moduleName: moduleName, to: &bytes)
    bytes.append(contentsOf: lastExtensions)
    return bytes
  }
}

extension DeviceTemplate {
  /// `[0] { INTEGER 2 }`: version 3.
  private static let version: [UInt8] = [0xA0, 0x03, 0x02, 0x01, 0x02]
  /// The algorithm identifier ecdsa-with-SHA256 without parameters.
  private static let signatureAlgorithm: [UInt8] = [
    0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02,
  ]
  /// GeneralizedTime 99991231235959Z, the end of the validity, and the empty subject.
  private static let notAfterAndSubject: [UInt8] =
    [0x18, 0x0F] + Array("99991231235959Z".utf8) + [0x30, 0x00]
  /// SubjectPublicKeyInfo of a P-256 key, up to the point.
  private static let keyPrefix: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
    0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
  ]
  /// The critical extension keyUsage with digitalSignature alone.
  private static let signing: [UInt8] = [
    0x30, 0x0E, 0x06, 0x03, 0x55, 0x1D, 0x0F, 0x01, 0x01, 0xFF, 0x04, 0x04, 0x03, 0x02, 0x07, 0x80,
  ]
  /// The critical extension keyUsage with keyAgreement alone.
  private static let agreement: [UInt8] = [
    0x30, 0x0E, 0x06, 0x03, 0x55, 0x1D, 0x0F, 0x01, 0x01, 0xFF, 0x04, 0x04, 0x03, 0x02, 0x03, 0x08,
  ]
  /// The octets of either extension keyUsage.
  private static let keyUsageCount = 16
  /// The extension subjectKeyIdentifier up to its eight octets.
  private static let keyIdentifierPrefix: [UInt8] = [
    0x30, 0x11, 0x06, 0x03, 0x55, 0x1D, 0x0E, 0x04, 0x0A, 0x04, 0x08,
  ]
  /// The type-id of a hardwareModuleName (RFC 4108).
  private static let hardwareModuleName: [UInt8] = [
    0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x04,
  ]

  /// The octets of a DER length.
  private static func lengthCount(_ length: Int) -> Int {
    length < 0x80 ? 1 : length < 0x100 ? 2 : 3
  }

  /// Writes a DER length below 65,536.
  private static func append(length: Int, to bytes: inout [UInt8]) {
    if length >= 0x100 {
      bytes.append(0x82)
      bytes.append(UInt8(length >> 8))
    } else if length >= 0x80 {
      bytes.append(0x81)
    }
    bytes.append(UInt8(truncatingIfNeeded: length))
  }

  /// Opens the validity and writes its beginning: UTCTime to 2049, GeneralizedTime from 2050.
  private static func append(notBefore: Time.Fields, isLate: Bool, to bytes: inout [UInt8]) {
    bytes.append(0x30)
    bytes.append(isLate ? 0x22 : 0x20)
    bytes.append(isLate ? 0x18 : 0x17)
    bytes.append(isLate ? 0x0F : 0x0D)
    if isLate { append(digits: notBefore.year / 100, to: &bytes) }
    append(digits: notBefore.year % 100, to: &bytes)
    append(digits: notBefore.month, to: &bytes)
    append(digits: notBefore.day, to: &bytes)
    append(digits: notBefore.hour, to: &bytes)
    append(digits: notBefore.minute, to: &bytes)
    append(digits: notBefore.second, to: &bytes)
    bytes.append(UInt8(ascii: "Z"))
  }

  private static func append(digits value: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "0") + UInt8(value / 10))
    bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
  }

  /// Writes the critical extension subjectAltName; `moduleName` counts the octets in its sequence.
  ///
  /// An object identifier has at most 63 octets here, so every length takes one octet.
  private static func append(
    subjectAltName subject: DeviceSubject, moduleName: UInt8, to bytes: inout [UInt8]
  ) {
    bytes.append(0x30)
    bytes.append(moduleName + 28)
    bytes.append(contentsOf: [0x06, 0x03, 0x55, 0x1D, 0x11, 0x01, 0x01, 0xFF, 0x04])
    bytes.append(moduleName + 18)
    bytes.append(0x30)
    bytes.append(moduleName + 16)
    bytes.append(0xA0)
    bytes.append(moduleName + 14)
    bytes.append(contentsOf: hardwareModuleName)
    bytes.append(0xA0)
    bytes.append(moduleName + 2)
    bytes.append(0x30)
    bytes.append(moduleName)
    bytes.append(0x06)
    bytes.append(moduleName - 12)
    bytes.append(contentsOf: subject.hardwareType.content)
    bytes.append(0x04)
    bytes.append(0x08)
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: subject.device.value >> shift))
    }
  }
}
