// SPDX-License-Identifier: Apache-2.0

import SEC
import X509

extension Rule {
  /// DCP-annex-B-subject-alt-name: critical, one hardwareModuleName with an EUI-64 (RFC4108-5);
  /// for a server its names; for all others absent.
  ///
  /// Also: RFC5280-4.1.2.6, RFC5280-4.2.1.6.
  static let subjectAlternativeName = Rule(
    "subject-alternative-name", field: "subjectAltName", clause: clauseOfAlternativeName,
    check: { examined in
      let entry = examined.tbs.extensions[.subjectAltName]
      switch examined.kind {
      case .organisation, .authority, .iki:
        return entry == nil ? nil : Mismatch(expected: "none", found: "the extension")
      case .server, .dccki:
        return entry == nil ? Mismatch(expected: "the server's names", found: "none") : nil
      case .device:
        let expected = "critical, one hardwareModuleName with a serial number of 8 octets"
        guard let entry else { return Mismatch(expected: expected, found: "none") }
        guard entry.isCritical else { return Mismatch(expected: expected, found: "not critical") }
        guard let names = try? entry.value(as: SubjectAltName.self).names, names.count == 1,
          case .hardwareModule(let name) = names[0]
        else { return Mismatch(expected: expected, found: "other names") }
        guard name.serialNumber.count == 8 else {
          return Mismatch(expected: expected, found: "\(name.serialNumber.count) octets")
        }
        return nil
      }
    })

  @Sendable private static func clauseOfAlternativeName(_ kind: CertificateKind) -> Clause {
    switch kind {
    case .device: "DCP-annex-B-subject-alt-name"
    case .organisation: "OCP-annex-B-no-others"
    case .authority, .iki, .server, .dccki: "RFC5280-4.2.1.6"
    }
  }
}
