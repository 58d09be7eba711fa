// SPDX-License-Identifier: Apache-2.0

import Parties
import Registration
import SEC

extension Command {
  static let eligibility = Command(
    name: "eligibility",
    summary: "print who may ask for which certificate: role by kind and status of device",
    notes: """
      A line for each role and kind of device, a column for each status in the inventory: a letter \
      where a party in that role is an Eligible Subscriber (L3.16), a point where it is not. The \
      letters are the rows of the register that grant it. Below stands which categories may \
      subscribe for Device and for Organisation Certificates (L3.18, C3-80-org, C3-129).
      """,
    options: [
      .value("--role", "ROLE", "only this role", words: UserRole.allCases.map(\.rawValue)),
      .value("--type", "TYPE", "only this kind", words: DeviceType.allCases.map(\.rawValue)),
    ], example: "smki eligibility --role gas-supplier"
  ) { invocation in
    let role = invocation.value("--role")
    let type = invocation.value("--type")
    let roles = UserRole.allCases.filter { role == nil || role == $0.rawValue }
    let types = DeviceType.allCases.filter { type == nil || type == $0.rawValue }
    let rows = roles.flatMap { role in types.map { EligibilityRow(role, $0) } }
    try invocation.show(rows) { text(rows) }
    return .done
  }

  /// No line is wider than 80 columns.
  private static func text(_ rows: [EligibilityRow]) -> String {
    let grants = EligibleSubscriber.deviceCertificates
    let statuses = SMIStatus.allCases
    let headings = ["role", "device"] + statuses.indices.map { "\($0 + 1)" }
    let table = Table(
      headings: headings,
      rows: rows.map { row in
        [row.role, row.type]
          + row.cells.map { clause in
            clause.flatMap { clause in grants.firstIndex { $0.clause.id == clause } }
              .map { String(UnicodeScalar(UInt8(ascii: "a") + UInt8($0))) } ?? "."
          }
      })
    let columns = statuses.enumerated().map { "\($0 + 1) \($1.rawValue)" }
    let letters = grants.enumerated().map { index, grant in
      "\(UnicodeScalar(UInt8(ascii: "a") + UInt8(index))) \(grant.clause)"
    }
    let categories = Table(
      headings: ["category", "Device", "Organisation"],
      rows: PartyCategory.allCases.map {
        [
          $0.rawValue, $0.subscribesForDevices ? "yes" : ".",
          $0.subscribesForOrganisation ? "yes" : ".",
        ]
      })
    return [
      table.text(), Table.wrapped(columns.joined(separator: ", ")),
      Table.wrapped(letters.joined(separator: ", ")), categories.text(),
    ].joined(separator: "\n\n")
  }
}

/// The statuses in which a role may ask for a kind of device.
private struct EligibilityRow: Encodable {
  let role: String
  let type: String
  let statuses: [String]
  let clauses: [String]
  /// For each status, in order, the row that grants it, or nil.
  let cells: [String?]

  init(_ role: UserRole, _ type: DeviceType) {
    self.role = role.rawValue
    self.type = type.rawValue
    let grants = SMIStatus.allCases.map {
      EligibleSubscriber.grant(to: [role], for: DeviceStanding(type: type, status: $0))
    }
    cells = grants.map { $0?.clause.id }
    statuses = zip(SMIStatus.allCases, grants).filter { $1 != nil }.map(\.0.rawValue)
    clauses = Set(grants.compactMap { $0?.clause.id }).sorted()
  }
}
