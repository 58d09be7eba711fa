// SPDX-License-Identifier: Apache-2.0

import SEC
import X509

extension Rule {
  /// The subject has the attributes of the profile.
  ///
  /// DCP-annex-B-subject: empty for a device. OCP-annex-B-subject-order: CN, OU and EUI-64 for an
  /// organisation. ICP-subject: O, OU and CN. Authorities as their own issuer field would be.
  static let subjectName = Rule(
    "subject-name", field: "subject", clause: clauseOfSubject,
    check: { examined in
      let subject = examined.tbs.subject
      switch examined.kind {
      case .device:
        return subject.isEmpty ? nil : Mismatch(expected: "an empty subject", found: "\(subject)")
      case .organisation:
        return refusal { () throws(Refusal) in _ = try OrganisationSubject(subject) }
      case .iki, .dccki: return refusal { () throws(Refusal) in _ = try IKISubject(subject) }
      case .authority(.rootDCA), .authority(.issuingDCA): return mismatch(subject, roles: [])
      case .authority(.rootOCA): return mismatch(subject, roles: [.root])
      case .authority(.issuingOCA): return mismatch(subject, roles: [.issuingAuthority])
      case .authority(.rootIKI), .authority(.issuingIKI), .authority(.rootDCCKI),
        .authority(.issuingDCCKI):
        return subject.commonName == nil
          ? Mismatch(expected: "a commonName", found: "\(subject)") : nil
      case .server: return nil
      }
    })

  @Sendable private static func clauseOfSubject(_ kind: CertificateKind) -> Clause {
    switch kind {
    case .device: "DCP-annex-B-subject"
    case .organisation: "OCP-annex-B-subject-order"
    case .authority(let authority): authority.nameClause
    case .iki, .dccki: "ICP-subject"
    case .server: "RFC5280-4.1.2.6"
    }
  }

  private static func refusal(_ read: () throws(Refusal) -> Void) -> Mismatch? {
    do {
      try read()
      return nil
    } catch {
      return Mismatch(expected: error.expected, found: error.found)
    }
  }
}
