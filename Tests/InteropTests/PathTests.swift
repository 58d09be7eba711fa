// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Profiles
import Testing

@Suite("OpenSSL follows our chains under the policy, and no others")
struct PathTests {
  let specimens: Specimens
  let place: Workplace

  init() throws {
    specimens = try Specimens.shared.get()
    place = try Workplace()
  }

  /// What `openssl verify` says of a kind under an anchor, with every authority at hand.
  private func verify(
    _ kind: String, under root: AuthorityKind, policy: String, without: AuthorityKind? = nil
  ) throws -> Workplace.Ending {
    let issuing = AuthorityKind.allCases.filter { !$0.isRoot && $0 != without }
    return try place.openssl(
      "verify", "-x509_strict", "-check_ss_sig", "-policy_check", "-explicit_policy", "-policy",
      policy, "-no-CApath", "-no-CAstore",
      "-CAfile", place.write("root.pem", [specimens[root.rawValue]]),
      "-untrusted", place.write("issuing.pem", issuing.map { try specimens[$0.rawValue] }),
      place.write("end.pem", [specimens[kind]]))
  }

  @Test(
    "a subscriber's certificate is good under its root and its policy",
    .clause("RFC5280-6.1", "C3-74-1", "DCP-annex-B-policies", "OCP-annex-B-policies"),
    arguments: Specimens.endEntities)
  func accepts(kind: String) throws {
    let hierarchy = try specimens.hierarchy(of: kind)
    let ending = try verify(
      kind, under: .root(of: hierarchy), policy: specimens.policy(of: hierarchy))
    #expect(ending.isGood, "\(ending.said)")
  }

  @Test(
    "it is refused under the root of another hierarchy", .clause("RFC5280-6.1"),
    arguments: Specimens.endEntities)
  func refusesOtherRoot(kind: String) throws {
    let hierarchy = try specimens.hierarchy(of: kind)
    for other in AuthorityKind.Hierarchy.allCases where other != hierarchy {
      let ending = try verify(
        kind, under: .root(of: other), policy: specimens.policy(of: hierarchy))
      #expect(!ending.isGood, "under \(other)")
      #expect(ending.said.contains("error 20 at 1 depth"), "\(ending.said)")
    }
  }

  @Test(
    "it is refused under another policy",
    .clause("DCP-annex-B-policies", "OCP-annex-B-policies"), arguments: Specimens.endEntities)
  func refusesOtherPolicy(kind: String) throws {
    let hierarchy = try specimens.hierarchy(of: kind)
    for other in AuthorityKind.Hierarchy.allCases where other != hierarchy {
      let ending = try verify(
        kind, under: .root(of: hierarchy), policy: specimens.policy(of: other))
      #expect(!ending.isGood, "under the policy of \(other)")
      #expect(ending.said.contains("no explicit policy"), "\(ending.said)")
    }
  }

  @Test("it is refused without its issuing authority", arguments: Specimens.endEntities)
  func needsIssuer(kind: String) throws {
    let hierarchy = try specimens.hierarchy(of: kind)
    let ending = try verify(
      kind, under: .root(of: hierarchy), policy: specimens.policy(of: hierarchy),
      without: .issuing(of: hierarchy))
    #expect(!ending.isGood)
    #expect(ending.said.contains("error 20 at 0 depth"), "\(ending.said)")
  }

  @Test("no subscriber's certificate can stand above another")
  func endEntitiesAreNoAuthorities() throws {
    for kind in Specimens.endEntities {
      let ending = try place.openssl(
        "x509", "-noout", "-purpose", "-in", place.write("end.pem", [specimens[kind]]))
      #expect(ending.isGood)
      // "Any Purpose" is said of every certificate.
      let roles = ending.said.split(separator: "\n")
        .filter { $0.contains(" CA : ") && !$0.hasPrefix("Any Purpose") }
      #expect(!roles.isEmpty && roles.allSatisfy { $0.hasSuffix("No") }, "\(kind): \(roles)")
    }
  }
}
