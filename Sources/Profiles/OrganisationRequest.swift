// SPDX-License-Identifier: Apache-2.0

import Keys
package import SEC
package import X509

/// A request for an Organisation Certificate whose form was checked (M8-AppF-organisation-csr).
///
/// C3-122-2: what departs from the profile is refused before anything is signed.
/// Whether the asker may act for the EUI-64 in this role is not looked at here.
package struct OrganisationRequest: Hashable, Sendable {
  /// The organisation in its role.
  package let subject: OrganisationSubject
  /// The one usage of the key.
  package let usage: CertificateUsage
  /// The public key, 65 octets from 04; `checkPossession` finds whether it lies on the curve.
  package let point: [UInt8]
  /// The request as it was received.
  package let request: CertificationRequest

  /// The public key as a certificate has it.
  package var key: SubjectPublicKeyInfo { request.subjectPublicKeyInfo }
  /// SHA-256 over the whole request: what makes two requests the same.
  package var requestHash: [UInt8] { Digest.sha256(request.encoded) }

  /// Reads and checks PKCS#10 in DER.
  ///
  /// - Throws: `malformed-request` and what the other initialiser throws.
  package init(parsing der: [UInt8]) throws(Refusal) {
    try self.init(try RequestForm.parse(der))
  }

  /// Checks a request.
  ///
  /// - Throws: `subject-form`, `common-name-length`, `common-name-not-in-profile`,
  ///   `role-code-form`, `unique-identifier-form` and, for the parts that it shares with a
  ///   device's request, what that throws.
  package init(_ request: CertificationRequest) throws(Refusal) {
    subject = try OrganisationSubject(request.subject)
    try RequestForm.checkAttributes(of: request, .organisation)
    usage = try RequestForm.usage(of: request, .organisation)
    try Self.checkCommonName(of: subject, usage)
    point = Array(try RequestForm.point(of: request, .organisation))
    try RequestForm.checkSignatureAlgorithm(of: request, .organisation)
    self.request = request
  }

  /// OCP-annex-B-subject-cn: a common name stands in the signing certificates of suppliers only.
  static func checkCommonName(
    of subject: OrganisationSubject, _ usage: CertificateUsage
  ) throws(Refusal) {
    guard subject.commonName == nil || (subject.role == .supplier && usage == .digitalSignature)
    else { throw .commonNameNotInProfile(subject.role, usage) }
  }

  /// OCP-possession: the request is signed by the private key of its public key.
  ///
  /// - Throws: `public-key-not-on-curve`, `possession-not-proven`.
  package func checkPossession() throws(Refusal) {
    try RequestForm.checkPossession(of: request, point[...])
  }
}
