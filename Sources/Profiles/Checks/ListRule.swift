// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
package import SEC
package import X509

/// One rule on revocation lists; each has a file of its own beside this one.
struct ListRule: Sendable {
  /// The name of the rule, lower case with hyphens.
  let id: String
  /// The field that it looks at.
  let field: String
  /// Where it comes from; nil for the clause of the profile.
  let clause: Clause?
  /// What is wrong, or nil.
  let check: @Sendable (ExaminedList) -> Rule.Mismatch?

  init(
    _ id: String, field: String, clause: Clause?,
    check: @escaping @Sendable (ExaminedList) -> Rule.Mismatch?
  ) {
    self.id = id
    self.field = field
    self.clause = clause
    self.check = check
  }

  func finding(_ examined: ExaminedList) -> Finding? {
    check(examined).map {
      Finding(
        rule: id, clause: clause ?? examined.profileClause, field: field, expected: $0.expected,
        found: $0.found)
    }
  }

  /// Every rule, in the order of the fields of a list.
  static let all: [ListRule] = [
    .signatureAlgorithm, .times, .entries, .authorityKeyIdentifier, .number, .extensions,
    .issuer, .signature,
  ]
}

/// A list that is looked at, with what the rules need to know about it.
struct ExaminedList {
  let list: RevocationList
  let lint: Lint
  /// The entries that were not looked at before.
  let newEntries: RevokedCertificates
  /// The known authorities that are called as the issuer is and have the key that is named.
  let issuers: [Certificate]

  init(list: RevocationList, lint: Lint, knowing known: RevokedCertificates) {
    self.list = list
    self.lint = lint
    newEntries = list.tbs.entries.rest(after: known) ?? list.tbs.entries
    issuers = lint.authorities.filter {
      $0.subject == list.issuer && $0.subjectKeyIdentifier == list.authorityKeyIdentifier
    }
  }

  /// What the issuer is, or nil when it is not known.
  var authority: AuthorityKind? {
    issuers.first.flatMap { CertificateKind($0).authorityKind }
  }

  /// OCP-annex-B-crl, OCP-annex-B-arl: the clause of the profile that the list follows.
  var profileClause: Clause {
    authority?.isRoot == true ? "OCP-annex-B-arl" : "OCP-annex-B-crl"
  }
}

extension Lint {
  /// What is wrong with a revocation list, in the order of the rules; nothing when all is well.
  ///
  /// - Parameters:
  ///   - list: the list.
  ///   - known: entries that were looked at before, with which this list may begin.
  /// - Returns: the findings.
  package func findings(
    list: RevocationList, knowing known: RevokedCertificates = .none
  ) -> [Finding] {
    let examined = ExaminedList(list: list, lint: self, knowing: known)
    return ListRule.all.compactMap { $0.finding(examined) }
  }

  /// OCP-annex-B-crl: refuses a list that departs from its profile, by the first finding.
  ///
  /// - Throws: `departs-from-profile`.
  package func check(
    list: RevocationList, knowing known: RevokedCertificates = .none
  ) throws(Refusal) {
    if let first = findings(list: list, knowing: known).first { throw .departsFromProfile(first) }
  }
}
