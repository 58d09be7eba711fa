// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension Rule {
  /// The end of the validity is the one that the profile gives.
  ///
  /// DCP-annex-B-not-after: no well-defined expiry in the device hierarchy. OCP-annex-B-validity:
  /// whole calendar years less one second in the organisation hierarchy. ICP-validity: no longer.
  static let validity = Rule(
    "validity", field: "validity.notAfter", clause: clauseOfValidity,
    check: { examined in
      let notBefore = examined.tbs.notBefore
      let notAfter = examined.tbs.notAfter
      let lifetimes = examined.lint.lifetimes
      switch examined.kind {
      case .device, .authority(.rootDCA), .authority(.issuingDCA):
        return exactly(.noWellDefinedExpiry, notAfter)
      case .organisation: return years(lifetimes.organisation, notBefore, notAfter)
      case .authority(.rootOCA): return years(lifetimes.rootOCA, notBefore, notAfter)
      case .authority(.issuingOCA): return years(lifetimes.issuingOCA, notBefore, notAfter)
      case .authority(.rootIKI): return atMost(lifetimes.rootIKI, notBefore, notAfter)
      case .authority(.issuingIKI): return atMost(lifetimes.issuingIKI, notBefore, notAfter)
      case .iki: return atMost(lifetimes.iki, notBefore, notAfter)
      case .authority(.rootDCCKI): return atMost(lifetimes.rootDCCKI, notBefore, notAfter)
      case .authority(.issuingDCCKI):
        return atMost(lifetimes.issuingDCCKI, notBefore, notAfter)
      case .dccki: return atMost(lifetimes.dccki, notBefore, notAfter)
      case .server:
        return notBefore <= notAfter
          ? nil : Mismatch(expected: "an end after the beginning", found: notAfter.rfc3339)
      }
    })

  @Sendable private static func clauseOfValidity(_ kind: CertificateKind) -> Clause {
    switch kind {
    case .device: "DCP-annex-B-not-after"
    case .organisation: "OCP-annex-B-validity"
    case .authority(.rootDCA): "DCP-annex-B-root-validity"
    case .authority(.issuingDCA): "DCP-annex-B-issuing-validity"
    case .authority(.rootOCA): "OCP-annex-B-root-validity"
    case .authority(.issuingOCA): "OCP-annex-B-issuing-validity"
    case .authority, .iki: "ICP-validity"
    case .server, .dccki: "RFC5280-4.1.2.5"
    }
  }

  private static func exactly(_ expected: Time, _ found: Time) -> Mismatch? {
    found == expected ? nil : Mismatch(expected: expected.rfc3339, found: found.rfc3339)
  }

  private static func years(_ count: Int, _ notBefore: Time, _ notAfter: Time) -> Mismatch? {
    exactly(Validity(from: notBefore, years: count).notAfter, notAfter)
  }

  private static func atMost(_ count: Int, _ notBefore: Time, _ notAfter: Time) -> Mismatch? {
    let last = notBefore.adding(years: count)
    guard notAfter < notBefore || notAfter > last else { return nil }
    return Mismatch(expected: "no later than \(last.rfc3339)", found: notAfter.rfc3339)
  }
}
