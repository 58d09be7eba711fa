// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import SEC
import X509

/// The checks that the three request profiles share, one for each part of a request.
///
/// M8-2.3-criticality: the criticality of the extensions asked for is not looked at.
enum RequestForm {
  /// M8-2.2, RFC2986-4, RFC2985-5.4.2, L4.4(c): reads PKCS#10, and nothing else.
  static func parse(_ der: [UInt8]) throws(Refusal) -> CertificationRequest {
    do {
      return try CertificationRequest(parsing: der)
    } catch {
      throw .malformedRequest("\(error.code.rawValue): \(error.detail)", at: error.offset)
    }
  }

  /// L3.17, C3-75-2: one extensionRequest and in it nothing but these extensions, so that no
  /// request over the network makes an authority.
  static func checkAttributes(
    of request: CertificationRequest, _ kind: RequestKind
  ) throws(Refusal) {
    for attribute in request.attributes where attribute.type != .extensionRequest {
      throw .attributeNotInProfile(kind, found: "\(attribute.type)")
    }
    let known: [ObjectIdentifier] = kind == .device ? [.keyUsage, .subjectAltName] : [.keyUsage]
    for entry in request.extensions where !known.contains(entry.identifier) {
      throw .extensionNotInProfile(kind, found: "\(entry.identifier)")
    }
  }

  /// GBCS-12.1-12, ICP-key-usage, C3-115-1, C3-122-1: one usage that the profile knows.
  static func usage(
    of request: CertificationRequest, _ kind: RequestKind
  ) throws(Refusal) -> CertificateUsage {
    guard let found = request.extensions[.keyUsage] else { throw .keyUsageMissing(kind) }
    guard let value = try? found.value(as: KeyUsage.self) else {
      throw .keyUsageNotOne(kind, found: Hex.encode(found.value))
    }
    guard let usage = CertificateUsage(value), kind != .iki || usage == .digitalSignature else {
      let names = value.uses.sorted { $0.rawValue < $1.rawValue }.map { "\($0)" }
      throw .keyUsageNotOne(kind, found: names.joined(separator: ", "))
    }
    return usage
  }

  /// GBCS-12.1-2: the 65 octets of an uncompressed point on P-256, not yet known to lie on it.
  static func point(
    of request: CertificationRequest, _ kind: RequestKind
  ) throws(Refusal) -> ArraySlice<UInt8> {
    switch request.subjectPublicKeyInfo.key {
    case .p256(let point): return point
    case .rsa: throw .publicKeyAlgorithm(kind, found: "\(ObjectIdentifier.rsaEncryption)")
    case .ed25519: throw .publicKeyAlgorithm(kind, found: "\(ObjectIdentifier.ed25519)")
    case .unsupported(let problem): throw refusal(problem, kind)
    }
  }

  /// M8-AppG-iki-csr: the numbers of an RSA key.
  static func rsaNumbers(
    of request: CertificationRequest
  ) throws(Refusal) -> (modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>) {
    switch request.subjectPublicKeyInfo.key {
    case .rsa(let modulus, let exponent): return (modulus, exponent)
    case .p256: throw .publicKeyAlgorithm(.iki, found: "\(ObjectIdentifier.ecPublicKey)")
    case .ed25519: throw .publicKeyAlgorithm(.iki, found: "\(ObjectIdentifier.ed25519)")
    case .unsupported(.algorithm(let found)): throw .publicKeyAlgorithm(.iki, found: "\(found)")
    case .unsupported(.parameters):
      throw .publicKeyForm(.iki, found: "parameters that are not NULL")
    case .unsupported(.malformedKey): throw .publicKeyForm(.iki, found: "something else")
    case .unsupported:
      throw .publicKeyAlgorithm(.iki, found: "\(ObjectIdentifier.ecPublicKey)")
    }
  }

  /// C3-54, GBCS-12.1-3, ICP-signature: the algorithm of the request's own signature.
  static func checkSignatureAlgorithm(
    of request: CertificationRequest, _ kind: RequestKind
  ) throws(Refusal) {
    let expected: AlgorithmIdentifier = kind == .iki ? .sha256WithRSA : .ecdsaWithSHA256
    let found = request.signatureAlgorithm
    guard found.algorithm == expected.algorithm else {
      throw .signatureAlgorithm(kind, found: "\(found.algorithm)")
    }
    guard found == expected else { throw .signatureParameters(kind) }
  }

  /// C3-116-2, C3-47-2: the request is signed by the private key of the point, which lies on the
  /// curve.
  static func checkPossession(
    of request: CertificationRequest, _ point: ArraySlice<UInt8>
  ) throws(Refusal) {
    switch P256.verify(
      signature: request.signature, over: request.signedBytes, point: point)
    {
    case .valid: return
    case .pointNotOnCurve: throw .publicKeyNotOnCurve()
    case .invalidSignature: throw .possessionNotProven()
    }
  }

  /// C3-116-2: the request is signed by the private key of the RSA key.
  static func checkPossession(
    of request: CertificationRequest, _ key: RSAPublicKey
  ) throws(Refusal) {
    guard PublicKey.rsa(key).isValid(request.signature, over: request.signedBytes) else {
      throw .possessionNotProven()
    }
  }

  private static func refusal(
    _ problem: SubjectPublicKeyInfo.Problem, _ kind: RequestKind
  ) -> Refusal {
    switch problem {
    case .algorithm(let found): .publicKeyAlgorithm(kind, found: "\(found)")
    case .curve(let found): .publicKeyCurve(found: "\(found)")
    case .unnamedCurve: .publicKeyCurve(found: "no curve by name")
    case .compressedPoint: .publicKeyCompressed()
    case .malformedPoint(let count): .publicKeyForm(kind, found: "\(count) octets")
    case .parameters: .publicKeyForm(kind, found: "parameters of another algorithm")
    case .malformedKey: .publicKeyForm(kind, found: "a key that does not fill whole octets")
    }
  }
}
