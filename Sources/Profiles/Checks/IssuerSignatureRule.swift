// SPDX-License-Identifier: Apache-2.0

import Keys
import SEC
import X509

extension Rule {
  /// RFC5280-6.1: the signature is one of the authority that the certificate names, or its own
  /// where it is self-issued.
  static let issuerSignature = Rule(
    "issuer-signature", field: "signatureValue", clause: { _ in "RFC5280-6.1" },
    check: { examined in
      let issuers = examined.isSelfIssued ? [examined.certificate] : examined.possibleIssuers ?? []
      guard !issuers.isEmpty,
        !issuers.contains(where: { verifies(examined.certificate, by: $0.tbs.subjectPublicKeyInfo) }
        )
      else { return nil }
      return Mismatch(
        expected: "a signature by \(examined.tbs.issuer)", found: "one that does not verify")
    })

  private static func verifies(
    _ certificate: Certificate, by key: SubjectPublicKeyInfo
  ) -> Bool {
    switch key.key {
    case .p256(let point):
      P256.verify(
        signature: certificate.signature, over: certificate.signedBytes, point: point) == .valid
    case .rsa(let modulus, let exponent):
      (try? RSAPublicKey(modulus: modulus, exponent: exponent)).map {
        PublicKey.rsa($0).isValid(certificate.signature, over: certificate.signedBytes)
      } ?? false
    case .ed25519, .unsupported: false
    }
  }
}
