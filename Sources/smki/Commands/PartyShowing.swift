// SPDX-License-Identifier: Apache-2.0

import DER
import Enrolment
import EntryTesting
import Parties
import Records
import Registration
import SEC
import Service

extension Command {
  static let partyList = Command(
    name: "party list", summary: "list the parties", example: "smki party list"
  ) { invocation in
    let opening = try Opening(invocation)
    let now = try opening.now()
    let rows = try opening.registration.register.parties().map {
      try PartyRow($0, opening, at: now)
    }
    try invocation.show(rows) {
      Table(
        headings: ["party", "name", "roles", "policies", "suspended"],
        rows: rows.map {
          [
            $0.party, $0.name, $0.roles.joined(separator: ", "),
            $0.policies.joined(separator: ", "), $0.suspendedSince ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }

  static let partyShow = Command(
    name: "party show", summary: "show everything that the register has of a party",
    operands: [Operand(name: "PARTY", summary: "identifier of the party")],
    example: "smki party show example-gas"
  ) { invocation in
    let opening = try Opening(invocation)
    guard let party = try opening.registration.register.party(invocation.operands[0]) else {
      throw Refusal.partyUnknown(invocation.operands[0])
    }
    let row = try PartyRow(party, opening, at: opening.now())
    try invocation.show(row) {
      Table.pairs([
        ("party", row.party), ("name", row.name), ("category", row.category ?? "-"),
        ("acceded", row.since + (row.basis.map { ", \($0)" } ?? "")),
        ("left", row.left ?? "no"), ("nominated by", row.nominatedBy.joined(separator: ", ")),
        ("opted out", row.optedOut ? "yes" : "no"),
        ("roles", row.roles.joined(separator: ", ")),
        ("user entry", row.userEntry.joined(separator: "\n")),
        ("policies", row.policies.joined(separator: ", ")),
        ("entry tests", row.entryTests.joined(separator: "\n")),
        ("identifiers", row.ranges.joined(separator: "\n")),
        ("persons", row.persons.joined(separator: "\n")),
        ("agreements open", row.openAgreements.joined(separator: "\n")),
        ("suspended", row.suspendedSince ?? "no"),
        ("credentials", row.credentials.joined(separator: "\n")),
      ])
    }
    return .done
  }
}

/// A party as the register has it.
private struct PartyRow: Encodable {
  let party: String
  let name: String
  let since: String
  let category: String?
  let basis: String?
  let left: String?
  let nominatedBy: [String]
  let optedOut: Bool
  let userEntry: [String]
  let persons: [String]
  let openAgreements: [String]
  let roles: [String]
  let policies: [String]
  let entryTests: [String]
  let ranges: [String]
  let suspendedSince: String?
  let credentials: [String]

  init(_ party: Party, _ opening: Opening, at now: Time) throws {
    let registration = opening.registration
    self.party = party.id
    name = party.name
    since = party.since.rfc3339
    roles = party.roles.map(\.rawValue).sorted()
    policies = try registration.policies(of: party.id).map(\.rawValue).sorted()
    entryTests = try EntryTestPurpose.allCases.compactMap { purpose in
      try registration.entryTests.completion(of: purpose, by: party.id).map {
        "\(purpose.rawValue): \($0.evidence), \($0.confirmed.rfc3339), \($0.confirmedBy)"
      }
    }
    ranges = try registration.register.ranges().filter { $0.party == party.id }.map {
      let roles = $0.userRoles.map(\.rawValue).sorted().joined(separator: ", ")
      return "\($0.identifiers.lowerBound) to \($0.identifiers.upperBound) as \($0.role.name)"
        + (roles.isEmpty ? "" : " for \(roles)")
    }
    let membership = try registration.register.membership(of: party.id)
    category = membership?.category.rawValue
    basis = membership.map { $0.isLicensed ? "licence" : "voluntary" }
    left = membership?.left?.rfc3339
    nominatedBy = membership?.nominators ?? []
    optedOut = membership?.hasOptedOut ?? false
    userEntry = try registration.register.userEntries(of: party.id)
      .map { "\($0.rawValue) \($1.rfc3339)" }.sorted()
    persons = try registration.enrolment.persons(of: party.id)
      .filter { $0.isActive(at: now) }.map { "\($0.id), \($0.role.rawValue)" }
    openAgreements = try opening.records.read { reading in
      try AgreementKind.allCases.compactMap { kind in
        try Enrolment.openAgreement(kind, of: party.id, at: now, in: reading).map {
          "\($0.kind.rawValue), version \($0.version)"
        }
      }
    }
    suspendedSince = try registration.register.suspension(of: party.id, at: now)?.from.rfc3339
    credentials = try registration.credentials().filter { $0.party == party.id }.map {
      "\($0.interface.rawValue): \($0.name), \($0.serial)"
        + ($0.person.map { " of \($0)" } ?? "")
        + ($0.revoked.map { ", revoked \($0.rfc3339)" } ?? "")
    }
  }
}
