// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Profiles
import Records
import Repository
import SEC
import Service

extension Command {
  static let policyBegin = Command(
    name: "policy begin", summary: "bring a version of a certificate policy into force",
    notes: """
      Every certificate is recorded under the version in force when it was issued. The policies of \
      Devices and of Organisations must be lodged before: smki document lodge.
      """,
    options: [
      .required(
        "--hierarchy", "NAME", "whose policy", words: Hierarchy.allCases.map(\.rawValue)),
      .required("--version", "VERSION", "the version as the document names it"),
      .value(
        "--since", "TIME", "from when on, as 2027-01-01T00:00:00Z; a second from now without it"),
      .required("--evidence", "TEXT", "the decision of the SMKI PMA"),
    ],
    example: "smki policy begin --hierarchy device --version 2.0 --evidence 'PMA 12'"
  ) { invocation in
    try invocation.perform(
      BeginPolicyVersion(
        hierarchy: invocation.required("--hierarchy"), version: invocation.required("--version"),
        since: invocation.time("--since")?.rfc3339, evidence: invocation.required("--evidence")))
  }

  static let policyList = Command(
    name: "policy list", summary: "list the versions of the certificate policies",
    options: [], example: "smki policy list"
  ) { invocation in
    let opening = try Opening(invocation)
    let rows = try PolicyRow.all(in: opening.records, at: opening.now())
    try invocation.show(rows) {
      Table(
        headings: ["hierarchy", "since", "version", "in force", "lodged"],
        rows: rows.map { row in
          [
            row.hierarchy, row.since, row.version, row.isInForce ? "yes" : "-",
            row.isLodged.map { $0 ? "yes" : "no" } ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }
}

/// A version of a policy in one line.
struct PolicyRow: Encodable {
  let hierarchy: String
  let since: String
  let version: String
  let isInForce: Bool
  /// Whether the Repository holds it; nil for a policy that has no place there.
  let isLodged: Bool?

  /// Every version, with what the Repository has of it.
  static func all(in records: Records, at moment: Time) throws -> [PolicyRow] {
    let documents = try Library(records: records).documents()
    let all = try PolicyVersions(records: records).all()
    return all.map { policy in
      let latest = all.last { $0.hierarchy == policy.hierarchy && $0.since <= moment }
      let isLodged = PolicyVersions.document(policy.hierarchy).map { kind in
        documents.contains {
          $0.kind == kind
            && "\(PolicyVersions.name(policy.hierarchy)) \($0.version)" == policy.version
        }
      }
      return PolicyRow(
        hierarchy: policy.hierarchy.rawValue, since: policy.since.rfc3339,
        version: policy.version, isInForce: policy == latest, isLodged: isLodged)
    }
  }
}
