// SPDX-License-Identifier: Apache-2.0

import DER
package import SEC
package import X509

/// OCP-annex-B-subject-order: whom an Organisation Certificate names.
package struct OrganisationSubject: Hashable, Sendable {
  /// OCP-annex-B-subject-cn: the most characters of the common name.
  package static let commonNameCharactersMax = 16

  /// 1 to 16 characters, or nil: suppliers' signing certificates have one.
  package let commonName: String?
  /// The Remote Party Role Code, in the OU.
  package let role: RoleCode
  /// The EUI-64 of the organisation in this role, in the X500UniqueIdentifier.
  package let identifier: EntityID

  /// An organisation in a role.
  ///
  /// - Throws: `common-name-length`.
  package init(commonName: String?, role: RoleCode, identifier: EntityID) throws(Refusal) {
    if let commonName {
      guard (1...Self.commonNameCharactersMax).contains(commonName.unicodeScalars.count),
        CharacterString(commonName, .utf8) != nil
      else { throw .commonNameLength(commonName.unicodeScalars.count) }
    }
    self.commonName = commonName
    self.role = role
    self.identifier = identifier
  }

  /// Reads a name: optional common name, OU, unique identifier, in this order and one to an RDN.
  ///
  /// Either kind of string is read, and either case of hexadecimal digits.
  ///
  /// - Throws: `subject-form`, `common-name-length`, `role-code-form`, `unique-identifier-form`.
  package init(_ name: Name) throws(Refusal) {
    let types = name.relativeNames.map { $0.map(\.type) }
    let required = [[ObjectIdentifier.organisationalUnitName], [.x500UniqueIdentifier]]
    guard types == required || types == [[.commonName]] + required else {
      throw .subjectForm(
        .organisation,
        expected: "optional commonName, organizationalUnitName, x500UniqueIdentifier",
        found: name.isEmpty ? "an empty subject" : "\(name)")
    }
    guard let text = name.organisationalUnit, let role = RoleCode(hex: text) else {
      throw .roleCodeForm(.organisation, found: name.organisationalUnit ?? "no character string")
    }
    guard let octets = name.uniqueIdentifier, let identifier = EntityID(octets: octets) else {
      throw .uniqueIdentifierForm(
        found: name.uniqueIdentifier.map { "\($0.count * 8) bits" }
          ?? "no bit string of whole octets")
    }
    let commonName = name.commonName
    guard types.count == 2 || commonName != nil else {
      throw .subjectForm(
        .organisation, expected: "a character string as commonName", found: "\(name)")
    }
    try self.init(commonName: commonName, role: role, identifier: identifier)
  }

  /// The subject as certificates have it: UTF8Strings and a BIT STRING.
  package var name: Name {
    let attributes = [
      commonName.flatMap { Name.Attribute.commonName($0) },
      Name.Attribute.organisationalUnit(role.hex),
      Name.Attribute.uniqueIdentifier(identifier.octets),
    ]
    return Name(attributes.compactMap(\.self))
  }
}
