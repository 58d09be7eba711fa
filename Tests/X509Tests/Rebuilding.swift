// SPDX-License-Identifier: Apache-2.0

import DER
import X509

/// Encodes what was read from its values alone: kept bytes are thrown away, extensions go through
/// their types, the key through its numbers (decision 22).
enum Rebuilding {
  static func certificate(_ certificate: Certificate) throws -> [UInt8] {
    let tbs = certificate.tbs
    let rebuilt = TBSCertificate(
      serialNumber: Integer(magnitude: Array(tbs.serialNumber.magnitude)),
      signatureAlgorithm: algorithm(tbs.signatureAlgorithm), issuer: tbs.issuer,
      notBefore: Time(seconds: tbs.notBefore.seconds),
      notAfter: Time(seconds: tbs.notAfter.seconds),
      subject: tbs.subject, subjectPublicKeyInfo: try key(tbs.subjectPublicKeyInfo),
      extensions: try tbs.extensions.map(entry))
    return Certificate.assemble(
      tbs: rebuilt.encoded(), algorithm: algorithm(certificate.signatureAlgorithm),
      signature: Array(certificate.signature))
  }

  static func request(_ request: CertificationRequest) throws -> [UInt8] {
    let attributes: [CertificationRequest.Attribute] = try request.attributes.map {
      $0.type == .extensionRequest
        ? .extensionRequest(try request.extensions.map(entry))
        : CertificationRequest.Attribute($0.type, values: $0.values.map(Array.init))
    }
    let info = CertificationRequest.info(
      subject: request.subject, subjectPublicKeyInfo: try key(request.subjectPublicKeyInfo),
      attributes: attributes)
    return CertificationRequest.assemble(
      info: info, algorithm: algorithm(request.signatureAlgorithm),
      signature: Array(request.signature))
  }

  private static func algorithm(_ read: AlgorithmIdentifier) -> AlgorithmIdentifier {
    AlgorithmIdentifier(read.algorithm, parameters: read.parameters.map(Array.init))
  }

  /// A key that is not used here has no values beside its bytes.
  private static func key(_ read: SubjectPublicKeyInfo) throws -> SubjectPublicKeyInfo {
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
    WrappedApexContingencyKey.self,
  ]

  static func entry(_ read: Extension) throws -> Extension {
    guard let type = types.first(where: { $0.identifier == read.identifier }) else { return read }
    return Extension(try read.value(as: type), isCritical: read.isCritical)
  }
}
