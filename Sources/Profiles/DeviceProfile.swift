// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC
package import X509

/// What a Device Certificate says (DCP-annex-B-version to DCP-annex-B-no-others).
///
/// This is the readable form, through the general encoder; `DeviceTemplate` makes the same octets
/// faster.
package struct DeviceProfile: Hashable, Sendable {
  /// DCP-annex-B-policies: the one policy, that of the estate.
  package let policy: ObjectIdentifier
  /// DCP-annex-B-issuer: the Issuing DCA.
  package let issuer: Issuer

  /// The certificates of one Issuing DCA under a policy.
  ///
  /// The key identifier of the issuer has the 8 octets of GBCS-12.1-8.
  package init(policy: ObjectIdentifier, issuer: Issuer) {
    precondition(
      issuer.keyIdentifier.octets.count == KeyIdentifier.octetCount,
      "GBCS-12.1-8: a key identifier has 8 octets")
    self.policy = policy
    self.issuer = issuer
  }

  /// The certificates of one Issuing DCA in an estate.
  package init(estate: Estate, issuer: Issuer) {
    self.init(policy: estate.devicePolicy, issuer: issuer)
  }

  /// The to-be-signed certificate with these values.
  ///
  /// - Parameters:
  ///   - serial: its serial number.
  ///   - notBefore: the time of issue; there is no well-defined end.
  ///   - subject: the device and the type of its hardware.
  ///   - usage: the one usage of the key.
  ///   - key: the public key, on P-256 and uncompressed.
  /// - Returns: the certificate without its signature.
  package func toBeSigned(
    serial: SerialNumber, notBefore: Time, subject: DeviceSubject, usage: CertificateUsage,
    key: SubjectPublicKeyInfo
  ) -> TBSCertificate {
    precondition(key.p256Point != nil, "DCP-annex-B-key: P-256, uncompressed")
    let name = HardwareModuleName(
      hardwareType: subject.hardwareType, serialNumber: subject.device.octets)
    return TBSCertificate(
      serial, issuer, Validity(withoutEndFrom: notBefore), subject: .empty, key: key,
      extensions: [
        Extension(KeyUsage([usage.use]), isCritical: true),
        Extension(
          SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: key)), isCritical: false),
        Extension(SubjectAltName([.hardwareModule(name)]), isCritical: true),
        Extension(CertificatePolicies(policy), isCritical: true),
        Extension(AuthorityKeyIdentifier(issuer.keyIdentifier), isCritical: false),
      ])
  }

  /// The to-be-signed certificate for a checked request.
  package func toBeSigned(
    serial: SerialNumber, notBefore: Time, request: DeviceRequest
  ) -> TBSCertificate {
    toBeSigned(
      serial: serial, notBefore: notBefore, subject: request.subject, usage: request.usage,
      key: request.key)
  }
}

extension CertificateUsage {
  /// GBCS-12.1-12: the one bit of keyUsage.
  var use: KeyUsage.Use {
    switch self {
    case .digitalSignature: .digitalSignature
    case .keyAgreement: .keyAgreement
    }
  }

  /// The usage that a set of bits names, or nil unless it is exactly one of the two.
  init?(_ usage: KeyUsage) {
    switch usage.uses {
    case [.digitalSignature]: self = .digitalSignature
    case [.keyAgreement]: self = .keyAgreement
    default: return nil
    }
  }
}

extension TBSCertificate {
  /// A certificate of the profiles here: serial of 16 octets, issuer by name.
  init(
    _ serial: SerialNumber, _ issuer: Issuer, _ validity: Validity, subject: Name,
    key: SubjectPublicKeyInfo, algorithm: AlgorithmIdentifier = .ecdsaWithSHA256,
    extensions: [Extension]
  ) {
    self.init(
      serialNumber: Integer(magnitude: serial.octets), signatureAlgorithm: algorithm,
      issuer: issuer.name, notBefore: validity.notBefore, notAfter: validity.notAfter,
      subject: subject, subjectPublicKeyInfo: key, extensions: extensions)
  }
}
