// SPDX-License-Identifier: Apache-2.0

package import X509

/// GBCS-12.1-10, GBCS-12.1-7: what a certificate says of the authority that signs it.
package struct Issuer: Hashable, Sendable {
  /// The subject of the authority's certificate, octet by octet.
  package let name: Name
  /// The subject key identifier of the authority's certificate.
  package let keyIdentifier: KeyIdentifier

  /// An authority by its name and key identifier.
  package init(name: Name, keyIdentifier: KeyIdentifier) {
    self.name = name
    self.keyIdentifier = keyIdentifier
  }

  /// The authority whose certificate this is; nil when it has no subject key identifier.
  package init?(_ certificate: Certificate) {
    guard let keyIdentifier = certificate.subjectKeyIdentifier else { return nil }
    self.init(name: certificate.subject, keyIdentifier: keyIdentifier)
  }
}
