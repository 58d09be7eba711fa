// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import Keys
import Profiles
import SEC
import Testing
import X509

@Suite("What departs from a profile is found by the command")
struct ProfileDoorTests {
  private func check(_ departures: [Departure]) throws {
    let specimens = try Specimens.shared.get()
    let kinds = Array(Set(departures.map(\.kind)))
    let good = try LintDoor.lint(
      kinds.map { kind in
        let certificate = try specimens[kind]
        return try Departure.sign(certificate.tbs.encoded(), certificate.signatureAlgorithm)
      })
    let clean = Dictionary(uniqueKeysWithValues: zip(kinds, good))
    let found = try LintDoor.lint(departures.map { try $0.make() })
    for (departure, report) in zip(departures, found) where departure.clause != "C3-84-2" {
      let what = "\(departure.kind), \(departure.name)"
      #expect(report.clauses.contains(departure.clause), "\(what): \(report)")
      #expect(clean[departure.kind]?.clauses.contains(departure.clause) == false, "\(what)")
    }
  }

  @Test(
    "of devices",
    .clause(
      "GBCS-12.1", "GBCS-12.1-2", "GBCS-12.1-3", "GBCS-12.1-4", "GBCS-12.1-5", "GBCS-12.1-6",
      "GBCS-12.1-7", "GBCS-12.1-8", "GBCS-12.1-9", "GBCS-12.1-12", "DCP-annex-B-signature",
      "DCP-annex-B-issuer", "DCP-annex-B-not-after", "DCP-annex-B-subject", "DCP-annex-B-key",
      "DCP-annex-B-key-usage", "DCP-annex-B-subject-alt-name", "DCP-annex-B-policies",
      "DCP-annex-B-subject-key-id", "DCP-annex-B-authority-key-id", "DCP-annex-B-no-others",
      "RFC5280-4.1.2.6", "RFC5280-4.1.2.7", "RFC5280-4.2.1.1", "RFC5280-4.2.1.2", "RFC5280-4.2.1.3",
      "RFC5280-4.2.1.4", "RFC5280-4.2.1.6", "RFC5480-2.1.1", "RFC5480-2.2", "RFC5758-3.2",
      "RFC5759-3", "RFC4108-5", "C3-115-2"))
  func devices() throws { try check(Departure.devices) }

  @Test(
    "of organisations",
    .clause(
      "OCP-annex-B-signature", "OCP-annex-B-issuer", "OCP-annex-B-validity",
      "OCP-annex-B-subject-order", "OCP-annex-B-key", "OCP-annex-B-key-usage",
      "OCP-annex-B-policies", "OCP-annex-B-subject-key-id", "OCP-annex-B-authority-key-id",
      "OCP-annex-B-no-others"))
  func organisations() throws { try check(Departure.organisations) }

  @Test(
    "of systems",
    .clause(
      "ICP-serial", "ICP-signature", "ICP-subject", "ICP-key", "ICP-key-usage", "ICP-policies",
      "ICP-key-ids", "ICP-validity", "RFC5280-4.1.2.4", "RFC5280-4.2", "RFC5280-4.2.1.9"))
  func systems() throws { try check(Departure.systems) }

  @Test(
    "of authorities",
    .clause(
      "DCP-annex-B-issuing-subject", "DCP-annex-B-issuing-validity",
      "DCP-annex-B-issuing-key-usage", "DCP-annex-B-issuing-basic-constraints",
      "DCP-annex-B-issuing-policies", "DCP-annex-B-issuing-key-ids",
      "DCP-annex-B-root-validity", "DCP-annex-B-root-key-usage",
      "DCP-annex-B-root-basic-constraints", "DCP-annex-B-root-policies",
      "DCP-annex-B-root-key-ids", "OCP-annex-B-issuing-subject", "OCP-annex-B-issuing-validity",
      "OCP-annex-B-issuing-key-usage", "OCP-annex-B-issuing-basic-constraints",
      "OCP-annex-B-issuing-policies", "OCP-annex-B-issuing-key-ids", "OCP-annex-B-root-subject",
      "OCP-annex-B-root-validity", "OCP-annex-B-root-key-usage",
      "OCP-annex-B-root-basic-constraints", "OCP-annex-B-root-policies",
      "OCP-annex-B-root-key-ids", "OCP-annex-B-root-wrapped-apex-contingency-key", "RFC5934-9",
      "L10.6(c)(ii)"))
  func authorities() throws { try check(Departure.authorities) }

  @Test(
    "issuers are compared octet by octet, their keys and signatures looked at, and the policy",
    .clause(
      "GBCS-12.1-10", "RFC5280-6.1", "RFC5280-7.1", "DCP-annex-B-root-subject",
      "DCP-annex-B-authority-key-id", "C3-84-2", "ICP-policies", "OCP-annex-B-test-names"))
  func issuers() throws {
    let specimens = try Specimens.shared.get()
    let place = try Workplace()
    let certificate = try specimens["device-signing"]
    let known = try place.write(
      "known.pem", [specimens["issuing-dca"], specimens["root-dca"]])
    func made(_ change: (inout TBSCertificate) throws -> Void) throws -> [UInt8] {
      var tbs = certificate.tbs
      try change(&tbs)
      return try Departure.sign(tbs.encoded(), tbs.signatureAlgorithm)
    }
    let name = try #require(certificate.issuer.commonName)
    let reports = try LintDoor.lint(
      [
        certificate.encoded,
        made { $0.issuer = Name([try #require(.commonName(name, .utf8))]) },
        made { $0.issuer = Name([try #require(.commonName("T9", .printable))]) },
        made {
          $0.put(AuthorityKeyIdentifier(KeyIdentifier(methodTwoOf: [1])), critical: false)
        }, made { _ in }, made { $0.put(CertificatePolicies("1.2.3")) },
      ], "--authority", known, "--policy", specimens.policy(of: .device))
    #expect(reports[0].clauses == [])
    for (report, clause) in zip(
      reports.dropFirst(),
      ["GBCS-12.1-10", "RFC5280-6.1", "GBCS-12.1-7", "RFC5280-6.1", "C3-84-2"])
    {
      #expect(report.clauses.contains(clause), "\(report)")
    }
    // A system's certificate is of its own estate too.
    let systems = try LintDoor.lint(
      [specimens["iki"].encoded], "--policy", specimens.policy(of: .iki))
    let others = try LintDoor.lint([specimens["iki"].encoded], "--policy", "1.2.3")
    #expect(systems[0].clauses == [] && others[0].clauses == ["C3-84-2"])
    let root = try specimens["root-dca"]
    let forged = try LintDoor.lint([
      root.encoded, Departure.sign(root.tbs.encoded(), root.signatureAlgorithm),
    ])
    #expect(forged[0].clauses == [] && forged[1].clauses == ["RFC5280-6.1"])
  }
}
