// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// Every way in which the register of parties says no.
extension Refusal {
  /// M4-org-info-form: an identifier that the register cannot keep.
  package static func partyIdentifier(_ found: String) -> Refusal {
    Refusal(
      "party-identifier", clause: "M4-org-info-form", field: "party",
      expected: "1 to \(Party.nameLengthMax) lower-case letters, digits or hyphens",
      found: found.isEmpty ? "nothing" : "“\(found.prefix(80))”",
      remedy: "Choose a short identifier such as example-electricity.")
  }

  /// M4-org-info-form: a trading name that cannot stand in a certificate.
  package static func partyName(_ found: String) -> Refusal {
    Refusal(
      "party-name", clause: "M4-org-info-form", field: "name",
      expected: "1 to \(Party.nameLengthMax) characters without control characters",
      found: "\(found.count) characters", remedy: "Give the trading name as the form has it.")
  }

  /// C3-80: a party that holds no role may ask for nothing.
  package static func partyWithoutRole(_ id: String) -> Refusal {
    Refusal(
      "party-without-role", clause: "C3-80", field: "role", expected: "at least one role",
      found: "none for \(id)",
      remedy: "Name a role: " + UserRole.allCases.map(\.rawValue).joined(separator: ", ") + ".")
  }

  /// M4-org-info-form: two parties with one identifier.
  package static func partyExists(_ id: String) -> Refusal {
    Refusal(
      "party-exists", clause: "M4-org-info-form", field: "party", expected: "a new identifier",
      found: "\(id), which is registered", remedy: "Choose another identifier.")
  }

  /// C3-80: the party is not in the register.
  package static func partyUnknown(_ id: String) -> Refusal {
    Refusal(
      "party-unknown", clause: "C3-80", field: "party", expected: "a registered party",
      found: id, remedy: "See the register: smki party list.")
  }

  /// M4-org-info-form: a range whose end lies before its beginning.
  package static func rangeBackwards(_ first: EntityID, _ last: EntityID) -> Refusal {
    Refusal(
      "range-backwards", clause: "M4-org-info-form", field: "EUI-64",
      expected: "a first identifier not above the last", found: "\(first) to \(last)",
      remedy: "Swap the two ends.")
  }

  /// M4-org-info-form: ranges are continuous and do not overlap.
  package static func rangeTaken(_ range: EntityRange, by other: EntityRange) -> Refusal {
    Refusal(
      "range-taken", clause: "M4-org-info-form", field: "EUI-64",
      expected: "identifiers that no other range holds",
      found: "\(range.identifiers.lowerBound) to \(range.identifiers.upperBound), of which "
        + "\(other.party) holds some as \(other.role.name)",
      remedy: "Choose a range outside it, or the same identifiers in another role of the party.")
  }

  /// L2.15: a suspended party may ask for nothing until it is reinstated.
  package static func partySuspended(_ suspension: Suspension) -> Refusal {
    Refusal(
      "party-suspended", clause: "L2.15", field: "party", expected: "a party that is not suspended",
      found: "\(suspension.party), suspended since \(suspension.from.rfc3339) under "
        + "\(suspension.clause)",
      remedy: "Ask the SMKI PMA for reinstatement.")
  }

  /// L2.15: there is nothing to reinstate.
  package static func partyNotSuspended(_ id: String) -> Refusal {
    Refusal(
      "party-not-suspended", clause: "L2.15", field: "party", expected: "a suspended party",
      found: id, remedy: "Nothing has to be done.")
  }

  /// C3-G-user-role: a role that organisations of the category do not hold.
  package static func roleNotOfCategory(
    _ roles: Set<UserRole>, _ category: PartyCategory
  ) -> Refusal {
    Refusal(
      "role-not-of-category", clause: "C3-G-user-role", field: "user-roles",
      expected: "roles of a \(category.rawValue): "
        + category.roles.map(\.rawValue).sorted().joined(separator: ", "),
      found: roles.map(\.rawValue).sorted().joined(separator: ", "),
      remedy: "Correct the category or the roles of the form.")
  }

