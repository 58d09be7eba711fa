// SPDX-License-Identifier: Apache-2.0

package import Keys
package import Profiles
package import SEC
package import X509

/// A request for the certificate of an issuing authority, by whoever holds its key on line.
package struct AuthorityRequest: Sendable {
  /// The key that is to be certified.
  package let publicKey: PublicKey

  /// Checks a request against the name of the authority that it shall be.
  ///
  /// - Throws: `authority-request`, `possession-not-proven`.
  package init(_ request: CertificationRequest, for name: AuthorityName) throws(Refusal) {
    guard request.subject == name.name else {
      throw .authorityRequest(
        "subject", expected: "\(name.name)", found: "\(request.subject)")
    }
    let expected = name.kind.hierarchy.isRSA ? "RSA of 2048 bits" : "a point of P-256"
    guard let key = try? request.subjectPublicKeyInfo.publicKey() else {
      throw .authorityRequest("subjectPublicKey", expected: expected, found: "another key")
    }
    let isOfKind =
      switch key {
      case .p256: !name.kind.hierarchy.isRSA
      case .rsa: name.kind.hierarchy.isRSA
      case .ed25519: false
      }
    guard isOfKind else {
      throw .authorityRequest("subjectPublicKey", expected: expected, found: "another key")
    }
    guard key.isValid(request.signature, over: request.signedBytes) else {
      throw .possessionNotProven()
    }
    publicKey = key
  }

  /// PKCS#10 in DER, signed by the key that it is for.
  ///
  /// - Throws: what the key throws.
  package static func make(
    _ subject: Name, _ key: any SigningKey, extensions: [Extension] = []
  ) throws -> [UInt8] {
    guard let information = SubjectPublicKeyInfo(key.publicKey) else {
      throw KeyError(.unsupportedKey, "a key that no certificate holds")
    }
    let info = CertificationRequest.info(
      subject: subject, subjectPublicKeyInfo: information,
      attributes: extensions.isEmpty ? [] : [.extensionRequest(extensions)])
    return CertificationRequest.assemble(
      info: info, algorithm: AlgorithmIdentifier(signingWith: key.publicKey),
      signature: try key.sign(info))
  }

  /// The label of the key of an issuing authority in the on-line place.
  package static func keyLabel(_ name: String) -> String {
    "issuing-" + name.lowercased().split(separator: " ").joined(separator: "-")
  }
}
