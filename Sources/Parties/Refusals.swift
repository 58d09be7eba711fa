// SPDX-License-Identifier: Apache-2.0

import DER
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
      found: id, remedy: "Register it first: smki party add.")
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
}
