// SPDX-License-Identifier: Apache-2.0

package import DER
package import X509

/// How long certificates are valid that end on a day (Device Certificates and the DCA have none).
///
/// Configuration and not constants: only two of the figures could be seen in real certificates.
package struct Lifetimes: Hashable, Sendable {
  /// OCP-annex-B-validity: calendar years of an Organisation Certificate.
  package var organisationYears = 10
  /// OCP-annex-B-issuing-oca: calendar years of an Issuing OCA, as issuing authority Z1 has it.
  package var issuingOCAYears = 25
  /// OCP-annex-B-root-oca: calendar years of a Root OCA.
  package var rootOCAYears = 50
  /// ICP-validity: calendar years of an IKI Certificate; no source gives the figure.
  package var ikiYears = 10
  /// ICP-validity: calendar years of an issuing authority of the IKI; no source gives the figure.
  package var issuingIKIYears = 15
  /// ICP-validity: calendar years of a root of the IKI; no source gives the figure.
  package var rootIKIYears = 25

  /// The figures as far as they are known.
  package init() {}

  /// From a moment to the second before its anniversary, as real certificates have it.
  package static func validity(from notBefore: Time, years: Int) -> Validity {
    let start = notBefore.wholeSecond
    return Validity(notBefore: start, notAfter: start.adding(years: years).adding(seconds: -1))
  }
}