  /// C3-4: licensed Parties and those that accede of their own will are told apart.
  package static func basisNotOfCategory(
    _ category: PartyCategory, _ isLicensed: Bool
  ) -> Refusal {
    Refusal(
      "basis-not-of-category", clause: "C3-4", field: "basis",
      expected: category.isLicensed ? "licence" : "voluntary",
      found: "\(isLicensed ? "licence" : "voluntary") for a \(category.rawValue)",
      remedy: "Correct the basis or the category of the form.")
  }

  /// C3-G-rdp, C3-129: who is nominated names a nominator of the right kind, and nobody else does.
  package static func nominatorNeeded(
    _ category: PartyCategory, _ found: [String]
  ) -> Refusal {
    let roles = category.nominatorRoles.map(\.rawValue).sorted().joined(separator: ", ")
    return Refusal(
      "nominator", clause: "C3-G-rdp", field: "nominated-by",
      expected: roles.isEmpty
        ? "nobody for a \(category.rawValue)" : "registered parties that are \(roles)",
      found: found.isEmpty ? "nobody" : found.joined(separator: ", "),
      remedy: "Name the parties that nominate it, by their identifiers.")
  }

  /// M4-org-info-form-c: each range serves roles that the party holds.
  package static func rangeOfOtherRole(_ range: EntityRange) -> Refusal {
    Refusal(
      "range-of-other-role", clause: "M4-org-info-form-c", field: "identifiers",
      expected: "User Roles that \(range.party) holds",
      found: range.userRoles.map(\.rawValue).sorted().joined(separator: ", "),
      remedy: "Map each range to roles that the form names.")
  }

  /// M4-org-info-form-b: the identifiers of one User Role are one unbroken range.
  package static func rangeNotContinuous(
    _ range: EntityRange, after end: EntityID, _ role: UserRole
  ) -> Refusal {
    Refusal(
      "range-not-continuous", clause: "M4-org-info-form-b", field: "identifiers",
      expected: "a range that begins right after \(end), where that of \(role.rawValue) ends",
      found: "\(range.identifiers.lowerBound) to \(range.identifiers.upperBound)",
      remedy: "Choose identifiers without a gap.")
  }

  /// C3-4: who has left the Code asks for nothing.
  package static func partyHasLeft(_ id: String, _ left: Time) -> Refusal {
    Refusal(
      "party-has-left", clause: "C3-4", field: "party", expected: "a party to the Code",
      found: "\(id), which left \(left.rfc3339)", remedy: "Accede again under a new identifier.")
  }

  /// C3-G-dcc-user: the role is one of the party's.
  package static func roleNotHeld(_ party: String, _ role: UserRole) -> Refusal {
    Refusal(
      "role-not-held", clause: "C3-G-dcc-user", field: "role", expected: "a role of \(party)",
      found: role.rawValue, remedy: "See the roles of the party: smki party show \(party).")
  }

  /// C3-200-1: under option 1 agents send nothing.
  package static func agentOption(_ option: AgentOption) -> Refusal {
    Refusal(
      "agent-option", clause: "C3-200-1", field: "option",
      expected: "an estate in which supplier agents have access",
      found: "option \(option.rawValue)",
      remedy: "Have the Supplier send it.")
  }

  /// C3-205: what an agent may send is a short list.
  package static func agentRequest(_ number: String) -> Refusal {
    Refusal(
      "agent-request", clause: "C3-205", field: "request",
      expected: AgentRequest.all.map(\.number).joined(separator: ", "),
      found: "\(number.prefix(20))", remedy: "Have the Supplier send it.")
  }

  /// C3-200-3: diagnostics serve the Supplier of the meter, who has nominated the agent.
  package static func agentSupplier(_ supplier: String?, _ membership: Membership) -> Refusal {
    Refusal(
      "agent-supplier", clause: "C3-200-3", field: "supplier",
      expected: "the Supplier of the meter, who has nominated \(membership.party)",
      found: supplier ?? "none",
      remedy: "Have the Supplier of the meter nominate the agent: organisation-information.")
  }
}
