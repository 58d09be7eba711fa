// SPDX-License-Identifier: Apache-2.0

import DER
package import SEC
package import X509

/// The name of a certification authority of the device or organisation hierarchy.
///
/// DCP-annex-B-issuer-name: a DCA has a common name of at most four characters and nothing else.
/// OCP-annex-B-issuer-name: an OCA has its role as OU before that, 00 for a root, 07 otherwise.
package struct AuthorityName: Hashable, Sendable {
  /// Annex B of both policies: the most characters of the common name.
  package static let commonNameCharactersMax = 4

  /// 1 to 4 characters of a PrintableString.
  package let commonName: String
  /// The role in the OU, or nil for an authority of the device hierarchy.
  package let role: RoleCode?
  /// The name as a certificate has it.
  package let name: Name

  /// A new authority's name in an estate.
  ///
  /// - Throws: `authority-name-form`, `authority-name-estate`.
  package init(commonName: String, role: RoleCode?, in estate: Estate) throws(Refusal) {
    guard (1...Self.commonNameCharactersMax).contains(commonName.utf8.count),
      let string = CharacterString(commonName, .printable)
    else { throw .authorityNameForm(found: commonName) }
    guard commonName.hasPrefix(Self.testPrefix) == (estate.kind == .test) else {
      throw .authorityNameEstate(estate, found: commonName)
    }
    self.commonName = commonName
    self.role = role
    let roleString = role.flatMap { CharacterString($0.hex, .printable) }
    name = Name(
      [roleString.map { Name.Attribute(.organizationalUnitName, $0) }].compactMap(\.self)
        + [Name.Attribute(.commonName, string)])
  }

  /// C3-84-2: how the authorities of a test estate can be told by their names.
  private static let testPrefix = "T"
}
