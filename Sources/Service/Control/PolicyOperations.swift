// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Profiles
package import SEC

/// C3-112: brings a version of a certificate policy into force, as the SMKI PMA has decided.
package struct BeginPolicyVersion: ControlRequest {
  /// Seconds until a version is in force for which nobody says when: what nodes whose clocks differ
  /// are issuing meanwhile names the one before.
  package static let leadSeconds: Int64 = 1

  /// The hierarchy, the version as the document names it, since when (RFC 3339; nil for as soon as
  /// can be), and the decision.
  package let hierarchy: String
  package let version: String
  package let since: String?
  package let evidence: String

  package static let name = "policy-begin"
  package static let role = Actor.Role.operatorOfSystem

  /// A version to be brought into force.
  package init(hierarchy: String, version: String, since: String?, evidence: String) {
    self.hierarchy = hierarchy
    self.version = version
    self.since = since
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let moment = node.clock()
    let since =
      try since.map { try Control.moment($0, "since") }
      ?? moment.adding(seconds: Self.leadSeconds)
    try PolicyVersions(records: node.records).begin(
      version, of: Control.word(hierarchy, Hierarchy.init, "hierarchy"), since: since,
      evidence: evidence, at: moment, by: officer)
    return Done(by: officer)
  }
}
