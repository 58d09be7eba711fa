// SPDX-License-Identifier: Apache-2.0

import DER
package import SEC
package import X509

/// The name of a certification authority that is to be made.
///
/// DCP-annex-B-issuing-subject, DCP-annex-B-root-subject: a DCA has a common name of at most four
/// characters and nothing else. OCP-annex-B-issuing-subject, OCP-annex-B-root-subject: an OCA has
/// its role as OU before that, 07 or 00. The names of the IKI and DCCKI are ours: common name only,
/// and in the DCCKI its name as OU before that, which tells the two apart.
package struct AuthorityName: Hashable, Sendable {
  /// Annex B of both policies: the most characters of a DCA's or OCA's common name.
  package static let commonNameCharactersMax = 4
  /// RFC 5280, appendix A.1, ub-common-name: the most characters of any other common name.
  package static let ikiCommonNameCharactersMax = 64

  /// What stands in the OU of an authority of the DCCKI.
  package static let dcckiUnit = "DCCKI"

  /// Which authority it names.
  package let kind: AuthorityKind
  /// The characters of a PrintableString.
  package let commonName: String
  /// The name as certificates have it.
  package let name: Name

  /// A new authority's name in an estate.
  ///
  /// - Throws: `authority-name-form`; `authority-name-estate` unless common names begin with T
  ///   exactly in a test estate (OCP-annex-B-test-names, C3-84-2).
  package init(_ commonName: String, for kind: AuthorityKind, in estate: Estate) throws(Refusal) {
    let countMax =
      kind.hierarchy.isRSA ? Self.ikiCommonNameCharactersMax : Self.commonNameCharactersMax
    guard (1...countMax).contains(commonName.utf8.count),
      let attribute = Name.Attribute.commonName(commonName, .printable)
    else { throw .authorityNameForm(kind, countMax: countMax, found: commonName) }
    guard commonName.hasPrefix("T") == (estate.kind == .test) else {
      throw .authorityNameEstate(estate.kind, found: commonName)
    }
    self.kind = kind
    self.commonName = commonName
    let unit = kind.role?.hex ?? (kind.hierarchy == .dccki ? Self.dcckiUnit : nil)
    let role = unit.flatMap { Name.Attribute.organisationalUnit($0, .printable) }
    name = Name([role, attribute].compactMap(\.self))
  }
}
