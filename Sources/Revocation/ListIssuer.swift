// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
package import Profiles
package import Records
import Repository
import SEC
package import X509

/// An authority that issues a list of what it has revoked.
package struct ListIssuer: Hashable, Sendable {
  /// Its number among the issuing authorities; nil for a root, whose lists are signed offline.
  package let authority: Int?
  package let kind: AuthorityKind
  package let certificate: Certificate
  /// Its key identifier, 16 upper-case hexadecimal digits.
  package let id: String

  /// What its lists speak of.
  package var listKind: RevocationListKind { RevocationListKind(kind) }

  /// Its common name.
  package var name: String { certificate.subject.commonName ?? "\(certificate.subject)" }

  /// C3-118-3: every authority that issues lists: those of all other hierarchies, in the
  /// order of their numbers, roots first; none of the device hierarchy.
  ///
  /// An issuing authority that waits in stock has issued nothing and has no list; the first of a
  /// hierarchy has one from the beginning.
  package static func all(in reading: some Querying) throws -> [ListIssuer] {
    let authorities = try AuthorityRecords.all(in: reading).filter { $0.hierarchy != .device }
    var issuers: [ListIssuer] = []
    for authority in authorities {
      guard let identifier = authority.certificate.authorityKeyIdentifier,
        !issuers.contains(where: { $0.id == identifier.description })
      else { continue }
      let roots = try Repository.certificates(keyIdentifier: identifier.octets, in: reading)
      for root in roots where root.kind == authority.hierarchy.authorityClass {
        let certificate = try Certificate(parsing: root.der)
        guard let kind = CertificateKind(certificate).authorityKind, kind.isRoot else { continue }
        issuers.append(
          ListIssuer(
            authority: nil, kind: kind, certificate: certificate, id: identifier.description))
      }
    }
    var begun: Set<Hierarchy> = []
    for authority in authorities {
      let isFirst = begun.insert(authority.hierarchy).inserted
      guard isFirst || authority.state != .stock,
        let identifier = authority.certificate.subjectKeyIdentifier,
        let kind = CertificateKind(authority.certificate).authorityKind
      else { continue }
      issuers.append(
        ListIssuer(
          authority: authority.id, kind: kind, certificate: authority.certificate,
          id: identifier.description))
    }
    return issuers
  }
}
