// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Profiles
import Registration
import SEC
import Service
import X509

extension Command {
  static let authorityList = Command(
    name: "authority list", summary: "list the issuing authorities: state, use, what is left",
    example: "smki authority list"
  ) { invocation in
    let now = SystemClock.now()
    let rows = try AuthorityRecords.all(in: Opening(invocation).records).map {
      AuthorityRow($0, at: now)
    }
    try invocation.show(rows) {
      Table(
        headings: ["id", "name", "hierarchy", "state", "signed", "left", "since", "ends"],
        rows: rows.map {
          [
            "\($0.id)", $0.name, $0.hierarchy, $0.state, "\($0.reserved)",
            $0.left.map { "\($0)" } ?? "no limit", $0.onLineSince ?? "-", $0.ends ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }

  static let eligibility = Command(
    name: "eligibility",
    summary: "print who may ask for Device Certificates: role by kind and status of device",
    notes: """
      One line for each role and kind of device: the statuses in the inventory in which a party \
      in that role is an Eligible Subscriber (L3.16), with the rows of the register that grant it.
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
    try invocation.show(rows) {
      Table(
        headings: ["role", "device", "statuses", "clauses"],
        rows: rows.map {
          [
            $0.role, $0.type,
            $0.statuses.count == SMIStatus.allCases.count
              ? "all" : $0.statuses.isEmpty ? "none" : $0.statuses.joined(separator: ", "),
            $0.clauses.joined(separator: ", "),
          ]
        }
      ).text()
    }
    return .done
  }
}

/// An issuing authority in one line.
private struct AuthorityRow: Encodable {
  let id: Int
  let name: String
  let hierarchy: String
  let state: String
  let reserved: Int64
  let left: Int64?
  let onLineSince: String?
  let ends: String?

  init(_ authority: IssuingAuthority, at moment: Time) {
    id = authority.id
    name = authority.certificate.subject.commonName ?? "\(authority.certificate.subject)"
    hierarchy = authority.hierarchy.rawValue
    state = authority.state.rawValue
    reserved = authority.reserved
    left = authority.volumeLeft(at: moment)
    onLineSince = authority.onLineSince?.rfc3339
    ends = authority.onLineSince.flatMap { authority.life.ends(onLineSince: $0) }?.rfc3339
  }
}

/// The statuses in which a role may ask for a kind of device.
private struct EligibilityRow: Encodable {
  let role: String
  let type: String
  let statuses: [String]
  let clauses: [String]

  init(_ role: UserRole, _ type: DeviceType) {
    self.role = role.rawValue
    self.type = type.rawValue
    var statuses: [String] = []
    var clauses: [String] = []
    for status in SMIStatus.allCases {
      let device = DeviceStanding(type: type, status: status)
      guard let grant = EligibleSubscriber.grant(to: [role], for: device) else { continue }
      statuses.append(status.rawValue)
      if !clauses.contains(grant.clause.id) { clauses.append(grant.clause.id) }
    }
    self.statuses = statuses
    self.clauses = clauses
  }
}
