// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// GBCS-12.1-3, DCP-annex-B-signature, RFC5758-3.2: ECDSA with SHA-256 and no parameters;
  /// ICP-signature: RSA with SHA-256.
  static let signatureAlgorithm = Rule(
    "signature-algorithm", field: "signature",
    clause: { $0.isRSA ? "ICP-signature" : "GBCS-12.1-3" },
    check: { examined in
      let expected: AlgorithmIdentifier = examined.kind.isRSA ? .sha256WithRSA : .ecdsaWithSHA256
      let found = examined.tbs.signatureAlgorithm
      guard found != expected else { return nil }
      return Mismatch(expected: text(expected), found: text(found))
    })

  private static func text(_ algorithm: AlgorithmIdentifier) -> String {
    guard let parameters = algorithm.parameters else {
      return "\(algorithm.algorithm) without parameters"
    }
    return "\(algorithm.algorithm) with parameters \(Hex.encode(parameters))"
  }
}
