// SPDX-License-Identifier: Apache-2.0

package import DER
package import X509

/// Encodes what was read from its values alone: kept bytes are thrown away, extensions go through
/// their types, the key through its numbers (decision 22).
package enum Rebuilding {
  /// A certificate from its values.
  ///
  /// - Throws: `DERError` when the value of a known extension is malformed.
  package static func certificate(
    _ certificate: Certificate
  ) throws(DERError) -> [UInt8] {
    let tbs = certificate.tbs
    let rebuilt = TBSCertificate(
      serialNumber: Integer(magnitude: Array(tbs.serialNumber.magnitude)),
      signatureAlgorithm: algorithm(tbs.signatureAlgorithm), issuer: Making.name(tbs.issuer),
      notBefore: Time(seconds: tbs.notBefore.seconds),
      notAfter: Time(seconds: tbs.notAfter.seconds),
      subject: Making.name(tbs.subject), subjectPublicKeyInfo: key(tbs.subjectPublicKeyInfo),
      extensions: try entries(tbs.extensions))
    return Certificate.assemble(
      tbs: rebuilt.encoded(), algorithm: algorithm(certificate.signatureAlgorithm),
      signature: Array(certificate.signature))
  }

  /// A request from its values.
  ///
  /// - Throws: `DERError` when the value of a known extension is malformed.
  package static func request(
    _ request: CertificationRequest
  ) throws(DERError) -> [UInt8] {
    let extensions = try entries(request.extensions)
    let attributes: [CertificationRequest.Attribute] = request.attributes.map {
      $0.type == .extensionRequest
        ? .extensionRequest(extensions)
        : CertificationRequest.Attribute($0.type, values: $0.values.map(Array.init))
    }
    let info = CertificationRequest.info(
      subject: Making.name(request.subject),
      subjectPublicKeyInfo: key(request.subjectPublicKeyInfo),
      attributes: attributes)
    return CertificationRequest.assemble(
      info: info, algorithm: algorithm(request.signatureAlgorithm),
      signature: Array(request.signature))
  }

  /// A revocation list from its values.
  ///
  /// - Throws: `DERError` when the value of a known extension is malformed.
  package static func revocationList(
    _ list: RevocationList
  ) throws(DERError) -> [UInt8] {
    let tbs = list.tbs
    var again = RevokedCertificates.none
    for entry in tbs.entries {
      again.append(
        RevokedCertificate(
          serialNumber: Integer(magnitude: Array(entry.serialNumber.magnitude)),
          revoked: Time(seconds: entry.revoked.seconds),
          extensions: try entries(entry.extensions)))
    }
    let rebuilt = TBSRevocationList(
      signatureAlgorithm: algorithm(tbs.signatureAlgorithm), issuer: Making.name(tbs.issuer),
      thisUpdate: Time(seconds: tbs.thisUpdate.seconds),
      nextUpdate: tbs.nextUpdate.map { Time(seconds: $0.seconds) }, entries: again,
      extensions: try entries(tbs.extensions))
    return RevocationList.assemble(
      tbs: rebuilt.encoded(), algorithm: algorithm(list.signatureAlgorithm),
      signature: Array(list.signature))
  }

  private static func algorithm(_ read: AlgorithmIdentifier) -> AlgorithmIdentifier {
    AlgorithmIdentifier(read.algorithm, parameters: read.parameters.map(Array.init))
  }

  /// A key that is not used here has no values beside its bytes.
  private static func key(_ read: SubjectPublicKeyInfo) -> SubjectPublicKeyInfo {
    switch read.key {
    case .p256(let point): SubjectPublicKeyInfo(p256Point: point) ?? read
    case .rsa(let modulus, let exponent):
      SubjectPublicKeyInfo(rsaModulus: Array(modulus), exponent: Array(exponent))
    case .ed25519(let octets): SubjectPublicKeyInfo(ed25519: Array(octets)) ?? read
    case .unsupported: read
    }
  }

  private static let types: [any ExtensionValue.Type] = [
    KeyUsage.self, BasicConstraints.self, SubjectAltName.self, CertificatePolicies.self,
    SubjectKeyIdentifier.self, AuthorityKeyIdentifier.self, ExtendedKeyUsage.self,
    WrappedApexContingencyKey.self, CRLNumber.self, IssuingDistributionPoint.self,
    RevocationReason.self,
  ]

  /// The same extensions, those that are known read and made again.
  private static func entries(_ read: [Extension]) throws(DERError) -> [Extension] {
    var entries: [Extension] = []
    for one in read { entries.append(try entry(one)) }
    return entries
  }

  /// An extension from its value where it is known, else as it is.
  ///
  /// - Throws: `DERError` when the value of a known extension is malformed.
  package static func entry(_ read: Extension) throws(DERError) -> Extension {
    guard let type = types.first(where: { $0.identifier == read.identifier }) else { return read }
    return try remade(read, as: type)
  }

  private static func remade<Value: ExtensionValue>(
    _ read: Extension, as type: Value.Type
  ) throws(DERError) -> Extension {
    Extension(Making.value(try read.value(as: type)), isCritical: read.isCritical)
  }
}
