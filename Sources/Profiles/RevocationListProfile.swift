// SPDX-License-Identifier: Apache-2.0

package import DER
package import X509

/// How long lists stand and how often they come (C3-124-2, C3-124-3).
///
/// Configuration and not constants: the sources give the periods, not what nextUpdate says.
package struct ListTimes: Hashable, Sendable {
  /// C3-124-2: the hours after which a list of certificates comes again at the latest.
  package var certificatesEveryHours = 12
  /// OCP-annex-B-crl: the hours from thisUpdate to nextUpdate of a list of certificates.
  package var certificatesStandHours = 48
  /// C3-124-3: the months after which a list of authorities comes again at the latest.
  package var authoritiesEveryMonths = 12
  /// OCP-annex-B-arl: the months from thisUpdate to nextUpdate of a list of authorities.
  package var authoritiesStandMonths = 12

  /// The figures as far as they are known.
  package init() {}

  /// When a list that was made at a moment says that the next one comes.
  package func nextUpdate(of kind: RevocationListKind, after moment: Time) -> Time {
    switch kind {
    case .certificates: moment.wholeSecond.adding(seconds: Int64(certificatesStandHours) * 3600)
    case .authorities: moment.wholeSecond.adding(months: authoritiesStandMonths)
    }
  }

  /// When the next list is made after one that was made at a moment.
  package func due(of kind: RevocationListKind, after moment: Time) -> Time {
    switch kind {
    case .certificates: moment.wholeSecond.adding(seconds: Int64(certificatesEveryHours) * 3600)
    case .authorities: moment.wholeSecond.adding(months: authoritiesEveryMonths)
    }
  }
}

/// Whom a list speaks of (C3-124).
package enum RevocationListKind: String, Hashable, Sendable, CaseIterable {
  /// Certificates of end entities, by an issuing authority: the CRL.
  case certificates = "crl"
  /// Certificates of issuing authorities, by their root: the ARL.
  case authorities = "arl"

  /// What an authority of a kind signs.
  package init(_ authority: AuthorityKind) {
    self = authority.isRoot ? .authorities : .certificates
  }
}

/// OCP-annex-B-crl, OCP-annex-B-arl: what the lists of an authority say.
///
/// Version 2, authorityKeyIdentifier and cRLNumber and nothing else, since a list speaks of
/// everything that its issuer issued; entries with serial number, time and a reason where one is
/// given.
package struct RevocationListProfile: Sendable {
  /// Who signs.
  package let issuer: Issuer
  /// How.
  package let algorithm: AlgorithmIdentifier
  /// Whom its lists speak of.
  package let kind: RevocationListKind
  /// When they come.
  package let times: ListTimes

  /// The lists of an authority.
  package init(issuer: Issuer, authority: AuthorityKind, times: ListTimes = ListTimes()) {
    self.issuer = issuer
    algorithm = authority.hierarchy.isRSA ? .sha256WithRSA : .ecdsaWithSHA256
    kind = RevocationListKind(authority)
    self.times = times
  }

  /// A list that is to be signed.
  ///
  /// - Parameters:
  ///   - number: its number, above that of the list before.
  ///   - moment: when it is made.
  ///   - entries: what was revoked until then.
  /// - Returns: the values; `encoded` gives the octets to sign.
  package func toBeSigned(
    number: Integer, at moment: Time, entries: RevokedCertificates
  ) -> TBSRevocationList {
    TBSRevocationList(
      signatureAlgorithm: algorithm, issuer: issuer.name, thisUpdate: moment,
      nextUpdate: times.nextUpdate(of: kind, after: moment), entries: entries,
      extensions: [
        Extension(AuthorityKeyIdentifier(issuer.keyIdentifier), isCritical: false),
        Extension(CRLNumber(number), isCritical: false),
      ])
  }
}
