// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// A party to the Code, or another person that may subscribe, in the roles it holds (C3-80).
package struct Party: Hashable, Sendable {
  /// The most characters of an identifier or a name: what fits a line of a report [assumed].
  package static let nameLengthMax = 64

  /// Short identifier of lower-case letters, digits and hyphens, such as `example-electricity`.
  package let id: String
  /// Trading name, the O of its IKI certificates (M8-AppG-iki-csr).
  package let name: String
  /// The roles that it holds.
  package let roles: Set<UserRole>
  /// When it became a party.
  package let since: Time

  /// A party whose identifier, name and roles have the shape that the register keeps.
  package init(id: String, name: String, roles: Set<UserRole>, since: Time) throws(Refusal) {
    let isIdentifier = id.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
    }
    guard (1...Self.nameLengthMax).contains(id.utf8.count), isIdentifier else {
      throw .partyIdentifier(id)
    }
    let isName = name.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
    guard (1...Self.nameLengthMax).contains(name.count), isName else { throw .partyName(name) }
    guard !roles.isEmpty else { throw .partyWithoutRole(id) }
    self.id = id
    self.name = name
    self.roles = roles
    self.since = since
  }

  /// The roles as the register writes them: their names, sorted, joined by commas.
  var roleText: String { roles.map(\.rawValue).sorted().joined(separator: ",") }

  /// Reads what `roleText` wrote.
  static func roles(_ text: String) -> Set<UserRole> {
    Set(text.split(separator: ",").compactMap { UserRole(rawValue: String($0)) })
  }
}
