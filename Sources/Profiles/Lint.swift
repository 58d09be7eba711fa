// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC
package import X509

/// One way in which a certificate or request departs from its profile.
package struct Finding: Hashable, Sendable {
  /// The rule that was broken, lower case with hyphens; its file lies in `Checks`.
  package let rule: String
  /// Where the rule comes from.
  package let clause: Clause
  /// The field that is meant.
  package let field: String
  /// What the rule asks for.
  package let expected: String
  /// What was there instead.
  package let found: String
}

extension Finding: CustomStringConvertible {
  /// One line for people.
  package var description: String {
    "\(rule) [\(clause)] \(field): expected \(expected); found \(found)"
  }
}

/// Holds certificates and requests against their profiles (GBCS-12.1 and Annex B of the policies).
///
/// It finds everything that is wrong, where the builders and request checks stop at the first
/// thing. No rule looks at who the subject or the issuer is.
package struct Lint: Sendable {
  /// Certificates of authorities that are known; without any, the rules on the issuer are silent.
  package let authorities: [Certificate]
  /// The policy identifiers of the estate; nil when any will do.
  package let policies: Set<ObjectIdentifier>?
  /// How long certificates are valid.
  package let lifetimes: Lifetimes
  /// When lists come.
  package let listTimes: ListTimes

  /// A linter that knows these authorities and policies.
  package init(
    authorities: [Certificate] = [], policies: Set<ObjectIdentifier>? = nil,
    lifetimes: Lifetimes = Lifetimes(), listTimes: ListTimes = ListTimes()
  ) {
    self.authorities = authorities
    self.policies = policies
    self.lifetimes = lifetimes
    self.listTimes = listTimes
  }

  /// A linter for what an estate issues.
  package init(
    estate: Estate, authorities: [Certificate] = [], lifetimes: Lifetimes = Lifetimes(),
    listTimes: ListTimes = ListTimes()
  ) {
    self.init(
      authorities: authorities,
      policies: [estate.devicePolicy, estate.organisationPolicy, estate.ikiPolicy],
      lifetimes: lifetimes, listTimes: listTimes)
  }

  /// What is wrong with a certificate, in the order of the rules; nothing when all is well.
  package func findings(certificate: Certificate) -> [Finding] {
    let examined = Examined(certificate: certificate, lint: self)
    return Rule.all.compactMap { $0.finding(examined) }
  }

  /// What is wrong with a certificate by itself.
  package static func findings(certificate: Certificate) -> [Finding] {
    Lint().findings(certificate: certificate)
  }

  /// GBCS-12.1: refuses a certificate that departs from its profile, by the first finding.
  ///
  /// For use before anything is lodged: what is refused here is a fault of ours.
  ///
  /// - Throws: `departs-from-profile`.
  package func check(certificate: Certificate) throws(Refusal) {
    if let first = findings(certificate: certificate).first { throw .departsFromProfile(first) }
  }

  /// GBCS-12.1, C3-115-2: refuses what is about to be signed where it departs from its profile, by
  /// the first finding; every rule but that on the signature is asked.
  ///
  /// - Throws: `departs-from-profile`.
  package func check(
    toBeSigned: [UInt8], algorithm: AlgorithmIdentifier
  ) throws(Refusal) {
    let unsigned = Certificate.assemble(tbs: toBeSigned, algorithm: algorithm, signature: [0])
    let certificate: Certificate
    do {
      certificate = try Certificate(parsing: unsigned)
    } catch {
      throw .departsFromProfile(
        Finding(
          rule: "form", clause: "GBCS-12.1-1", field: "tbsCertificate",
          expected: "a certificate in DER", found: "\(error)"))
    }
    let examined = Examined(certificate: certificate, lint: self)
    for rule in Rule.all where rule.id != Rule.issuerSignature.id {
      if let finding = rule.finding(examined) { throw .departsFromProfile(finding) }
    }
  }

  /// What is wrong with the form of a request, in the order of its parts.
  ///
  /// The rule of a finding is the code of the refusal that the request would meet. Whether the
  /// point lies on the curve and the signature verifies is looked at too.
  package static func findings(request: CertificationRequest, as kind: RequestKind) -> [Finding] {
    RequestPart.allCases.compactMap { $0.finding(request, kind) }
  }

  /// What is wrong with the form of a request, its kind recognised from the request itself: RSA is
  /// for the IKI, an empty subject or a subjectAltName for a device, else it is an organisation's.
  package static func findings(request: CertificationRequest) -> [Finding] {
    let kind: RequestKind =
      switch request.subjectPublicKeyInfo.key {
      case .rsa: .iki
      case .p256, .ed25519, .unsupported:
        request.subject.isEmpty || request.extensions[.subjectAltName] != nil
          ? .device : .organisation
      }
    return findings(request: request, as: kind)
  }
}
