// SPDX-License-Identifier: Apache-2.0

import Keys
import SEC
import X509

extension Rule {
  /// GBCS-12.1-2, RFC5280-4.1.2.7, RFC5480-2.1.1, RFC5480-2.2: an uncompressed point on P-256;
  /// ICP-key: RSA of 2048 bits.
  ///
  /// Also: DCP-annex-B-key.
  static let publicKey = Rule(
    "public-key", field: "subjectPublicKeyInfo", clause: { $0.isRSA ? "ICP-key" : "GBCS-12.1-2" },
    check: { examined in
      let expected =
        examined.kind.isRSA ? "RSA of 2048 bits" : "an uncompressed point on P-256"
      switch (examined.tbs.subjectPublicKeyInfo.key, examined.kind.isRSA) {
      case (.p256(let point), false):
        if (try? P256PublicKey(uncompressed: point)) != nil { return nil }
        return Mismatch(expected: expected, found: "a point that is not on the curve")
      case (.rsa(let modulus, let exponent), true):
        if (try? RSAPublicKey(modulus: modulus, exponent: exponent)) != nil { return nil }
        return Mismatch(expected: expected, found: "an RSA key of \(modulus.count * 8) bits")
      case (.p256, true): return Mismatch(expected: expected, found: "a key on P-256")
      case (.rsa, false): return Mismatch(expected: expected, found: "an RSA key")
      case (.ed25519, _): return Mismatch(expected: expected, found: "an Ed25519 key")
      case (.unsupported(let problem), _):
        return Mismatch(expected: expected, found: "\(problem)")
      }
    })
}
