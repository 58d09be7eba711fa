// SPDX-License-Identifier: Apache-2.0

/// GBCS-12.1: the one purpose of an end-entity certificate.
package enum CertificateUsage: String, Hashable, Sendable, CaseIterable {
  /// Digital signing, `DS` on the repository's interface.
  case digitalSignature = "DS"
  /// Key agreement, `KA` on the repository's interface.
  case keyAgreement = "KA"
}
