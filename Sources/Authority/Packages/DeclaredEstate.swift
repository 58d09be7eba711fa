// SPDX-License-Identifier: Apache-2.0

package import DER
package import JSON
package import SEC

/// An estate as the files of ceremonies name it: what it is, and the policy of its DCCKI.
package struct DeclaredEstate: Hashable, Sendable {
  /// The estate.
  package let estate: Estate
  /// The policy identifier of DCCKI certificates; without one the estate has no DCCKI.
  package let dcckiPolicy: ObjectIdentifier?

  /// An estate with its DCCKI policy.
  package init(_ estate: Estate, dcckiPolicy: ObjectIdentifier?) {
    self.estate = estate
    self.dcckiPolicy = dcckiPolicy
  }

  /// Reads the member `estate` of a file.
  ///
  /// - Throws: `JSONError`.
  package init(_ members: Members) throws(JSONError) {
    var members = members
    func identifier(_ name: String) throws(JSONError) -> ObjectIdentifier {
      try members.word(name, { ObjectIdentifier($0) }, expected: "an object identifier")
    }
    let expected = "1 to 32 letters, digits and hyphens"
    let name = try members.word("name", { Self.isName($0) ? $0 : nil }, expected: expected)
    let kind = try members.word(
      "kind", Estate.Kind.init(rawValue:), expected: "test or live")
    estate = Estate(
      kind: kind, name: name, devicePolicy: try identifier("device-policy"),
      organisationPolicy: try identifier("organisation-policy"),
      ikiPolicy: try identifier("iki-policy"))
    let hasDCCKI = members.names.contains("dccki-policy")
    dcckiPolicy = hasDCCKI ? try identifier("dccki-policy") : nil
    try members.end()
    let all = [estate.devicePolicy, estate.organisationPolicy, estate.ikiPolicy] + own
    guard Set(all).count == all.count else {
      throw JSONError(
        .wrongValue, at: members.place, expected: "a policy identifier of its own for each PKI",
        found: "one that stands twice")
    }
  }

  private var own: [ObjectIdentifier] { [dcckiPolicy].compactMap(\.self) }

  /// Whether a text can name an estate.
  package static func isName(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
      }
  }

  /// The member as files have it.
  package var json: JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(estate.name), "kind": .string(estate.kind.rawValue),
      "device-policy": .string(estate.devicePolicy.description),
      "organisation-policy": .string(estate.organisationPolicy.description),
      "iki-policy": .string(estate.ikiPolicy.description),
    ]
    if let dcckiPolicy { members["dccki-policy"] = .string(dcckiPolicy.description) }
    return .object(members)
  }
}
