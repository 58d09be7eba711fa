// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

/// One rule on certificates.
///
/// Each has a file of its own beside this one.
struct Rule: Sendable {
  /// What is asked for and what was found.
  struct Mismatch {
    let expected: String
    let found: String
  }

  /// The name of the rule, lower case with hyphens.
  let id: String
  /// The field that it looks at.
  let field: String
  /// Where it comes from, for each kind of certificate.
  let clause: @Sendable (CertificateKind) -> Clause
  /// What is wrong, or nil.
  let check: @Sendable (Examined) -> Mismatch?

  init(
    _ id: String, field: String, clause: @escaping @Sendable (CertificateKind) -> Clause,
    check: @escaping @Sendable (Examined) -> Mismatch?
  ) {
    self.id = id
    self.field = field
    self.clause = clause
    self.check = check
  }

  func finding(_ examined: Examined) -> Finding? {
    check(examined).map {
      Finding(
        rule: id, clause: clause(examined.kind), field: field, expected: $0.expected,
        found: $0.found)
    }
  }

  /// Every rule, in the order of the fields of a certificate.
  static let all: [Rule] = [
    .serialNumber, .signatureAlgorithm, .issuerName, .validity, .subjectName, .publicKey,
    .keyUsage, .basicConstraints, .subjectAlternativeName, .extendedKeyUsage,
    .certificatePolicies, .estatePolicy, .subjectKeyIdentifier, .authorityKeyIdentifier,
    .wrappedApexContingencyKey, .extensions, .issuerKnown, .issuerEncoding,
    .issuerKeyIdentifier, .issuerSignature,
  ]
}

/// A certificate that is looked at, with what the rules need to know about it.
struct Examined {
  let certificate: Certificate
  let kind: CertificateKind
  let lint: Lint

  init(certificate: Certificate, lint: Lint) {
    self.certificate = certificate
    self.lint = lint
    kind = CertificateKind(certificate)
  }

  var tbs: TBSCertificate { certificate.tbs }

  /// Whether it says that it was issued by itself.
  var isSelfIssued: Bool { tbs.issuer == tbs.subject }

  /// The known authorities that are called as the issuer is, however the name is encoded; nil
  /// when there is no question, because none are known or it is itself an anchor.
  var possibleIssuers: [Certificate]? {
    guard !lint.authorities.isEmpty, !isSelfIssued, !lint.authorities.contains(certificate) else {
      return nil
    }
    return lint.authorities.filter { $0.subject.isCalled(as: tbs.issuer) }
  }
}

extension Name {
  /// RFC5280-7.1: whether two names say the same, whatever strings they are encoded in.
  func isCalled(as other: Name) -> Bool {
    relativeNames.count == other.relativeNames.count
      && zip(relativeNames, other.relativeNames).allSatisfy { mine, theirs in
        mine.count == theirs.count
          && zip(mine, theirs).allSatisfy { $0.type == $1.type && $0.value.says($1.value) }
      }
  }
}

extension Name.Value {
  fileprivate func says(_ other: Name.Value) -> Bool {
    switch (self, other) {
    case (.string(let mine), .string(let theirs)):
      mine.text.lowercased() == theirs.text.lowercased()
    case (.bits, _), (.string, _), (.other, _): self == other
    }
  }
}
