// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Profiles
package import Records
package import Repository
package import SEC

/// C3-112: a version of a certificate policy, and since when it is in force.
package struct PolicyVersion: Hashable, Sendable {
  /// Whose certificates follow it.
  package let hierarchy: Hierarchy
  package let since: Time
  /// The policy with its version, as each chunk of certificates names it.
  package let version: String
}

/// C3-112: the versions of the certificate policies; every chunk names the one in force.
package struct PolicyVersions: Sendable {
  private let records: Records

  /// The versions that these records hold.
  package init(records: Records) {
    self.records = records
  }

  /// What a policy is called, without its version.
  package static func name(_ hierarchy: Hierarchy) -> String {
    switch hierarchy {
    case .device: "Device Certificate Policy"
    case .organisation: "Organisation Certificate Policy"
    case .iki: "IKI Certificate Policy"
    case .dccki: "DCCKI Certificate Policy"
    }
  }

  /// The kind of document that the Repository holds of it; nil where it holds none.
  package static func document(_ hierarchy: Hierarchy) -> DocumentKind? {
    switch hierarchy {
    case .device: .deviceCertificatePolicy
    case .organisation: .organisationCertificatePolicy
    case .iki, .dccki: nil
    }
  }

  /// Every version, by hierarchy and beginning.
  package func all() throws -> [PolicyVersion] {
    try records.read { try Self.all(in: $0) }
  }

  /// C3-112: brings a version into force from a moment on that is still to come, because what was
  /// issued at this moment names the one before; the policies of Devices and of Organisations are
  /// in the Repository by then.
  ///
  /// - Throws: `policy-version`, `policy-not-lodged`.
  package func begin(
    _ version: String, of hierarchy: Hierarchy, since: Time, evidence: String,
    at moment: Time, by actor: Actor
  ) throws {
    let named = "\(Self.name(hierarchy)) \(version)"
    let entry = Entry(
      actor, "policy-version-begun", clause: "C3-112", at: moment,
      facts: ["policy": named, "since": since.rfc3339, "evidence": evidence])
    try records.write(entry) { transaction in
      let last = try Self.all(in: transaction).last { $0.hierarchy == hierarchy }
      guard !version.isEmpty, !evidence.isEmpty, since > moment,
        last.map({ $0.since < since }) ?? true
      else { throw Refusal.policyVersion(version, since, after: last?.since, evidence) }
      if let kind = Self.document(hierarchy) {
        guard try Library.holds(kind, version: version, in: transaction) else {
          throw Refusal.policyNotLodged(kind, version)
        }
      }
      try transaction.keep(
        AuthorityRecords.policy,
        [
          .text(hierarchy.rawValue), .int(since.milliseconds), .text(named),
        ])
    }
  }

  private static func all(in reading: some Querying) throws -> [PolicyVersion] {
    try reading.query(
      "SELECT hierarchy, since, version FROM policy_version ORDER BY hierarchy, since"
    ).map { row in
      guard let hierarchy = Hierarchy(rawValue: try row.text("hierarchy")) else {
        throw DatabaseError.damaged("policy_version.hierarchy")
      }
      return PolicyVersion(
        hierarchy: hierarchy, since: try row.time("since"), version: try row.text("version"))
    }
  }
}
