// SPDX-License-Identifier: Apache-2.0

import DER
package import SEC
package import X509

/// ICP-subject: whom an IKI Certificate names, a system or a person of an organisation.
package struct IKISubject: Hashable, Sendable {
  /// RFC 5280, appendix A.1, ub-organization-name and ub-common-name: the most characters.
  package static let nameCharactersMax = 64

  /// The trading name, in O.
  package let organisation: String
  /// The Remote Party Role Code, in OU.
  package let role: RoleCode
  /// The name of the system, unique among those of its party (M8-AppG-iki-csr), in CN.
  package let commonName: String

  /// A system or person of an organisation.
  ///
  /// - Throws: `system-name`.
  package init(organisation: String, role: RoleCode, commonName: String) throws(Refusal) {
    try Self.check(organisation, field: "organizationName")
    try Self.check(commonName, field: "commonName")
    self.organisation = organisation
    self.role = role
    self.commonName = commonName
  }

  /// Reads a name: O, OU and CN, each once and in its own RDN, in any order.
  ///
  /// - Throws: `subject-form`, `role-code-form`, `system-name`.
  package init(_ name: Name) throws(Refusal) {
    let types = name.relativeNames.map { $0.map(\.type) }
    let required: Set<[ObjectIdentifier]> = [
      [.organisationName], [.organisationalUnitName], [.commonName],
    ]
    guard types.count == required.count, Set(types) == required,
      let organisation = name.organisation, let commonName = name.commonName
    else {
      throw .subjectForm(
        .iki, expected: "organizationName, organizationalUnitName, commonName",
        found: name.isEmpty ? "an empty subject" : "\(name)")
    }
    guard let text = name.organisationalUnit, let role = RoleCode(hex: text) else {
      throw .roleCodeForm(.iki, found: name.organisationalUnit ?? "no character string")
    }
    try self.init(organisation: organisation, role: role, commonName: commonName)
  }

  /// The subject as certificates have it: O, OU, CN as UTF8Strings.
  package var name: Name {
    let attributes = [
      Name.Attribute.organisation(organisation), .organisationalUnit(role.hex),
      .commonName(commonName),
    ]
    return Name(attributes.compactMap(\.self))
  }

  private static func check(_ text: String, field: String) throws(Refusal) {
    guard (1...nameCharactersMax).contains(text.unicodeScalars.count),
      CharacterString(text, .utf8) != nil
    else { throw .systemName(field: field, found: "\(text.unicodeScalars.count) characters") }
  }
}
