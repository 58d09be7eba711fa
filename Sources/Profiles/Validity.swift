// SPDX-License-Identifier: Apache-2.0

package import DER

/// GBCS-12.1-11: from when to when a certificate is valid, both moments included.
package struct Validity: Hashable, Sendable {
  /// The first moment, a whole second: the time of issue.
  package let notBefore: Time
  /// The last moment, a whole second.
  package let notAfter: Time

  /// From one moment to another, which may not be earlier; milliseconds are dropped.
  package init(notBefore: Time, notAfter: Time) {
    precondition(notBefore <= notAfter, "a validity does not end before it begins")
    self.notBefore = notBefore.wholeSecond
    self.notAfter = notAfter.wholeSecond
  }

  /// OCP-annex-B-validity: calendar years that end one second before the anniversary.
  package init(from notBefore: Time, years: Int) {
    precondition(years > 0, "a validity has at least a year")
    let start = notBefore.wholeSecond
    self.init(notBefore: start, notAfter: start.adding(years: years).adding(seconds: -1))
  }

  /// DCP-annex-B-not-after: without a well-defined end (RFC 5280, 4.1.2.5).
  package init(withoutEndFrom notBefore: Time) {
    self.init(notBefore: notBefore, notAfter: .noWellDefinedExpiry)
  }
}

/// How many calendar years certificates are valid that end (`Validity.init(from:years:)`).
///
/// Configuration and not constants: only two of the figures could be seen in real certificates.
package struct Lifetimes: Hashable, Sendable {
  /// OCP-annex-B-validity: an Organisation Certificate.
  package var organisation = 10
  /// OCP-annex-B-issuing-validity: an Issuing OCA.
  package var issuingOCA = 25
  /// OCP-annex-B-root-validity: a Root OCA.
  package var rootOCA = 50
  /// ICP-validity: an IKI Certificate; no source gives the figure.
  package var iki = 10
  /// ICP-validity: an issuing authority of the IKI; no source gives the figure.
  package var issuingIKI = 15
  /// ICP-validity: a root of the IKI; no source gives the figure.
  package var rootIKI = 25
  /// A TLS certificate of the DCCKI; no source gives the figure.
  package var dccki = 2
  /// An issuing authority of the DCCKI; no source gives the figure.
  package var issuingDCCKI = 15
  /// A root of the DCCKI; no source gives the figure.
  package var rootDCCKI = 25

  /// The figures as far as they are known.
  package init() {}
}
