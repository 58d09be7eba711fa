// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension ListRule {
  /// OCP-annex-B-crl: ECDSA with SHA-256; RSA with SHA-256 in the IKI.
  static let signatureAlgorithm = ListRule(
    "list-signature-algorithm", field: "signature", clause: nil,
    check: { examined in
      let expected: AlgorithmIdentifier =
        switch examined.authority?.hierarchy {
        case .iki, .dccki: .sha256WithRSA
        case .device, .organisation: .ecdsaWithSHA256
        case nil:
          examined.list.signatureAlgorithm == .sha256WithRSA ? .sha256WithRSA : .ecdsaWithSHA256
        }
      let found = examined.list.signatureAlgorithm
      guard found != expected else { return nil }
      return Rule.Mismatch(expected: "\(expected.algorithm)", found: "\(found.algorithm)")
    })
}
